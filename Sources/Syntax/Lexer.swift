import Diagnostics

/// Cuts a fragment into tokens; what belongs to no token gets a diagnostic.
struct Lexer {
  private let fragment: Fragment
  private let bytes: [UInt8]
  private var offset = 0
  private var line = 0
  private var lineOfLastToken = -1
  private(set) var tokens: [Token] = []
  private(set) var diagnostics: [Diagnostic] = []
  /// Lines on which a quote or a comment is not closed: what else seems wrong there follows from it.
  private(set) var unclosedLines: Set<Int> = []

  /// Reads the whole fragment.
  init(_ fragment: Fragment) {
    self.fragment = fragment
    bytes = fragment.utf8
    while offset < bytes.count { scan() }
    append(.end, "", from: bytes.count)
  }

  private func byte(_ ahead: Int = 0) -> UInt8 { offset + ahead < bytes.count ? bytes[offset + ahead] : 0 }

  private mutating func append(_ kind: Token.Kind, _ text: String, from lower: Int) {
    tokens.append(
      Token(
        kind: kind, text: text, folded: kind == .word ? text.lowercased() : "", lower: lower, upper: offset,
        line: line, startsLine: line != lineOfLastToken))
    lineOfLastToken = line
  }

  private mutating func report(
    _ id: String, _ message: String, from lower: Int, to upper: Int? = nil, label: String,
    hints: [String] = []
  ) {
    diagnostics.append(
      Diagnostic(
        id: id, message, at: fragment.range(lower, upper ?? offset), label: label, hints: hints))
  }

