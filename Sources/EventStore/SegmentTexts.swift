import Values

/// The distinct texts of several dictionaries in order, and where each one's are among them.
struct SegmentTexts: Sendable {
  let merged: MergedTexts
  /// By segment, how many codes come before its own.
  private let firsts: [Int]

  /// - Parameter segments: dictionaries in order; nothing for a segment without texts.
  init(_ segments: [TextDictionary?]) {
    var firsts = [0]
    var runs: [TextRun] = []
    for (segment, texts) in segments.enumerated() {
      if let texts { runs.append(TextRun(sorting: texts, from: firsts[segment])) }
      firsts.append(firsts[segment] + (texts?.count ?? 0))
    }
    self.firsts = firsts
    merged = MergedTexts(runs)
  }

  /// By the codes of a segment, the places of its texts among all.
  func ranks(ofSegment segment: Int) -> ArraySlice<UInt32> {
    merged.ranks[firsts[segment]..<firsts[segment + 1]]
  }
}
