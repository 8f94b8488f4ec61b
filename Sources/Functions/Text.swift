import Values

/// Functions of texts. Characters are Unicode code points; positions count from 1.
enum Text {
  static let functions: [ScalarFunction] = cases + trims + parts + searches + joins

  // MARK: Overloads

  /// A text from texts and integers; `write` appends it and returns false for null.
  static func text(
    _ parameters: [Parameter], sql: SQLTemplate? = nil,
    _ write: @escaping @Sendable (_ row: Int, _ o: Lanes, inout [UInt8]) throws -> Bool
  ) -> ScalarFunction.Overload {
    .init(
      parameters, result: .text, sql: sql,
      kernel: oncePerText { operands, count, _ in
        let lanes = Lanes(operands)
        return try eachText(operands, count) { row, buffer in try write(row, lanes, &buffer) }
      })
  }

  static func integer(
    _ parameters: [Parameter], sql: SQLTemplate? = nil,
    _ value: @escaping @Sendable (_ row: Int, _ o: Lanes) throws -> Int64?
  ) -> ScalarFunction.Overload {
    .init(
      parameters, result: .integer, sql: sql,
      kernel: oncePerText { operands, count, _ in
        let lanes = Lanes(operands)
        return try eachRow(operands, count, as: .integer) { row in try value(row, lanes) }
      })
  }

  static func boolean(
    _ parameters: [Parameter], sql: SQLTemplate? = nil,
    _ value: @escaping @Sendable (_ row: Int, _ o: Lanes) throws -> Bool
  ) -> ScalarFunction.Overload {
    .init(
      parameters, result: .boolean, sql: sql,
      kernel: oncePerText { operands, count, _ in
        let lanes = Lanes(operands)
        return try eachRow(operands, count, as: .boolean) { row -> UInt8? in try value(row, lanes) ? 1 : 0 }
      })
  }

  /// The operands of a text function, read by position and row.
  struct Lanes {
    private let texts: [TextLane?]
    private let integers: [Lane<Int64>?]

    init(_ operands: [Operand]) {
      texts = operands.map { $0.column.type == .text ? TextLane($0) : nil }
      integers = operands.map { $0.column.type == .integer ? Lane<Int64>($0) : nil }
    }

    func utf8(_ position: Int, _ row: Int) -> UnsafeBufferPointer<UInt8> {
      guard let lane = texts[position] else { preconditionFailure("operand \(position) is a text") }
      return lane[row]
    }

    func text(_ position: Int, _ row: Int) -> String { String(decoding: utf8(position, row), as: UTF8.self) }

    func integer(_ position: Int, _ row: Int) -> Int64 {
      guard let lane = integers[position] else { preconditionFailure("operand \(position) is an integer") }
      return lane[row]
    }
  }

  static let x = Parameter("text", .text)

  // MARK: Cases

  private static let cases: [ScalarFunction] = [
    ScalarFunction(
      "lower", .text, "The text in lower case.",
      [
        text([x], sql: { recasedSQL("lower", $0[0]) }) { row, o, buffer in
          recased(o.utf8(0, row), &buffer, letters: 65...90) { $0.lowercased() }
          return true
        }
      ], examples: [Example("lower('Buy NOW')", "buy now")]),
    ScalarFunction(
      "upper", .text, "The text in upper case.",
      [
        text([x], sql: { recasedSQL("upper", $0[0]) }) { row, o, buffer in
          recased(o.utf8(0, row), &buffer, letters: 97...122) { $0.uppercased() }
          return true
        }
      ], examples: [Example("upper('straße')", "STRASSE")]),
    ScalarFunction(
      "initcap", .text,
      "The text with the first letter of each word in upper case and the rest in lower case.",
      [
        text([x]) { row, o, buffer in
          var isInside = false
          for character in o.text(0, row) {
            let isWordPart = character.isLetter || character.isNumber
            buffer.append(contentsOf: (isInside ? character.lowercased() : character.uppercased()).utf8)
            isInside = isWordPart
          }
          return true
        }
      ], examples: [Example("initcap('new york')", "New York")]),
    ScalarFunction(
      "reverse", .text,
      "The text with its characters in reverse order; what is joined to a letter stays with it.",
      [
        text([x]) { row, o, buffer in
          buffer.append(contentsOf: String(o.text(0, row).reversed()).utf8)
          return true
        }
      ], examples: [Example("reverse('abc')", "cba")]),
  ]