  private mutating func scan() {
    let first = byte()
    switch first {
    case UInt8(ascii: "\n"):
      line += 1
      offset += 1
    case UInt8(ascii: " "), 0x09...0x0D: offset += 1
    case UInt8(ascii: "-") where byte(1) == first: skipToLineEnd()
    case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"): skipComment()
    case UInt8(ascii: "'"): quoted(.text)
    case UInt8(ascii: "`"): quoted(.backquoted)
    case UInt8(ascii: "\""): quoted(.doubleQuoted)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): number()
    case UInt8(ascii: ".") where byte(1).isDigit && tokens.last?.upper != offset: number()
    default:
      if isWord(continued: false) { return word() }
      if first >= 0x80 { return beyondASCII() }
      symbol()
    }
  }

  private mutating func skipToLineEnd() {
    while offset < bytes.count, byte() != UInt8(ascii: "\n") { offset += 1 }
  }

  private mutating func skipComment() {
    let start = offset
    offset += 2
    while offset < bytes.count {
      if byte() == UInt8(ascii: "*"), byte(1) == UInt8(ascii: "/") {
        offset += 2
        return
      }
      if byte() == UInt8(ascii: "\n") { line += 1 }
      offset += 1
    }
    report(
      "unclosed-comment", "a comment that '/*' opens goes on to '*/'", from: start, to: start + 2,
      label: "never closed", hints: ["write '*/' at its end, or '--' for a comment of one line"])
    unclosedLines.insert(line)
  }

  /// A text or a name; a quote inside is written twice, and none goes on to the next line.
  private mutating func quoted(_ kind: Token.Kind) {
    let start = offset
    let quote = byte()
    var content = [UInt8]()
    offset += 1
    while offset < bytes.count, byte() != UInt8(ascii: "\n") {
      if byte() == quote {
        guard byte(1) == quote else {
          offset += 1
          return append(kind, String(decoding: content, as: UTF8.self), from: start)
        }
        offset += 1
      }
      content.append(byte())
      offset += 1
    }
    while let last = content.last, last == UInt8(ascii: "\r") || last == UInt8(ascii: " ") {
      content.removeLast()
      offset -= 1
    }
    let mark = String(decoding: [quote], as: UTF8.self)
    report(
      kind == .text ? "unclosed-text" : "unclosed-name",
      "a \(kind == .text ? "text" : "name in quotes") ends on the line it starts on", from: start,
      to: start + 1,
      label: "this quote is never closed",
      hints: ["close it with \(mark); inside, a quote is written twice: \(mark)\(mark)"])
    unclosedLines.insert(line)
    // Where the quotes of a line do not pair, none of what they are around is sure.
    for index in tokens.indices.reversed() {
      guard tokens[index].line == line else { break }
      if tokens[index].kind == kind { tokens[index].kind = .damaged }
    }
    append(.damaged, String(decoding: content, as: UTF8.self), from: start)
  }

  private mutating func word() {
    let start = offset
    while isWord(continued: true) { offset += scalar().width }
    append(.word, String(decoding: bytes[start..<offset], as: UTF8.self), from: start)
  }

  private mutating func number() {
    let start = offset
    skipDigits()
    if byte() == UInt8(ascii: "."), byte(1).isDigit {
      offset += 1
      skipDigits()
    }
    if byte() | 0x20 == UInt8(ascii: "e") {
      let sign = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-") ? 1 : 0
      if byte(1 + sign).isDigit {
        offset += 2 + sign
        skipDigits()
      }
    }
    let end = offset
    while isWord(continued: true) || (byte() == UInt8(ascii: ".") && byte(1).isDigit) {
      offset += scalar().width
    }
    let written = String(decoding: bytes[start..<offset], as: UTF8.self)
    guard offset == end, Self.separatesDigits(written) else {
      return malformedNumber(written, from: start, to: end)
    }
    append(.number, written.filter { $0 != "_" }, from: start)
  }

  /// Whether every underscore stands between two digits.
  private static func separatesDigits(_ number: String) -> Bool {
    let bytes = Array(number.utf8)
    return bytes.indices.allSatisfy { index in
      bytes[index] != UInt8(ascii: "_")
        || index > 0 && bytes[index - 1].isDigit && index + 1 < bytes.count && bytes[index + 1].isDigit
    }
  }

  private mutating func malformedNumber(_ written: String, from start: Int, to end: Int) {
    let digits = String(decoding: bytes[start..<end], as: UTF8.self)
    let rest = String(decoding: bytes[end..<offset], as: UTF8.self).lowercased()
    let unit = DurationUnit.named(rest)?.plural ?? DurationUnit.abbreviations[rest]
    report(
      "malformed-number", "'\(written)' is not a number", from: start, label: "neither a number nor a name",
      hints: [unit.map { "write '\(digits) \($0)'" } ?? "numbers are written 1000, 1_000, 1.5, 1e6 and 5%"])
    append(.damaged, written, from: start)
  }

  private mutating func skipDigits() {
    while byte().isDigit || byte() == UInt8(ascii: "_") { offset += 1 }
  }

  private static let pairs: Set<String> = ["|>", "||", "<=", ">=", "<>", "!=", "==", "=>", "::", "&&", ":="]

  private mutating func symbol() {
    let start = offset
    let pair = String(decoding: bytes[offset..<min(offset + 2, bytes.count)], as: UTF8.self)
    if Lexer.pairs.contains(pair) {
      offset += 2
      return append(.symbol, pair, from: start)
    }
    let single = String(decoding: [byte()], as: UTF8.self)
    offset += 1
    if "+-*/%=<>()[],.!".contains(single) { return append(.symbol, single, from: start) }
    if single == "|", line != lineOfLastToken || isBeforeOperator {
      report(
        "missing-pipe", "a step starts with '|>'", from: start, label: "half of '|>'", hints: ["write '|>'"])
      return append(.symbol, "|>", from: start)
    }
    unknown(from: start, shown: single)
  }

  private mutating func beyondASCII() {
    let start = offset
    let (scalar, width) = scalar()
    offset += width
    guard let scalar else { return unknown(from: start, shown: "a byte that is not UTF-8", isQuoted: false) }
    if scalar.properties.isWhitespace || (scalar == "\u{FEFF}" && start == 0) { return }
    if let meant = Lexer.lookalikes[scalar] {
      report(
        "unknown-character", "'\(scalar)' is not a character of the language", from: start,
        label: "looks like '\(meant)'", hints: ["write '\(meant)'"])
      return append(.symbol, meant, from: start)
    }
    if Lexer.curlyQuotes.contains(scalar) { return curlyText(from: start) }
    if scalar.properties.generalCategory == .format {
      let code = String(scalar.value, radix: 16, uppercase: true)
      return report(
        "unknown-character", "an invisible character, U+\(code), is not part of the language", from: start,
        label: "it stands here", hints: ["delete it and type the characters around it again"])
    }
    unknown(from: start, shown: String(scalar))
  }

  private static let lookalikes: [Unicode.Scalar: String] = [
    "≥": ">=", "≤": "<=", "≠": "<>", "–": "-", "—": "-", "−": "-", "×": "*", "÷": "/", "，": ",", "（": "(",
    "）": ")",
  ]
  private static let curlyQuotes: Set<Unicode.Scalar> = ["‘", "’", "“", "”", "´"]

  /// A text between the quotes of a word processor, read on as a text so that nothing else seems wrong.
  private mutating func curlyText(from start: Int) {
    let contentStart = offset
    while offset < bytes.count, byte() != UInt8(ascii: "\n") {
      let (scalar, width) = scalar()
      let contentEnd = offset
      offset += width
      guard let scalar, Lexer.curlyQuotes.contains(scalar) else { continue }
      let content = String(decoding: bytes[contentStart..<contentEnd], as: UTF8.self)
      report(
        "unknown-character", "a text stands between straight quotes", from: start,
        label: "these quotes are curly",
        hints: ["write '\(content)'"])
      return append(.text, content, from: start)
    }
    report(
      "unknown-character", "a text stands between straight quotes", from: start, to: contentStart,
      label: "a curly quote", hints: ["write the text between two straight quotes: '…'"])
    unclosedLines.insert(line)
    append(.damaged, "", from: start)
  }

  /// Whether the next word is the first of an operator.
  private var isBeforeOperator: Bool {
    let word = bytes[offset...].drop { $0 == UInt8(ascii: " ") }.prefix { $0 | 32 >= 97 && $0 | 32 <= 122 }
    let first = String(decoding: word, as: UTF8.self).lowercased()
    return Keywords.operators.contains { $0.prefix { $0 != " " } == first }
  }

  private mutating func unknown(from start: Int, shown: String, isQuoted: Bool = true) {
    let hint: String? =
      switch shown {
      case ";": "a query ends where its block ends: leave it out"
      case "&": "write 'and'"
      case "|": "write 'or' between conditions, '||' between texts"
      case "$", "@", ":", "?", "{": "a parameter is used by its plain name"
      case "#": "a comment starts with '--'"
      default: nil
      }
    // Neighbours of the same kind are one mistake.
    while offset < bytes.count, !isWord(continued: false), isUnknown(byte()) { offset += scalar().width }
    report(
      "unknown-character", "\(isQuoted ? "'\(shown)'" : shown) is not a character of the language",
      from: start,
      label: "no meaning here", hints: hint.map { [$0] } ?? [])
    append(.damaged, shown, from: start)
  }

  private func isUnknown(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x80...:
      scalar().scalar.map {
        !$0.properties.isWhitespace && Lexer.lookalikes[$0] == nil && !Lexer.curlyQuotes.contains($0)
      } ?? true
    case UInt8(ascii: "|"), UInt8(ascii: ":"), UInt8(ascii: "&"): false
    case 0x00...0x08, 0x0E...0x1F, 0x7F: true
    default: [UInt8]("#$;?@\\^{}~".utf8).contains(byte)
    }
  }

  /// Whether a character of a word stands here.
  private func isWord(continued: Bool) -> Bool {
    guard offset < bytes.count else { return false }
    switch byte() {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
      return true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return continued
    case 0x80...:
      guard let properties = scalar().scalar?.properties else { return false }
      return continued ? properties.isXIDContinue : properties.isXIDStart
    default: return false
    }
  }

  /// The character that stands here with its length in bytes; nothing when the bytes are not UTF-8.
  private func scalar() -> (scalar: Unicode.Scalar?, width: Int) {
    if byte() < 0x80 { return (Unicode.Scalar(byte()), 1) }
    var decoder = UTF8()
    var rest = bytes[offset..<min(offset + 4, bytes.count)].makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&rest) else { return (nil, 1) }
    return (scalar, UTF8.width(scalar))
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}
