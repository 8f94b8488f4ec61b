import Values

extension ChartText {
  /// A text cut to a width, with an ellipsis: at its end, or in names of several parts before the last one, by which
  /// names differ that begin alike.
  static func truncated(_ text: String, to limit: Double, size: Double) -> String {
    shortened([text], to: limit, size: size)[0]
  }

  /// Texts cut to a width, each with an ellipsis where it is too long, so that texts that differ still do: those that
  /// would be cut to the same are cut in the middle, before what tells them apart. Of names in several parts the
  /// last one stays whole.
  static func shortened(_ names: [String], to limit: Double, size: Double) -> [String] {
    if names.allSatisfy({ width($0, size: size) <= limit }) { return names }
    let parts = names.map { name -> (head: String, tail: String) in
      guard let joint = name.ranges(of: ChartText.joint).last else { return (name, "") }
      return (String(name[..<joint.lowerBound]), String(name[joint.lowerBound...]))
    }
    let widest = parts.map { width($0.tail, size: size) }.max() ?? 0
    let room = limit - widest
    guard room >= 2 * size else {
      let cuts = Cuts(names, size: size, to: limit)
      return names.map { cuts[$0] }
    }
    let jointed = Cuts(parts.filter { !$0.tail.isEmpty }.map(\.head), size: size, to: room)
    let plain = Cuts(parts.filter(\.tail.isEmpty).map(\.head), size: size, to: limit)
    return parts.map { $0.tail.isEmpty ? plain[$0.head] : jointed[$0.head] + $0.tail }
  }

  /// The longest beginning of a text that fits into a width.
  fileprivate static func fitting(_ text: some StringProtocol, _ limit: Double, size: Double) -> String {
    var used = 0.0
    var result = text.prefix { character in
      used += advance(character) * size
      return used <= limit
    }
    while result.last == " " { result = result.dropLast() }
    return String(result)
  }
}

/// Names and what they are cut to, no two the same as long as there is room for what tells them apart.
private struct Cuts {
  private let size: Double
  private var cuts: [String: String] = [:]
  private var ellipsis: Double { ChartText.advance("…") * size }

  /// How much of a name that is cut in the middle its beginning takes at least.
  private static let beginning = 0.25
  /// How far before the first difference the second half of a name begins at most, for the sake of whole words.
  private static let context = 12
  /// What is shorter does not tell a reader much by itself.
  private static let telling = 4

  init(_ names: [String], size: Double, to limit: Double) {
    self.size = size
    let alike = Dictionary(grouping: Set(names)) { cutAtEnd($0, to: limit) }
    for (cut, names) in alike {
      if names.count == 1 { cuts[names[0]] = cut } else { part(names, to: limit) }
    }
  }

  subscript(name: String) -> String { cuts[name] ?? name }

  private func cutAtEnd(_ name: String, to limit: Double) -> String {
    if ChartText.width(name, size: size) <= limit { return name }
    let beginning = ChartText.fitting(name, limit - ellipsis, size: size)
    return beginning + "…" + Isolation.remainder(of: name.dropFirst(beginning.count))
  }

  /// Cuts names that begin alike before what tells them apart.
  private mutating func part(_ names: [String], to limit: Double) {
    let start = Cuts.start(names)
    let lead = names[0].prefix(start)
    guard start > 0 else {
      for name in names { cuts[name] = cutAtEnd(name, to: limit) }
      return
    }
    let least = min(ChartText.width(lead, size: size), limit * Cuts.beginning)
    let rests = names.map { String($0.dropFirst(start)) }
    let tails = Cuts(rests, size: size, to: limit - ellipsis - least)
    let widest = rests.map { ChartText.width(tails[$0], size: size) }.max() ?? 0
    if ChartText.width(lead, size: size) + widest <= limit {
      for (name, rest) in zip(names, rests) { cuts[name] = lead + tails[rest] }
      return
    }
    let head = ChartText.fitting(lead, limit - ellipsis - widest, size: size)
    let between = Isolation.remainder(of: lead.dropFirst(head.count))
    for (name, rest) in zip(names, rests) { cuts[name] = "\(head)…\(between)\(tails[rest])" }
  }

  /// How many characters names have in common, but for as many as make a word of what follows.
  private static func start(_ names: [String]) -> Int {
    let all = names.map(Array.init)
    let shortest = all.map(\.count).min() ?? 0
    let common = (0..<shortest).first { index in all.contains { $0[index] != all[0][index] } } ?? shortest
    var start = common
    for index in stride(from: common, to: max(0, common - context), by: -1) {
      if shortest - start >= telling, start < common || isBoundary(all[0], index) { break }
      if isBoundary(all[0], index) { start = index }
    }
    return start
  }

  /// Whether a word may begin at a position.
  private static func isBoundary(_ text: [Character], _ index: Int) -> Bool {
    guard index > 0, index < text.count else { return index == 0 }
    return !(text[index - 1].isLetter || text[index - 1].isNumber)
      && (text[index].isLetter || text[index].isNumber)
  }
}
