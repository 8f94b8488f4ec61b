import CRE2
import Values

/// Functions of regular expressions, in RE2's syntax: matching takes time in proportion to the text, so that
/// a document cannot be written to hang.
enum RegularExpressions {
  static let functions: [ScalarFunction] = [
    ScalarFunction(
      "regexp_matches", .regularExpressions, "Whether a part of the text matches the pattern.",
      [
        .init(
          [text, pattern], result: .boolean,
          sql: { sql in sql.text(1) == nil ? nil : "regexp_matches(\(sql.list))" },
          kernel: oncePerText { operands, count, _ in
            let (texts, expressions) = (TextLane(operands[0]), Expressions(operands[1]))
            return try eachRow(operands, count, as: .boolean) { row -> UInt8? in
              try expressions[row].search(texts[row], from: 0, groups: 0) != nil ? 1 : 0
            }
          })
      ],
      examples: [
        Example("regexp_matches('cart_added', '^cart')", "true"),
        Example("regexp_matches('Cart', '(?i)^cart$')", "true"),
      ]),
    ScalarFunction(
      "regexp_extract", .regularExpressions,
      "The first part of the text that matches the pattern, or a group of it; null where there is none.",
      [
        .init(
          [text, pattern], result: .text,
          sql: { sql in
            guard sql.text(1) != nil else { return nil }
            // Without a match SQL gives an empty text.
            return "case when regexp_matches(\(sql.list)) then regexp_extract(\(sql.list)) end"
          },
          kernel: oncePerText { operands, count, _ in
            try extract(operands, count) { _ in 0 }
          }),
        .init(
          [text, pattern, Parameter("group", .integer)], result: .text,
          sql: { sql in
            // A group that takes no part in the match is null, which SQL does not tell from an empty one.
            guard let group = sql.integer(2), let pattern = sql.text(1), (0...9).contains(group),
              group == 0 || !pattern.contains(where: { "?*|{".contains($0) }),
              let compiled = try? RegularExpression(pattern), group <= compiled.groupCount
            else { return nil }
            let match = "\(sql[0]), \(sql[1])"
            return "case when regexp_matches(\(match)) then regexp_extract(\(match), \(group)) end"
          },
          kernel: oncePerText { operands, count, _ in
            let group = Lane<Int64>(operands[2])
            return try extract(operands, count) { group[$0] }
          }),
      ],
      examples: [
        Example("regexp_extract('order 1042', '[0-9]+')", "1042"),
        Example("regexp_extract('utm_source=mail', 'utm_(\\w+)=(\\w+)', 2)", "mail"),
      ]),
    ScalarFunction(
      "regexp_replace", .regularExpressions,
      "The text with each match of the pattern replaced; `\\1` in the replacement is the first "
        + "group, `\\0` the match.",
      [
        .init(
          [text, pattern, Parameter("replacement", .text)], result: .text,
          sql: { sql in
            guard sql.text(1) != nil, let replacement = sql.text(2), !replacement.contains("\\")
            else { return nil }
            return "regexp_replace(\(sql.list), 'g')"
          },
          kernel: oncePerText { operands, count, _ in
            let (texts, expressions) = (TextLane(operands[0]), Expressions(operands[1]))
            let replacements = TextLane(operands[2])
            return try eachText(operands, count) { row, buffer in
              try expressions[row].replace(in: texts[row], by: replacements[row], &buffer)
              return true
            }
          })
      ],
      examples: [
        Example("regexp_replace('a1b22', '[0-9]+', '#')", "a#b#"),
        Example("regexp_replace('Ada Lovelace', '(\\w+) (\\w+)', '\\2, \\1')", "Lovelace, Ada"),
      ]),
    ScalarFunction(
      "regexp_count", .regularExpressions,
      "How many parts of the text, which do not overlap, match the pattern.",
      [
        .init(
          [text, pattern], result: .integer,
          kernel: oncePerText { operands, count, _ in
            let (texts, expressions) = (TextLane(operands[0]), Expressions(operands[1]))
            return try eachRow(operands, count, as: .integer) { row -> Int64? in
              var found: Int64 = 0
              try expressions[row].eachMatch(in: texts[row], groups: 1) { _ in found += 1 }
              return found
            }
          })
      ], examples: [Example("regexp_count('a1b22', '[0-9]')", "3")]),
  ]

  private static let text = Parameter("text", .text)
  private static let pattern = Parameter("pattern", .text)

