/// Finds what a misspelt name most likely meant.
public enum NearestName {
  /// The candidate nearest to a name by edit distance without regard to case, if one is near enough to be meant:
  /// at most a third of the name's length away, with something in common; or else the shortest that starts with a name
  /// of three letters or more. Ties go to one with the name's first letter, then to the longest, then to the first in alphabetical order.
  public static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    guard !wanted.isEmpty, wanted.count <= 200 else { return nil }
    let limit = max(1, (wanted.count + 1) / 3)
    var best: (distance: Int, otherStart: Int, lettersLess: Int, name: String)?
    for candidate in candidates {
      let scalars = Array(candidate.lowercased().unicodeScalars)
      guard abs(scalars.count - wanted.count) <= limit else { continue }
      let distance = editDistance(wanted, scalars)
      guard distance <= limit, distance < max(wanted.count, scalars.count) else { continue }
      let found = (distance, scalars.first == wanted.first ? 0 : 1, -scalars.count, candidate)
      if let best, best <= found { continue }
      best = found
    }
    return best?.name ?? completion(of: wanted, among: candidates)
  }

  /// The shortest candidate that a name is the start of.
  private static func completion(
    of wanted: [Unicode.Scalar], among candidates: some Sequence<String>
  ) -> String? {
    guard wanted.count >= 3 else { return nil }
    return candidates.filter { $0.lowercased().unicodeScalars.starts(with: wanted) }
      .min { ($0.count, $0) < ($1.count, $1) }
  }

  /// Damerau–Levenshtein distance in its restricted form: insertions, deletions, replacements and swaps of
  /// neighbours. O(length × length).
  private static func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var beforeLast = [Int]()
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in b.indices {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