  /// ASCII is changed byte by byte; other texts by Unicode's rules for no language in particular.
  private static func recased(
    _ text: UnsafeBufferPointer<UInt8>, _ buffer: inout [UInt8], letters: ClosedRange<UInt8>,
    _ change: (String) -> String
  ) {
    if text.allSatisfy({ $0 < 128 }) {
      buffer.append(contentsOf: text.lazy.map { letters.contains($0) ? $0 ^ 32 : $0 })
    } else {
      buffer.append(contentsOf: change(String(decoding: text, as: UTF8.self)).utf8)
    }
  }

  /// In SQL each letter has one letter as its other case. Letters with more, and those of scripts that newer versions
  /// of Unicode added to, are refused.
  private static func recasedSQL(_ name: String, _ text: String) -> String {
    let letters =
      "[ßİŉǰΐΰև\\x{10A0}-\\x{10FF}\\x{13A0}-\\x{13FF}\\x{1C80}-\\x{1CBF}\\x{1D00}-\\x{1FFF}\\x{2100}-\\x{218F}"
      + "\\x{24B0}-\\x{24EF}\\x{2C00}-\\x{2D2F}\\x{A640}-\\x{A69F}\\x{A720}-\\x{A7FF}\\x{AB30}-\\x{ABBF}"
      + "\\x{FB00}-\\x{FB1F}\\x{FF20}-\\x{FF5F}\\x{10400}-\\x{1E9FF}]"
    let letter = "regexp_extract(\(text), \(SQLText.literal(letters)))"
    let refusal = SQLPiece.error("\(name)('", naming: letter, "') is another text on this engine")
    return "case when regexp_matches(\(text), \(SQLText.literal(letters))) "
      + "then \(refusal) else \(name)(\(text)) end"
  }

  // MARK: Trimming

  enum Side { case left, right, both }

  private static let trims: [ScalarFunction] = [
    trim("trim", "at both ends", .both, Example("trim('  a b ')", "a b")),
    trim("ltrim", "at the start", .left, Example("ltrim('007', '0')", "7")),
    trim("rtrim", "at the end", .right, Example("rtrim('1.500', '0')", "1.5")),
  ]

  private static func trim(_ name: String, _ place: String, _ side: Side, _ example: Example)
    -> ScalarFunction
  {
    ScalarFunction(
      name, .text, "The text without blanks, or without any of the given characters, \(place).",
      [
        text([x], sql: { "\(name)(\($0[0]), \(SQLText.literal(blanks)))" }) { row, o, buffer in
          trimmed(o.text(0, row), side, { $0.properties.isWhitespace }, &buffer)
          return true
        },
        text([x, Parameter("characters", .text)], sql: { "\(name)(\($0.list))" }) { row, o, buffer in
          let unwanted = Set(o.text(1, row).unicodeScalars)
          trimmed(o.text(0, row), side, unwanted.contains, &buffer)
          return true
        },
      ], examples: [example])
  }

  /// All characters that are white space, for SQL.
  private static let blanks = String(
    String.UnicodeScalarView((0...0x3000).compactMap(Unicode.Scalar.init).filter(\.properties.isWhitespace)))

  private static func trimmed(
    _ text: String, _ side: Side, _ isUnwanted: (Unicode.Scalar) -> Bool, _ buffer: inout [UInt8]
  ) {
    var rest = text.unicodeScalars[...]
    if side != .right { rest = rest.drop(while: isUnwanted) }
    if side != .left { while let last = rest.last, isUnwanted(last) { rest.removeLast() } }
    buffer.append(contentsOf: Substring(rest).utf8)
  }

  // MARK: Parts

