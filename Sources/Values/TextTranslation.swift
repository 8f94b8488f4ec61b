import Synchronization

/// Which code of a dictionary has the text that a code of another one has: looked up once for each code, when it is
/// first asked for, and kept with the dictionaries for whoever asks next.
public final class TextTranslation: @unchecked Sendable {
  private weak let source: TextDictionary?
  private weak let target: TextDictionary?
  /// How often texts were compared to find others.
  private let comparisons = Atomic<Int>(0)
  /// By code: 0 where it was not asked for, 1 where the target has no such text, else the target's code and 2. Whoever
  /// comes second finds out the same.
  private let found: UnsafeMutablePointer<Atomic<UInt32>>
  private let count: Int

  fileprivate init(from source: TextDictionary, to target: TextDictionary) {
    self.source = source
    self.target = target
    count = source.count
    found = .allocate(capacity: max(count, 1))
    for code in 0..<count { (found + code).initialize(to: Atomic(0)) }
  }

  deinit {
    found.deinitialize(count: count)
    found.deallocate()
  }

  fileprivate func leads(to other: TextDictionary) -> Bool { target === other }
  fileprivate var isOfUse: Bool { target != nil }

  /// The target's codes of a column's texts, of several equal ones the first; -1 for null, and where the target has no
  /// such text.
  public func codes(of codes: [UInt32], validity: [UInt8]?) -> [Int32] {
    guard let source, let target else { preconditionFailure("who translates holds both dictionaries") }
    var search = TextSearch(source, target)
    let index = isSearched(source, target) ? nil : target.index
    defer { comparisons.add(search.comparisons, ordering: .relaxed) }
    return [Int32](unsafeUninitializedCapacity: codes.count) { result, initialized in
      for row in 0..<codes.count {
        let code = Int(codes[row])
        // A null has a code of its own even where the dictionary is empty.
        guard validity == nil || validity?[row] != 0 else {
          result.initializeElement(at: row, to: -1)
          continue
        }
        precondition(code < count, "a text code lies outside its dictionary")
        var known = found[code].load(ordering: .relaxed)
        if known == 0 {
          let new =
            if let index { index.code(of: source.utf8(code), in: target) } else { search.code(of: code) }
          known = new.map { $0 + 2 } ?? 1
          found[code].store(known, ordering: .relaxed)
        }
        result.initializeElement(
          at: row, to: Int32(truncatingIfNeeded: Int(known) - 2) | -(known == 1 ? 1 : 0))
      }
      initialized = codes.count
    }
  }

  /// Whether texts are searched for, and not looked up by their hash. Searching is quick where texts are asked for in
  /// their order; once it took as long as hashing all texts would have, it is given up.
  private func isSearched(_ source: TextDictionary, _ target: TextDictionary) -> Bool {
    source.isSorted && target.isSorted && comparisons.load(ordering: .relaxed) < 4 * target.count + 64
  }
}

/// Finds texts of a sorted dictionary in another one, each from where the last one was.
struct TextSearch {
  private let source: TextDictionary
  private let target: TextDictionary
  private var lastSource = 0
  /// Where the last text is, or would be.
  private var lastTarget = 0
  /// How often texts were compared.
  private(set) var comparisons = 0

  init(_ source: TextDictionary, _ target: TextDictionary) {
    self.source = source
    self.target = target
  }

  /// The target's code of a text of the source.
  mutating func code(of code: Int) -> UInt32? {
    let text = source.utf8(code)
    var (low, high) = (0, target.count)
    // Where both have the same texts, the next is as far on as its code is. From there steps double.
    var probe = max(0, min(lastTarget + code - lastSource, high - 1))
    var step = 1
    lastSource = code
    while low < high {
      comparisons += 1
      let order = TextDictionary.compare(target.utf8(probe), text)
      if order == 0 {
        lastTarget = probe
        return UInt32(truncatingIfNeeded: probe)
      }
      if order < 0 {
        low = probe + 1
        probe = min(probe + step, low + (high - low) / 2)
      } else {
        high = probe
        probe = max(probe - step, low + (high - low) / 2)
      }
      step *= 2
    }
    lastTarget = low
    return nil
  }
}

/// The texts of a dictionary by their hash.
final class TextIndex: Sendable {
  /// The upper half of each is a text's hash, the lower its code and 1; 0 where there is none. With linear probing, a
  /// power of two long.
  private let slots: [UInt64]

  init(_ texts: TextDictionary) {
    var size = 64
    while size < texts.count * 2 { size *= 2 }
    let mask = size - 1
    var slots = [UInt64](repeating: 0, count: size)
    for code in 0..<texts.count {
      let text = texts.utf8(code)
      let hash = TextInterner.hash(text)
      var slot = Int(hash) & mask
      var isNew = true
      while slots[slot] != 0, isNew {
        isNew = !TextIndex.holds(slots[slot], text, hash, texts)
        if isNew { slot = (slot + 1) & mask }
      }
      if isNew { slots[slot] = UInt64(hash) << 32 | UInt64(code + 1) }
    }
    self.slots = slots
  }

  /// The first code of a text among those that the index was made of.
  func code(of text: UnsafeBufferPointer<UInt8>, in texts: TextDictionary) -> UInt32? {
    let hash = TextInterner.hash(text)
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    while slots[slot] != 0 {
      if TextIndex.holds(slots[slot], text, hash, texts) {
        return UInt32(truncatingIfNeeded: slots[slot]) - 1
      }
      slot = (slot + 1) & mask
    }
    return nil
  }

  @inline(__always)
  private static func holds(
    _ slot: UInt64, _ text: UnsafeBufferPointer<UInt8>, _ hash: UInt32, _ texts: TextDictionary
  ) -> Bool {
    guard UInt32(truncatingIfNeeded: slot >> 32) == hash else { return false }
    let known = texts.utf8(Int(UInt32(truncatingIfNeeded: slot)) - 1)
    return known.count == text.count && TextDictionary.compare(known, text) == 0
  }
}

/// What is found out about a dictionary and kept while it lives.
struct TextLookUps {
  var index: TextIndex?
  var translations: [TextTranslation] = []
  /// Texts are rarely compared with those of more dictionaries in turn.
  static let mostTranslations = 4
}

extension TextDictionary {
  /// The texts by their hash, made when first asked for.
  var index: TextIndex {
    lookUps.withLock { known in
      if let index = known.index { return index }
      let made = TextIndex(self)
      known.index = made
      return made
    }
  }

  /// How codes of this dictionary become codes of another one.
  public func translation(to other: TextDictionary) -> TextTranslation {
    if let known = lookUps.withLock({ $0.translations.first { $0.leads(to: other) } }) { return known }
    let made = TextTranslation(from: self, to: other)
    return lookUps.withLock { lookUps in
      if let known = lookUps.translations.first(where: { $0.leads(to: other) }) { return known }
      lookUps.translations.removeAll { !$0.isOfUse }
      if lookUps.translations.count == TextLookUps.mostTranslations { lookUps.translations.removeFirst() }
      lookUps.translations.append(made)
      return made
    }
  }
}
