/// How much a diagnostic weighs: an error leaves something without a value, a warning does not.
public enum Severity: String, Hashable, Sendable {
  case error, warning
}

/// What is wrong, where, why, and what to do about it.
///
/// The message is one line, lower case, and states the fact or the rule; the label makes sense alone under the
/// caret; a note adds a fact; a hint is something to do.
public struct Diagnostic: Error, Hashable, Sendable {
  /// Whether it makes the document fail.
  public var severity: Severity
  /// A stable, hyphenated identifier such as `no-column`; the manual has a page of that name.
  public var id: String
  /// The fact or the rule, quoting the user's words.
  public var message: String
  /// The place, in the source that the diagnostic is reported for; none when the matter has no place.
  public var range: SourceRange?
  /// What stands beside the caret; empty for a bare caret.
  public var label: String
  /// Further facts, one a line.
  public var notes: [String]
  /// Suggestions, one a line.
  public var hints: [String]

  /// An error unless a severity is given.
  public init(
    _ severity: Severity = .error, id: String, _ message: String, at range: SourceRange? = nil,
    label: String = "", notes: [String] = [], hints: [String] = []
  ) {
    self.severity = severity
    self.id = id
    self.message = message
    self.range = range
    self.label = label
    self.notes = notes
    self.hints = hints
  }
}

extension Diagnostic {
  /// The diagnostic as text for a terminal or a log: message, place, excerpt with carets, notes and hints. Columns are
  /// counted as a terminal shows them, and nothing that it quotes can direct the terminal.
  ///
  /// - Parameter styled: whether ANSI colours are used.
  public func rendered(in source: SourceText?, styled: Bool = false) -> String {
    let paint = Paint(enabled: styled)
    let accent: Paint.Style = severity == .error ? .red : .yellow
    let label = label.printable
    var lines = [
      paint("\(severity.rawValue)[\(id)]", [.bold, accent]) + paint(": \(message.printable)", [.bold])
    ]
    var indent = "   "
    if let source, let range {
      let line = source.line(at: range.lower)
      let number = String(line)
      indent = String(repeating: " ", count: max(3, number.count + 1))
      let pad = String(repeating: " ", count: indent.count - number.count - 1)
      let excerpt = Excerpt(of: range, in: source)
      let space = String(repeating: " ", count: excerpt.indent)
      let column = source.column(at: range.lower)
      lines += [
        indent + paint("╭ ", [.blue]) + "\(source.name.printable):\(line):\(column)",
        pad + paint("\(number) │ ", [.blue]) + excerpt.text,
        indent + paint("│ ", [.blue]) + space
          + paint(label.isEmpty ? excerpt.marks : "\(excerpt.marks) \(label)", [accent]),
      ]
    } else if let source {
      lines.append(indent + paint("╭ ", [.blue]) + source.name.printable)
    }
    for note in notes { lines += Diagnostic.paragraph(note, indent, after: "= ", paint, .blue) }
    for hint in hints { lines += Diagnostic.paragraph(hint, indent, after: "hint: ", paint, .green) }
    return lines.joined(separator: "\n")
  }
}

extension Diagnostic {
  /// How wide notes and hints are at most.
  private static let width = 100

  /// A note or a hint as lines, broken between words.
  private static func paragraph(
    _ text: String, _ indent: String, after lead: String, _ paint: Paint, _ style: Paint.Style
  ) -> [String] {
    let lines = text.printable.lines(upTo: width - indent.count - lead.count)
    let space = String(repeating: " ", count: lead.count)
    return lines.enumerated().map { indent + ($0 == 0 ? paint(lead, [style]) : space) + $1 }
  }
}

/// Wraps text into ANSI escapes, or leaves it as it is.
struct Paint {
  enum Style: Int { case bold = 1, red = 31, green = 32, yellow = 33, blue = 34 }

  let enabled: Bool

  func callAsFunction(_ text: String, _ styles: [Style]) -> String {
    guard enabled else { return text }
    let codes = styles.map { String($0.rawValue) }.joined(separator: ";")
    return "\u{1B}[\(codes)m\(text)\u{1B}[0m"
  }
}
