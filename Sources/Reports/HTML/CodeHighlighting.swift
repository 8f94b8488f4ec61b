/// Marks the parts of code that help to read it: comments, texts, numbers and keywords.
///
/// It knows tokens and no grammar, so it is right about code that is wrong, and about languages it has not
/// met.
struct CodeHighlighting {
  /// Code as HTML, with the parts in `span` elements of class `c`, `s`, `n` and `k`.
  static func html(_ code: String, language: String?) -> HTML {
    let style = Style(language: language?.lowercased() ?? "")
    var lexer = CodeHighlighting(rest: Substring(code).unicodeScalars, style: style)
    var html = HTML()
    while let (part, text) = lexer.next() {
      switch part {
      case .comment: html += "<span class=\"c\">\(text)</span>"
      case .text: html += "<span class=\"s\">\(text)</span>"
      case .number: html += "<span class=\"n\">\(text)</span>"
      case .keyword: html += "<span class=\"k\">\(text)</span>"
      case .other: html += "\(text)"
      }
    }
    return html
  }

  private enum Part { case comment, text, number, keyword, other }

  private var rest: Substring.UnicodeScalarView
  private let style: Style

  private init(rest: Substring.UnicodeScalarView, style: Style) {
    self.rest = rest
    self.style = style
  }

  /// The next part and its text; runs of what is not marked come as one.
  private mutating func next() -> (Part, String)? {
    guard let first = rest.first else { return nil }
    if style.lineComments.contains(where: { rest.starts(with: $0.unicodeScalars) }) {
      return (.comment, take(through: rest.firstIndex(of: "\n") ?? rest.endIndex))
    }
    if style.hasBlockComments, rest.starts(with: "/*".unicodeScalars) {
      return (.comment, take(through: endOfBlockComment()))
    }
    if style.quotes.contains(first) { return (.text, take(through: endOfText(quote: first))) }
    if first.isDigit { return (.number, takeWhile { $0.isDigit || $0 == "." || $0 == "_" || $0 == "%" }) }
    if first.isWordStart {
      let word = takeWhile { $0.isWordStart || $0.isDigit }
      return (style.isKeyword(word) ? .keyword : .other, word)
    }
    if rest.starts(with: "|>".unicodeScalars) {
      return (.keyword, take(through: rest.index(rest.startIndex, offsetBy: 2)))
    }
    return (.other, take(through: rest.index(after: rest.startIndex)))
  }

  private mutating func take(through end: Substring.UnicodeScalarView.Index) -> String {
    let text = String(rest[..<end])
    rest = rest[end...]
    return text
  }

  private mutating func takeWhile(_ holds: (Unicode.Scalar) -> Bool) -> String {
    take(through: rest.firstIndex { !holds($0) } ?? rest.endIndex)
  }

  private func endOfBlockComment() -> Substring.UnicodeScalarView.Index {
    var index = rest.index(rest.startIndex, offsetBy: 2)
    while index < rest.endIndex {
      if rest[index...].starts(with: "*/".unicodeScalars) { return rest.index(index, offsetBy: 2) }
      rest.formIndex(after: &index)
    }
    return index
  }

  /// After the closing quotation mark, or at the end of the line where there is none.
  private func endOfText(quote: Unicode.Scalar) -> Substring.UnicodeScalarView.Index {
    var index = rest.index(after: rest.startIndex)
    while index < rest.endIndex, rest[index] != "\n" {
      let scalar = rest[index]
      rest.formIndex(after: &index)
      if scalar == quote { return index }
      if scalar == "\\", style.hasEscapes, index < rest.endIndex, rest[index] != "\n" {
        rest.formIndex(after: &index)
      }
    }
    return index
  }
}

extension CodeHighlighting {
  /// What comments, texts and keywords look like in a language.
  private struct Style {
    var lineComments: [String] = []
    var hasBlockComments = false
    var quotes: Set<Unicode.Scalar> = []
    var hasEscapes = true
    var keywords: Set<String> = []
    var isCaseSensitive = true

    init(language: String) {
      switch language {
      case "query", "compute", "expect", "chart", "decide", "sql":
        lineComments = ["--"]
        hasBlockComments = language == "sql"
        quotes = ["'"]
        hasEscapes = false
        keywords = Style.query
        isCaseSensitive = false
      case "json", "jsonc":
        quotes = ["\""]
        keywords = ["true", "false", "null"]
      case "yaml", "yml", "toml", "sh", "bash", "shell", "r", "ruby":
        lineComments = ["#"]
        quotes = ["\"", "'"]
        keywords = Style.general
      case "python", "py":
        lineComments = ["#"]
        quotes = ["\"", "'"]
        keywords = Style.general.union(Style.python)
      case "swift", "js", "javascript", "ts", "typescript", "java", "kotlin", "go", "rust", "c", "cpp", "c++",
        "scala":
        lineComments = ["//"]
        hasBlockComments = true
        quotes = ["\""]
        keywords = Style.general
      default:
        break
      }
    }

    func isKeyword(_ word: String) -> Bool { keywords.contains(isCaseSensitive ? word : word.lowercased()) }

    private static let query: Set<String> = [
      "aggregate", "all", "and", "any", "as", "asc", "between", "by", "case", "cast", "continue", "cross",
      "decide",
      "desc", "distinct", "drop", "each", "else", "end", "exists", "expect", "extend", "false", "filter",
      "first",
      "following", "for", "from", "full", "funnel", "gap", "group", "having", "if", "ilike", "in", "inner",
      "is",
      "join", "last", "later", "left", "let", "lifetime", "like", "limit", "not", "null", "nulls", "offset",
      "on",
      "or", "order", "otherwise", "outer", "over", "partition", "pivot", "preceding", "prior", "rename",
      "retention", "return", "right", "select", "sessions", "set", "ship", "start", "stop", "target", "then",
      "true",
      "union", "using", "when", "where", "window", "with", "within",
    ]
    private static let general: Set<String> = [
      "as", "async", "await", "break", "case", "catch", "class", "const", "continue", "default", "do", "else",
      "enum",
      "export", "extension", "false", "for", "from", "func", "function", "guard", "if", "impl", "import",
      "in", "init",
      "interface", "let", "match", "mut", "new", "nil", "null", "package", "private", "protocol", "public",
      "return",
      "self", "static", "struct", "switch", "then", "this", "throw", "throws", "trait", "true", "try", "type",
      "use",
      "val", "var", "void", "where", "while", "yield",
    ]
    private static let python: Set<String> = [
      "and", "assert", "def", "del", "elif", "except", "finally", "global", "is", "lambda", "None",
      "nonlocal", "not",
      "or", "pass", "raise", "True", "False", "with",
    ]
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
  fileprivate var isWordStart: Bool { self == "_" || properties.isAlphabetic }
}
