#ifndef CRE2_H
#define CRE2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The regular expressions of RE2 behind a C interface. Matching takes time in proportion to the text, whatever the
// pattern. Patterns and texts are UTF-8. No function throws.

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cre2_pattern cre2_pattern;

/// A run of bytes of the text that was searched; start is negative where a group did not take part.
typedef struct {
  ptrdiff_t start;
  ptrdiff_t length;
} cre2_span;

/// Compiles a pattern. Never gives null except when memory runs out; cre2_error tells whether it is usable.
cre2_pattern *cre2_compile(const uint8_t *pattern, size_t length);
void cre2_release(cre2_pattern *pattern);

/// Why a pattern is not usable, as text that lives as long as the pattern; null when it is.
const char *cre2_error(const cre2_pattern *pattern);

/// The number of capturing groups, without the whole match.
int cre2_group_count(const cre2_pattern *pattern);

/// Finds the first match that starts at `from` or later. Fills `spans`, the whole match first, where `count` is above 0.
bool cre2_search(
    const cre2_pattern *pattern, const uint8_t *text, size_t length, size_t from, cre2_span *spans, int count);

#ifdef __cplusplus
}
#endif

#endif
