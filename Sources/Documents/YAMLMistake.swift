import Yams

/// What is wrong with a text that is not YAML, in the words of who writes documents and not of who writes parsers.
public struct YAMLMistake {
  /// Goes on after "the front matter is not YAML: ".
  public private(set) var problem: String
  /// Where it is best seen; nothing when that is not known.
  public private(set) var mark: Mark?
  /// What stands at the place.
  public private(set) var label = "noticed here"
  /// What to do about it.
  public private(set) var hints: [String] = []

  /// What an error of the parser is about.
  public init(_ error: YamlError) {
    switch error {
    case .scanner(let context, let problem, let mark, let text),
      .parser(let context, let problem, let mark, let text),
      .composer(let context, let problem, let mark, let text):
      self.problem = problem.lowercased()
      self.mark = mark
      explain(context, Line(of: mark, in: text))
    case .duplicatedKeysInMapping(let keys, let context):
      problem = "the key '\((keys.first ?? "").quotable)' stands twice"
      mark = context.mark
      label = "among these keys"
    case .reader(let problem, _, _, _): self.problem = problem.lowercased()
    default: problem = "it cannot be read"
    }
  }

  /// The line of a text on which something was noticed, up to the place and from there.
  private struct Line {
    let before: String
    let after: String

    init(of mark: Mark, in text: String) {
      let lines = text.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" }
      let line = lines.indices.contains(mark.line - 1) ? lines[mark.line - 1] : Substring().unicodeScalars
      before = String(line.prefix(max(0, mark.column - 1)))
      after = String(line.dropFirst(max(0, mark.column - 1))).trimmingBlanks()
    }

    /// The key and the value that the line has, when the place is in the value.
    var entry: (key: String, value: String)? {
      guard let colon = before.range(of: ": ") else { return nil }
      let key = before[..<colon.lowerBound]
      return (String(key).trimmingBlanks(), (before[colon.upperBound...] + after).trimmingBlanks())
    }
  }

  private mutating func explain(_ context: YamlError.Context?, _ line: Line) {
    switch (context?.text ?? "", problem) {
    case (let place, _) where place.contains("flow mapping"): leftOpen("{", "}", context)
    case (let place, _) where place.contains("flow sequence"): leftOpen("[", "]", context)
    case (let place, _) where place.contains("quoted scalar"):
      problem = "a quote is never closed"
      (mark, label) = (context?.mark, "opens here")
      hints = ["close it; inside, a single quote is written twice"]
    case (_, "could not find expected ':'"):
      problem = "a key has no ':'"
      (mark, label) = (context?.mark, "no value follows")
      hints = ["write 'key: value', with a blank after the colon"]
    case (_, "mapping values are not allowed in this context"):
      if let entry = line.entry {
        label = "one ':' too many"
        problem = "the value of '\(entry.key.quotable)' has a ':' in it"
        hints = [
          "put the value in quotes: \(entry.key.quotable): '\(entry.value.replacing("'", with: "''").quotable)'"
        ]
      } else {
        label = "a key here"
        problem = "a key stands where the line above goes on"
        hints = [
          "write each key as 'key: value', with a blank after the colon, and those of one list equally indented"
        ]
      }
    case (_, "found character that cannot start any token"):
      let character = line.after.first ?? "\t"
      problem =
        character == "\t" ? "a tab indents" : "a value does not start with '\(String(character).quotable)'"
      label = character == "\t" ? "a tab" : "without quotes"
      hints = [character == "\t" ? "indent with blanks" : "put the value in quotes"]
    case (_, "did not find expected key"):
      problem = "a key with its value stands on a line of its own"
      label = "not a key"
      hints = ["put a text that has quotes in it in quotes, and indent the keys of one list equally"]
    default: break
    }
  }

  /// Entries in brackets that go wrong somewhere are shown where they start: what is missing is seen from there.
  private mutating func leftOpen(_ opening: String, _ closing: String, _ context: YamlError.Context?) {
    problem = "after '\(opening)' a '\(closing)' or a ',' is missing"
    (mark, label) = (context?.mark, "opens here")
    hints = ["end it with '\(closing)', and put ',' between two entries"]
  }
}
