import Diagnostics

/// What follows a fence on its line: a word that says what the block is, a name, and options in braces.
struct FenceHeader {
  /// Kinds of block that the language has and that do not run yet.
  private static let futureKinds = ["event", "rollup", "experiment", "model"]
  private static let commonOptions = ["hide", "fold", "caption", "rows"]
  private static let flags = ["hide", "fold"]

  private let utf8: [UInt8]
  private let range: SourceRange
  /// The first word, which for code is its language.
  let word: String
  private let wordRange: SourceRange

  init(_ utf8: [UInt8], in range: SourceRange) {
    self.utf8 = utf8
    var end = range.upper
    while end > range.lower, FenceHeader.isBlank(utf8[end - 1]) { end -= 1 }
    var start = range.lower
    while start < end, FenceHeader.isBlank(utf8[start]) { start += 1 }
    var wordEnd = start
    while wordEnd < end, !FenceHeader.isBlank(utf8[wordEnd]), utf8[wordEnd] != UInt8(ascii: "{") {
      wordEnd += 1
    }
    self.range = SourceRange(wordEnd, end)
    wordRange = SourceRange(start, wordEnd)
    word = StructureMask.unmasked(utf8[start..<wordEnd])
  }

  /// Nothing of what is shown as code. ```` ```sql ```` alone is a listing, as anywhere.
  var kind: CodeBlock.Kind? {
    word == "sql" && range.lower == range.upper ? nil : CodeBlock.Kind(rawValue: word)
  }

  /// What is to be said of a block that is shown as code and may be meant to run.
  func warning(body: String) -> Diagnostic? {
    if FenceHeader.futureKinds.contains(word) {
      return Diagnostic(
        .warning, id: "unsupported-block", "blocks of kind '\(word)' do not run yet", at: wordRange,
        label: "shown as code")
    }
    let kinds = CodeBlock.Kind.allCases.map(\.rawValue)
    guard word.utf8.count >= 4, word.utf8.count <= 12, looksMeant(body),
      let nearest = NearestName.of(word, among: kinds)
    else { return nil }
    return Diagnostic(
      .warning, id: "unknown-block", "no kind of block is named '\(word)'", at: wordRange,
      label: "shown as code",
      notes: ["the kinds of block are \(kinds.map { "'\($0)'" }.joined(separator: ", "))"],
      hints: ["did you mean '\(nearest)'?"])
  }

  /// Whether there is a name or an option after the word, or a body in the language.
  private func looksMeant(_ body: String) -> Bool {
    if range.lower < range.upper { return true }
    return body.hasPrefix("from ") || body.hasPrefix("let ") || body.contains("\n|> ")
  }

  // MARK: - Name and options

  /// A word and its place.
  struct Word {
    let text: String
    let range: SourceRange
  }

  /// The name and the options of a block that runs.
  func parts(of kind: CodeBlock.Kind) -> (name: Word?, options: [CodeBlock.Option], [Diagnostic]) {
    var reader = Reader(utf8: utf8, offset: range.lower, end: range.upper)
    var diagnostics: [Diagnostic] = []
    reader.skipBlanks()
    var name: Word?
    if let next = reader.peek, next != UInt8(ascii: "{") {
      let found = reader.word { FenceHeader.isBlank($0) || $0 == UInt8(ascii: "{") }
      if FenceHeader.isName(found.text) {
        name = found
      } else {
        diagnostics.append(
          Diagnostic(
            id: "block-name", "a name is letters, digits and underscores, and does not start with a digit",
            at: found.range, label: "not a name",
            hints: FenceHeader.nameLike(found.text).map { ["write '\($0)'"] } ?? []))
      }
    } else if kind == .data {
      diagnostics.append(
        Diagnostic(
          id: "block-name", "a block of kind 'data' has a name, which queries read it by", at: wordRange,
          label: "no name after it", hints: ["write for example '\(word) orders'"]))
    }
    reader.skipBlanks()
    var options: [CodeBlock.Option] = []
    if reader.peek == UInt8(ascii: "{") {
      options = FenceHeader.options(&reader, &diagnostics)
      reader.skipBlanks()
    }
    if reader.peek != nil, diagnostics.isEmpty {
      diagnostics.append(
        FenceHeader.mistake(
          SourceRange(reader.offset, reader.end), "nothing follows a block's name and its options in braces",
          label: "not expected here"))
    }
    diagnostics += FenceHeader.check(options, kind)
    return (name, options, diagnostics)
  }

