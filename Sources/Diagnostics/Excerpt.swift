/// A line of a source as it is shown, and where the marks below it stand, in columns of a terminal.
struct Excerpt {
  /// A longer line is shortened around the place.
  static let maximumWidth = 120
  /// How much of a shortened line is shown before the place.
  private static let lead = 40

  private(set) var text = ""
  /// How many columns stand before the marks.
  private(set) var indent = 0
  /// As many as the place is wide on this line, and at least one; dots when it goes on.
  private(set) var marks = ""

  /// The line on which a range starts.
  init(of range: SourceRange, in source: SourceText) {
    let number = source.line(at: range.lower)
    let line = source.range(ofLine: number)
    let start = min(max(range.lower, line.lower), line.upper)
    let end = min(max(range.upper, start), line.upper)
    let before = Array(source.text(in: SourceRange(line.lower, start)).map(\.printable))
    let within = Array(source.text(in: SourceRange(start, end)).map(\.printable))
    let after = Array(source.text(in: SourceRange(end, line.upper)).map(\.printable))
    var goesOn = source.line(at: max(range.lower, range.upper - 1)) > number

    if Excerpt.width(before + within + after) <= Excerpt.maximumWidth {
      text = String(before + within + after)
      indent = Excerpt.width(before)
      marks = String(repeating: "^", count: max(1, Excerpt.width(within)))
    } else {
      var lead = before[...]
      if Excerpt.width(before + within) >= Excerpt.maximumWidth {
        lead = Excerpt.suffix(of: before, Excerpt.lead)
      }
      if lead.count < before.count { lead = ["…"] + lead }
      indent = Excerpt.width(lead)
      let room = Excerpt.maximumWidth - indent - 1
      let shown = Excerpt.prefix(of: within, room)
      goesOn = goesOn || shown.count < within.count
      let rest = Excerpt.prefix(of: after, room - Excerpt.width(shown))
      let isCut = shown.count + rest.count < within.count + after.count
      text =
        String(lead) + String(shown) + (shown.count < within.count ? "" : String(rest)) + (isCut ? "…" : "")
      marks = String(repeating: "^", count: max(1, Excerpt.width(shown)))
    }
    if goesOn { marks += "…" }
  }

  private static func width(_ characters: some Sequence<Character>) -> Int {
    characters.reduce(0) { $0 + $1.terminalWidth }
  }

  /// As many of the last characters as fit.
  private static func suffix(of characters: [Character], _ width: Int) -> ArraySlice<Character> {
    var rest = width
    let first = characters.indices.reversed().first {
      rest -= characters[$0].terminalWidth
      return rest < 0
    }
    return characters[(first.map { $0 + 1 } ?? 0)...]
  }

  /// As many characters as fit.
  private static func prefix(of characters: [Character], _ width: Int) -> ArraySlice<Character> {
    var rest = width
    return characters.prefix {
      rest -= $0.terminalWidth
      return rest >= 0
    }
  }
}
