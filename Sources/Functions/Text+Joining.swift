import Values

/// Functions that look for texts in texts, and that make longer ones.
extension Text {
  // MARK: Searching

  static let searches: [ScalarFunction] = [
    ScalarFunction(
      "starts_with", .text, "Whether a text starts with another.",
      [
        boolean([x, Parameter("prefix", .text)], sql: { "starts_with(\($0.list))" }) { row, o in
          o.utf8(0, row).starts(with: o.utf8(1, row))
        }
      ],
      examples: [Example("starts_with('cart_added', 'cart')", "true")]),
    ScalarFunction(
      "ends_with", .text, "Whether a text ends with another.",
      [
        boolean([x, Parameter("suffix", .text)], sql: { "ends_with(\($0.list))" }) { row, o in
          let (text, suffix) = (o.utf8(0, row), o.utf8(1, row))
          return text.count >= suffix.count && text.suffix(suffix.count).elementsEqual(suffix)
        }
      ], examples: [Example("ends_with('cart_added', 'added')", "true")]),
    ScalarFunction(
      "contains", .text, "Whether a text contains another.",
      [
        boolean([x, Parameter("part", .text)], sql: { "contains(\($0.list))" }) { row, o in
          UTF8Text.find(o.utf8(1, row), in: o.utf8(0, row), from: 0) != nil
        }
      ], examples: [Example("contains('cart_added', '_')", "true")]),
    ScalarFunction(
      "strpos", .text, "The position, from 1, at which a text first contains another; 0 where it does not.",
      [
        integer([x, Parameter("part", .text)], sql: { "strpos(\($0.list))" }) { row, o in
          let text = o.utf8(0, row)
          guard let offset = UTF8Text.find(o.utf8(1, row), in: text, from: 0) else { return 0 }
          return Int64(UTF8Text.length(UnsafeBufferPointer(rebasing: text[..<offset]))) + 1
        }
      ], examples: [Example("strpos('café au lait', 'au')", "6"), Example("strpos('abc', 'x')", "0")]),
    ScalarFunction(
      "like", .text,
      "Whether a text has the form of a pattern, in which `%` stands for any characters and `_` for one; "
        + "a backslash takes the next character as it is.",
      [
        .init(
          [x, Parameter("pattern", .text)], result: .boolean,
          sql: { sql in
            guard let pattern = sql.text(1) else { return nil }
            guard pattern.contains("\\") else { return "\(sql[0]) like \(sql[1])" }
            // A backslash at the end would be refused.
            let isOpen = pattern.reversed().prefix { $0 == "\\" }.count % 2 == 1
            return "\(sql[0]) like \(SQLText.literal(pattern + (isOpen ? "\\" : ""))) escape '\\'"
          },
          kernel: oncePerText { operands, count, _ in
            let (text, pattern) = (TextLane(operands[0]), TextLane(operands[1]))
            let constant = operands[1].isConstant && !operands[1].isNull(0) ? LikePattern(pattern[0]) : nil
            return try eachRow(operands, count, as: .boolean) { row -> UInt8? in
              (constant ?? LikePattern(pattern[row])).matches(text[row]) ? 1 : 0
            }
          })
      ], examples: [Example("'cart_added' like 'cart%'", "true"), Example("'abc' like 'a_'", "false")]),
  ]

  // MARK: Joining

  /// A row's text may not be longer than this many bytes: `repeat` and `replace` could take all memory.
  static let longest = 16 << 20

  static func tooLong() -> EvaluationError {
    EvaluationError("a text has at most 16777216 bytes")
  }