  /// The options in braces; a mistake ends them.
  private static func options(_ reader: inout Reader, _ diagnostics: inout [Diagnostic]) -> [CodeBlock.Option]
  {
    let open = reader.offset
    reader.offset += 1
    var options: [CodeBlock.Option] = []
    while true {
      reader.skipBlanks()
      guard let next = reader.peek else {
        diagnostics.append(
          mistake(SourceRange(open, open + 1), "the options of a block end with '}'", label: "never closed"))
        return options
      }
      if next == UInt8(ascii: "}") {
        reader.offset += 1
        return options
      }
      let name = reader.word { isBlank($0) || ",:{}\"'".utf8.contains($0) }
      guard isName(name.text) else {
        let place = SourceRange(name.range.lower, max(name.range.upper, name.range.lower + 1))
        diagnostics.append(
          mistake(
            place, "options are names, or names with a value: {hide, caption: \"…\"}", label: "not an option")
        )
        reader.offset = reader.end
        return options
      }
      reader.skipBlanks()
      var value: String?
      if reader.peek == UInt8(ascii: ":") {
        reader.offset += 1
        reader.skipBlanks()
        guard let found = reader.value() else {
          diagnostics.append(
            mistake(
              SourceRange(name.range.lower, reader.offset),
              "the value of option '\(name.text.quotable)' is a word or quoted text",
              label: "no value, or quotes that do not end"))
          reader.offset = reader.end
          return options
        }
        value = found
      }
      let range = SourceRange(name.range.lower, reader.offset)
      options.append(CodeBlock.Option(name: name.text, value: value, range: range))
      reader.skipBlanks()
      if reader.peek == UInt8(ascii: ",") {
        reader.offset += 1
      } else if let other = reader.peek, other != UInt8(ascii: "}") {
        diagnostics.append(
          mistake(
            SourceRange(reader.offset, reader.offset + 1), "options are separated by commas",
            label: "no comma before this"))
        reader.offset = reader.end
        return options
      }
    }
  }

  private static func check(_ options: [CodeBlock.Option], _ kind: CodeBlock.Kind) -> [Diagnostic] {
    let known =
      switch kind {
      case .data: commonOptions + ["entity", "time", "event", "id"]
      case .query, .compute, .sql: commonOptions + ["key"]
      case .chart, .expect, .decide: commonOptions
      }
    var seen: Set<String> = []
    return options.compactMap { option in
      guard known.contains(option.name) else {
        let nearest = NearestName.of(option.name, among: known)
        return Diagnostic(
          id: "unknown-option", "a block of kind '\(kind.rawValue)' has no option '\(option.name.quotable)'",
          at: option.range, label: "not an option here",
          notes: ["the options here are \(known.map { "'\($0)'" }.joined(separator: ", "))"],
          hints: nearest.map { ["did you mean '\($0)'?"] } ?? [])
      }
      guard seen.insert(option.name).inserted else {
        return mistake(option.range, "an option is given once", label: "given before")
      }
      if flags.contains(option.name) {
        guard option.value != nil else { return nil }
        return mistake(option.range, "option '\(option.name)' has no value", label: "has one")
      }
      guard let value = option.value else {
        // A bare `key` means all values of the block.
        if option.name == "key" { return nil }
        return mistake(option.range, "option '\(option.name)' has a value", label: "has none")
      }
      if option.name == "rows", Int(value).map({ $0 > 0 }) != true {
        return mistake(
          option.range, "the value of option '\(option.name)' is a whole number above 0",
          label: "not such a number")
      }
      return nil
    }
  }

  private static func mistake(_ range: SourceRange, _ message: String, label: String) -> Diagnostic {
    Diagnostic(id: "block-option", message, at: range, label: label)
  }

  /// Whether a text is a letter or an underscore, and letters, digits and underscores after it.
  static func isName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first == "_" || first.properties.isXIDStart else {
      return false
    }
    return text.unicodeScalars.allSatisfy { $0 == "_" || $0.properties.isXIDContinue }
  }

  /// A text as a name, where other characters are all that is wrong with it.
  private static func nameLike(_ text: String) -> String? {
    let scalars = text.unicodeScalars.map { $0.properties.isXIDContinue ? $0 : "_" }
    let name = String(String.UnicodeScalarView(scalars))
    return isName(name) ? name : isName("_" + name) ? "_" + name : nil
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  private struct Reader {
    let utf8: [UInt8]
    var offset: Int
    let end: Int

    var peek: UInt8? { offset < end ? utf8[offset] : nil }

    mutating func skipBlanks() {
      while let byte = peek, FenceHeader.isBlank(byte) { offset += 1 }
    }

    mutating func word(until stops: (UInt8) -> Bool) -> Word {
      let start = offset
      while let byte = peek, !stops(byte) { offset += 1 }
      return Word(text: StructureMask.unmasked(utf8[start..<offset]), range: SourceRange(start, offset))
    }

    /// Quoted text, in which a backslash takes the meaning from the next character, or a word.
    mutating func value() -> String? {
      guard let quote = peek, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
        let found = word { FenceHeader.isBlank($0) || ",{}\"':".utf8.contains($0) }
        return found.text.isEmpty ? nil : found.text
      }
      offset += 1
      var text: [UInt8] = []
      while let byte = peek {
        offset += 1
        if byte == quote { return StructureMask.unmasked(text) }
        if byte == UInt8(ascii: "\\"), let escaped = peek {
          text.append(escaped)
          offset += 1
        } else {
          text.append(byte)
        }
      }
      return nil
    }
  }
}