  private static let parts: [ScalarFunction] = [
    substring("substr", Example("substr('analysis', 1, 4)", "anal")),
    substring("substring", Example("substring('analysis', 5)", "ysis")),
    ScalarFunction(
      "left", .text, "The first characters; with a negative number all but so many of the last.",
      [
        text([x, Parameter("count", .integer)], sql: { "left(\($0[0]), \(clamped($0[1])))" }) {
          row, o, buffer in
          let text = o.utf8(0, row)
          let wanted = o.integer(1, row)
          let count = wanted < 0 ? max(0, Int64(UTF8Text.length(text)) + max(wanted, -1 << 40)) : wanted
          buffer.append(contentsOf: text[..<UTF8Text.offset(text, ofCharacter: count)])
          return true
        }
      ], examples: [Example("left('2026-03-01', 7)", "2026-03"), Example("left('abc', -1)", "ab")]),
    ScalarFunction(
      "right", .text, "The last characters; with a negative number all but so many of the first.",
      [
        text([x, Parameter("count", .integer)], sql: { "right(\($0[0]), \(clamped($0[1])))" }) {
          row, o, buffer in
          let text = o.utf8(0, row)
          let wanted = o.integer(1, row)
          let dropped =
            wanted < 0 ? -max(wanted, -1 << 40) : max(0, Int64(UTF8Text.length(text)) - min(wanted, 1 << 40))
          buffer.append(contentsOf: text[UTF8Text.offset(text, ofCharacter: dropped)...])
          return true
        }
      ], examples: [Example("right('invoice-042', 3)", "042"), Example("right('abc', -1)", "bc")]),
    ScalarFunction(
      "split_part", .text,
      "The part at a position, from 1, between separators; from the end when negative; empty "
        + "when there is none.",
      [
        text(
          [x, Parameter("separator", .text), Parameter("position", .integer)],
          sql: { sql in
            guard let position = sql.integer(2), position != 0, let separator = sql.text(1),
              !separator.isEmpty
            else { return nil }
            return "split_part(\(sql[0]), \(sql[1]), \(max(-1 << 31, min(position, 1 << 30))))"
          }
        ) { row, o, buffer in
          let position = o.integer(2, row)
          if position == 0 {
            throw EvaluationError("parts are counted from 1, or from -1 at the end, not from 0")
          }
          if let part = UTF8Text.part(of: o.utf8(0, row), separator: o.utf8(1, row), position) {
            buffer.append(contentsOf: part)
          }
          return true
        }
      ],
      examples: [Example("split_part('a/b/c', '/', 2)", "b"), Example("split_part('a/b/c', '/', -1)", "c")]),
    ScalarFunction(
      "length", .text, "How many characters a text has.",
      [integer([x], sql: { "length(\($0[0]))" }) { row, o in Int64(UTF8Text.length(o.utf8(0, row))) }],
      examples: [Example("length('café')", "4")]),
  ]

  private static func substring(_ name: String, _ example: Example) -> ScalarFunction {
    ScalarFunction(
      name, .text,
      "The characters from a position on, counted from 1, or from the end when negative; all, or so many.",
      [
        text(
          [x, Parameter("start", .integer)], sql: { "substring(\($0[0]), \(firstPlace($0)))" }
        ) { row, o, buffer in
          append(o.utf8(0, row), from: o.integer(1, row), count: .max, &buffer)
          return true
        },
        text(
          [x, Parameter("start", .integer), Parameter("count", .integer)],
          sql: { sql in
            guard let count = sql.integer(2), count >= 0 else { return nil }
            if count == .max { return "substring(\(sql[0]), \(firstPlace(sql)))" }
            // A start before the text shortens the result.
            let first = firstPlace(sql)
            let end = "((\(place(sql))) + \(min(count, 1 << 61)))"
            let length = "case when \(end) < \(first) then 0 else least(\(end) - \(first), 1073741824) end"
            return "substring(\(sql[0]), \(first), \(length))"
          }
        ) { row, o, buffer in
          let count = o.integer(2, row)
          if count < 0 { throw EvaluationError("a substring has 0 or more characters, not \(count)") }
          append(o.utf8(0, row), from: o.integer(1, row), count: count, &buffer)
          return true
        },
      ], examples: [example])
  }

  /// The place, from 1, that a start means, which may lie before the text. SQL means one thing or another by a start far
  /// before it.
  private static func place(_ sql: SQLOperands) -> String {
    "case when \(sql[1]) < 0 then length(\(sql[0])) + \(sql[1]) + 1 else \(sql[1]) end"
  }

  /// The place of the first character that a start means; null of null.
  private static func firstPlace(_ sql: SQLOperands) -> String {
    let place = "(\(place(sql)))"
    return "(case when \(place) < 1 then 1 when \(place) > 1073741824 then 1073741824 else \(place) end)"
  }

  /// A number of characters that no text exceeds: SQL refuses more than 32 bits.
  private static func clamped(_ count: String) -> String {
    "case when \(count) between -1073741824 and 1073741824 then \(count) else sign(\(count)) * 1073741824 end"
  }

  private static func append(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int64, count: Int64, _ buffer: inout [UInt8]
  ) {
    // A start before the text shortens the result, as in SQL.
    let first = start < 0 ? Int64(UTF8Text.length(text)) + start : start - 1
    let end = count == .max ? Int64.max : first.addingReportingOverflow(count).partialValue
    let lower = UTF8Text.offset(text, ofCharacter: max(0, first))
    let upper = end < first ? text.count : UTF8Text.offset(text, ofCharacter: max(0, end))
    if lower < upper { buffer.append(contentsOf: text[lower..<upper]) }
  }
}