  private static func extract(_ operands: [Operand], _ count: Int, group: (Int) -> Int64) throws -> Column {
    let (texts, expressions) = (TextLane(operands[0]), Expressions(operands[1]))
    return try eachText(operands, count) { row, buffer in
      let expression = try expressions[row]
      let wanted = group(row)
      guard wanted >= 0, wanted <= expression.groupCount else {
        let groups = expression.groupCount == 1 ? "1 group" : "\(expression.groupCount) groups"
        throw EvaluationError("the pattern '\(expression.pattern)' has \(groups), not a group \(wanted)")
      }
      let match = expression.search(texts[row], from: 0, groups: Int(wanted) + 1)
      guard let range = match?[Int(wanted)] else { return false }
      buffer.append(contentsOf: texts[row][range])
      return true
    }
  }
}

/// The compiled patterns of an operand; a constant one is compiled once.
private final class Expressions {
  private let lane: TextLane
  private let isConstant: Bool
  private var last: (code: UInt32, expression: RegularExpression)?

  init(_ operand: Operand) {
    lane = TextLane(operand)
    isConstant = operand.isConstant
  }

  subscript(row: Int) -> RegularExpression {
    get throws {
      let code = lane.code(row)
      if let last, last.code == code { return last.expression }
      let expression = try RegularExpression(lane.text(row))
      last = (code, expression)
      return expression
    }
  }
}

/// A compiled regular expression.
final class RegularExpression: @unchecked Sendable {
  let pattern: String
  let groupCount: Int
  private let compiled: OpaquePointer

  init(_ pattern: String) throws {
    let bytes = Array(pattern.utf8)
    guard let compiled = cre2_compile(bytes, bytes.count) else {
      throw EvaluationError("the pattern '\(pattern)' takes too much memory")
    }
    self.pattern = pattern
    self.compiled = compiled
    groupCount = Int(max(0, cre2_group_count(compiled)))
    if let reason = cre2_error(compiled) {
      throw EvaluationError("'\(pattern)' is not a regular expression: \(String(cString: reason))")
    }
  }

  deinit { cre2_release(compiled) }

  /// The first match from an offset on: the places of the whole match and of its groups, as many as asked
  /// for.
  func search(_ text: UnsafeBufferPointer<UInt8>, from start: Int, groups: Int) -> [Range<Int>?]? {
    var spans = [cre2_span](repeating: cre2_span(), count: groups)
    guard cre2_search(compiled, text.baseAddress, text.count, start, &spans, Int32(groups)) else {
      return nil
    }
    return spans.map { $0.start < 0 ? nil : $0.start..<($0.start + $0.length) }
  }

  /// Visits all matches from left to right. An empty match does not follow another one directly.
  func eachMatch(
    in text: UnsafeBufferPointer<UInt8>, groups: Int, _ visit: ([Range<Int>?]) throws -> Void
  ) rethrows {
    var start = 0
    var lastEnd = -1
    while start <= text.count, let match = search(text, from: start, groups: max(1, groups)),
      let whole = match[0]
    {
      if whole.isEmpty, whole.lowerBound == lastEnd {
        start = RegularExpression.next(text, start)
        continue
      }
      try visit(match)
      lastEnd = whole.upperBound
      start = whole.isEmpty ? RegularExpression.next(text, whole.upperBound) : whole.upperBound
    }
  }

  /// Writes the text with all matches replaced.
  func replace(
    in text: UnsafeBufferPointer<UInt8>, by replacement: UnsafeBufferPointer<UInt8>, _ buffer: inout [UInt8]
  ) throws {
    var end = 0
    try eachMatch(in: text, groups: min(groupCount, 9) + 1) { match in
      guard let whole = match[0] else { return }
      buffer.append(contentsOf: text[end..<whole.lowerBound])
      try write(replacement, match, text, &buffer)
      if buffer.count > Text.longest { throw Text.tooLong() }
      end = whole.upperBound
    }
    buffer.append(contentsOf: text[end...])
  }

  private func write(
    _ replacement: UnsafeBufferPointer<UInt8>, _ match: [Range<Int>?], _ text: UnsafeBufferPointer<UInt8>,
    _ buffer: inout [UInt8]
  ) throws {
    var isEscaped = false
    for byte in replacement {
      guard isEscaped else {
        if byte == UInt8(ascii: "\\") { isEscaped = true } else { buffer.append(byte) }
        continue
      }
      isEscaped = false
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else {
        buffer.append(byte)
        continue
      }
      let group = Int(byte - UInt8(ascii: "0"))
      guard group < match.count else {
        throw EvaluationError("the pattern '\(pattern)' has no group \(group), which the replacement names")
      }
      if let range = match[group] { buffer.append(contentsOf: text[range]) }
    }
  }

  private static func next(_ text: UnsafeBufferPointer<UInt8>, _ place: Int) -> Int {
    var next = place + 1
    while next < text.count, text[next] & 0xC0 == 0x80 { next += 1 }
    return next
  }
}
