import Testing
import Values

@Suite struct TextTranslationTests {
  private let texts = ["b", "", "é", "a\0", "a", "ﬁ", "b"]

  @Test func codesAreThoseOfEqualTexts() {
    let source = TextDictionary(texts)
    let target = TextDictionary(["a", "zz", "é", "a", "", "b"])
    for _ in 0..<2 {
      let found = source.translation(to: target).codes(of: [0, 1, 2, 3, 4, 5, 6, 0], validity: nil)
      #expect(found == [5, 4, 2, -1, 0, -1, 5, 5])
    }
    let nulls = source.translation(to: target).codes(of: [0, 0, 4], validity: [0, 1, 1])
    #expect(nulls == [-1, 5, 0])
  }

  @Test func equalTextsOfOneDictionaryHaveItsFirstCode() {
    let dictionary = TextDictionary(texts)
    #expect(dictionary.translation(to: dictionary).codes(of: [0, 1, 6], validity: nil) == [0, 1, 0])
  }

  @Test func noTexts() {
    let (none, some) = (TextDictionary([]), TextDictionary(["a"]))
    #expect(none.translation(to: some).codes(of: [0, 0], validity: [0, 0]) == [-1, -1])
    #expect(some.translation(to: none).codes(of: [0], validity: nil) == [-1])
  }

  @Test func manyDictionariesTakeTurns() {
    let source = TextDictionary((0..<300).map { "t\($0)" })
    let targets = (0..<9).map { shift in TextDictionary((shift..<300 + shift).map { "t\($0)" }) }
    for _ in 0..<2 {
      for (shift, target) in targets.enumerated() {
        let found = source.translation(to: target).codes(of: [0, 10, 299], validity: nil)
        #expect(found == [shift == 0 ? 0 : -1, Int32(10 - shift), Int32(299 - shift)])
      }
    }
  }

  @Test func severalThreadsFindTheSame() async {
    let source = TextDictionary((0..<5000).map { "t\($0)" })
    let target = TextDictionary((0..<5000).reversed().map { "t\($0 * 2)" })
    let codes = (0..<5000).map { UInt32($0) }
    let expected = codes.map { $0 % 2 == 0 ? Int32(4999 - $0 / 2) : -1 }
    await withTaskGroup(of: [Int32].self) { group in
      for _ in 0..<8 {
        group.addTask { source.translation(to: target).codes(of: codes, validity: nil) }
      }
      for await found in group { #expect(found == expected) }
    }
  }

  /// Texts of sorted dictionaries are searched for beside each other, until hashing all of them is less work.
  @Test(arguments: [1, 2, 7, 100, 3000]) func sortedTexts(_ count: Int) {
    var state: UInt64 = 5
    func below(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(limit))
    }
    func number(_ value: Int) -> String { String(repeating: "0", count: 7 - "\(value)".count) + "\(value)" }
    for share in [0, 10, 50, 99, 100] {
      func texts() -> [String] {
        (0..<count).filter { _ in below(100) < share }.map { "a shared beginning \(number($0))" }
      }
      let (sources, targets) = (texts(), texts())
      let places = Dictionary(uniqueKeysWithValues: targets.enumerated().map { ($1, Int32($0)) })
      let expected = sources.map { places[$0] ?? -1 }
      let (source, target) = (TextDictionary(sources), TextDictionary(targets))
      #expect(source.isSorted && target.isSorted)
      // In their order and against it, and some here and there in several turns.
      let all = sources.indices.map { UInt32($0) }
      for codes in [all, all.reversed()] {
        let fresh = TextDictionary(sources)
        #expect(
          fresh.translation(to: target).codes(of: codes, validity: nil) == codes.map { expected[Int($0)] })
      }
      guard !sources.isEmpty else { continue }
      for _ in 0..<40 {
        let codes = (0..<100).map { _ in UInt32(below(sources.count)) }
        #expect(
          source.translation(to: target).codes(of: codes, validity: nil) == codes.map { expected[Int($0)] })
      }
    }
  }
}
