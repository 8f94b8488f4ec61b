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
}
