import Values

/// The distinct texts of several dictionaries in order, and where each one's are among them.
struct PartTexts: Sendable {
  let merged: MergedTexts
  /// By part, how many codes come before its own.
  private let firsts: [Int]

  /// - Parameter parts: dictionaries in order; nothing for a part without texts.
  init(_ parts: [TextDictionary?]) {
    var firsts = [0]
    var runs: [TextRun] = []
    for (part, texts) in parts.enumerated() {
      if let texts { runs.append(TextRun(sorting: texts, from: firsts[part])) }
      firsts.append(firsts[part] + (texts?.count ?? 0))
    }
    self.firsts = firsts
    merged = MergedTexts(runs)
  }

  /// By the codes of a part, the places of its texts among all.
  func ranks(ofPart part: Int) -> ArraySlice<UInt32> { merged.ranks[firsts[part]..<firsts[part + 1]] }
}