  static let joins: [ScalarFunction] = [
    ScalarFunction(
      "||", .text, "Both texts, one after the other; null when one is null.",
      [
        text([Parameter("a", .text), Parameter("b", .text)], sql: { "\($0[0]) || \($0[1])" }) {
          row, o, buffer in
          buffer.append(contentsOf: o.utf8(0, row))
          buffer.append(contentsOf: o.utf8(1, row))
          if buffer.count > longest { throw tooLong() }
          return true
        }
      ], examples: [Example("'a' || 'b'", "ab")]),
    ScalarFunction(
      "concat", .text, "All texts, one after the other; nulls are left out.",
      [
        .init(
          [x], isVariadic: true, result: .text, sql: { "concat(\($0.list))" },
          kernel: oncePerText { operands, count, _ in
            let lanes = operands.map { TextLane($0) }
            return try eachText([], count) { row, buffer in
              for (position, lane) in lanes.enumerated() where !operands[position].isNull(row) {
                buffer.append(contentsOf: lane[row])
                if buffer.count > longest { throw tooLong() }
              }
              return true
            }
          })
      ], examples: [Example("concat('a', null, 'b')", "ab")]),
    ScalarFunction(
      "replace", .text, "The text with each occurrence of a part replaced.",
      [
        text(
          [x, Parameter("part", .text), Parameter("replacement", .text)], sql: { "replace(\($0.list))" }
        ) { row, o, buffer in
          let (text, part) = (o.utf8(0, row), o.utf8(1, row))
          var start = 0
          while !part.isEmpty, let match = UTF8Text.find(part, in: text, from: start) {
            buffer.append(contentsOf: text[start..<match])
            buffer.append(contentsOf: o.utf8(2, row))
            if buffer.count > longest { throw tooLong() }
            start = match + part.count
          }
          buffer.append(contentsOf: text[start...])
          return true
        }
      ], examples: [Example("replace('a-b-c', '-', '+')", "a+b+c")]),
    ScalarFunction(
      "repeat", .text, "The text so many times.",
      [
        text(
          [x, Parameter("count", .integer)],
          sql: { sql in
            guard let count = sql.integer(1), (0...Int64(longest)).contains(count) else { return nil }
            let isTooLong = "\(count) * strlen(\(sql[0])) > \(longest)"
            return "case when \(isTooLong) then \(SQLPiece.error(tooLong().message)) "
              + "else repeat(\(sql[0]), \(count)) end"
          }
        ) { row, o, buffer in
          let (text, count) = (o.utf8(0, row), o.integer(1, row))
          if count < 0 { throw EvaluationError("a text is repeated 0 or more times, not \(count)") }
          if Double(count) * Double(text.count) > Double(longest) { throw tooLong() }
          for _ in 0..<(text.isEmpty ? 0 : count) { buffer.append(contentsOf: text) }
          return true
        }
      ], examples: [Example("repeat('ab', 3)", "ababab")]),
    pad("lpad", "on the left", .left, Example("lpad('7', 3, '0')", "007")),
    pad("rpad", "on the right", .right, Example("rpad('ab', 4, '.')", "ab..")),
  ]

  private static func pad(_ name: String, _ place: String, _ side: Side, _ example: Example) -> ScalarFunction
  {
    ScalarFunction(
      name, .text,
      "The text filled up \(place) to so many characters, with blanks or a given text; a longer "
        + "one is cut at its end.",
      [
        text([x, Parameter("length", .integer)], sql: { padded(name, $0, fill: "' '") }) { row, o, buffer in
          try pad(o.utf8(0, row), to: o.integer(1, row), with: [32], side, &buffer)
          return true
        },
        text(
          [x, Parameter("length", .integer), Parameter("fill", .text)],
          sql: { sql in
            // Without something to fill up with, SQL refuses.
            guard let fill = sql.text(2), !fill.isEmpty else { return nil }
            return padded(name, sql, fill: sql[2])
          }
        ) { row, o, buffer in
          try pad(o.utf8(0, row), to: o.integer(1, row), with: Array(o.utf8(2, row)), side, &buffer)
          return true
        },
      ], examples: [example])
  }

  private static func padded(_ name: String, _ sql: SQLOperands, fill: String) -> String? {
    guard let length = sql.integer(1), length <= longest / 4 else { return nil }
    return "\(name)(\(sql[0]), \(max(0, length)), \(fill))"
  }

  private static func pad(
    _ text: UnsafeBufferPointer<UInt8>, to length: Int64, with fill: [UInt8], _ side: Side,
    _ buffer: inout [UInt8]
  ) throws {
    let missing = max(0, length) - Int64(UTF8Text.length(text))
    if missing > longest / 4 { throw tooLong() }
    guard missing > 0 else {
      buffer.append(contentsOf: text[..<UTF8Text.offset(text, ofCharacter: max(0, length))])
      return
    }
    var filling: [UInt8] = []
    if !fill.isEmpty {
      fill.withUnsafeBufferPointer { fill in
        let width = Int64(UTF8Text.length(fill))
        for _ in 0..<(missing / width) { filling.append(contentsOf: fill) }
        filling.append(contentsOf: fill[..<UTF8Text.offset(fill, ofCharacter: missing % width)])
      }
    }
    buffer.append(contentsOf: side == .left ? filling : [])
    buffer.append(contentsOf: text)
    buffer.append(contentsOf: side == .right ? filling : [])
  }
}
