#include "CRE2.h"

#include <new>
#include <vector>

#include <re2/re2.h>

struct cre2_pattern {
  explicit cre2_pattern(const re2::StringPiece &pattern, const re2::RE2::Options &options)
      : expression(pattern, options) {}

  re2::RE2 expression;
};

extern "C" {

cre2_pattern *cre2_compile(const uint8_t *pattern, size_t length) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  // Bounds what a pattern of a stranger may take: 8 MB for the program and its automata.
  options.set_max_mem(8 << 20);
  const auto *bytes = reinterpret_cast<const char *>(pattern);
  try {
    return new cre2_pattern(re2::StringPiece(bytes, length), options);
  } catch (...) {
    return nullptr;
  }
}

void cre2_release(cre2_pattern *pattern) { delete pattern; }

const char *cre2_error(const cre2_pattern *pattern) {
  return pattern->expression.ok() ? nullptr : pattern->expression.error().c_str();
}

int cre2_group_count(const cre2_pattern *pattern) { return pattern->expression.NumberOfCapturingGroups(); }

bool cre2_search(
    const cre2_pattern *pattern, const uint8_t *text, size_t length, size_t from, cre2_span *spans, int count) {
  const re2::StringPiece whole(reinterpret_cast<const char *>(text), length);
  try {
    std::vector<re2::StringPiece> groups(count);
    if (!pattern->expression.Match(whole, from, length, re2::RE2::UNANCHORED, groups.data(), count)) return false;
    for (int group = 0; group < count; group++) {
      const bool took_part = groups[group].data() != nullptr;
      spans[group].start = took_part ? groups[group].data() - whole.data() : -1;
      spans[group].length = took_part ? static_cast<ptrdiff_t>(groups[group].size()) : 0;
    }
    return true;
  } catch (...) {
    return false;
  }
}

}  // extern "C"
