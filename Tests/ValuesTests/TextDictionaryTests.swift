import Testing
import Values

@Suite struct TextDictionaryTests {
  /// Texts whose order by bytes differs from that by letters, by Unicode equivalence or by UTF-16.
  static let sorted = ["", "\0", "A", "Z", "a", "a\0", "aa", "b", "e\u{301}", "z", "é", "日本", "ﬁ", "😀"]

  @Test func textsComeBackByTheirCodes() {
    let dictionary = TextDictionary(Self.sorted)
    #expect(dictionary.count == Self.sorted.count)
    for (code, text) in Self.sorted.enumerated() {
      #expect(Array(dictionary.text(code).utf8) == Array(text.utf8))
      #expect(Array(dictionary.utf8(code)) == Array(text.utf8))
      #expect(dictionary.code(of: text) == code)
    }
  }

  @Test func orderIsThatOfTheBytes() {
    #expect(TextDictionary(Self.sorted).isSorted)
    #expect(!TextDictionary(Self.sorted.reversed()).isSorted)
    #expect(!TextDictionary(["a", "a"]).isSorted, "a text that occurs twice is not in order")
    #expect(TextDictionary([]).isSorted)
    #expect(TextDictionary(["b"]).isSorted)
  }

  @Test(arguments: [true, false]) func absentTextsHaveNoCode(isSorted: Bool) {
    let dictionary = TextDictionary(isSorted ? Self.sorted : Self.sorted.reversed())
    for text in ["B", "ab", "a\0\0", "e", "\u{E8}", "日", "😀😀", "\u{10FFFF}"] {
      #expect(dictionary.code(of: text) == nil)
    }
    #expect(dictionary.code(of: "日本") != nil)
    #expect(TextDictionary([]).code(of: "") == nil)
  }

  @Test func canonicallyEqualTextsAreDifferentTexts() {
    let dictionary = TextDictionary(["é", "e\u{301}"])
    #expect(dictionary.code(of: "é") == 0)
    #expect(dictionary.code(of: "e\u{301}") == 1)
  }

  @Test func comparisonIsThatOfTheBytes() {
    let dictionary = TextDictionary(Self.sorted)
    for a in Self.sorted.indices {
      for b in Self.sorted.indices {
        let order = TextDictionary.compare(dictionary.utf8(a), dictionary.utf8(b))
        #expect(order.signum() == (a - b).signum())
      }
    }
  }

  @Test func aBuilderGivesCodesInOrderOfAppearance() {
    var builder = TextDictionaryBuilder()
    #expect(builder.build().count == 0)
    let texts = ["b", "", "a", "b", "é", "e\u{301}", "", "a"]
    #expect(texts.map { builder.code(for: $0) } == [0, 1, 2, 0, 3, 4, 1, 2])
    #expect(builder.count == 5)
    let dictionary = builder.build()
    #expect((0..<5).map { Array(dictionary.text($0).utf8) } == [0, 1, 2, 4, 5].map { Array(texts[$0].utf8) })
  }

  @Test func manyTextsKeepTheirCodesWhileTheBuilderGrows() {
    var builder = TextDictionaryBuilder()
    for number in 0..<20_000 {
      #expect(builder.code(for: "text \(number)") == UInt32(number))
      #expect(builder.code(for: "text \(number / 2)") == UInt32(number / 2))
    }
    let dictionary = builder.build()
    #expect(dictionary.count == 20_000)
    #expect(dictionary.text(12_345) == "text 12345")
    #expect(!dictionary.isSorted)
  }

  @Test func `Texts that differ in one byte, or in one at the end, have codes of their own`() {
    var interner = TextInterner()
    var texts: Set<[UInt8]> = []
    for count in 0..<20 {
      let plain = [UInt8](repeating: 120, count: count)
      texts.insert(plain)
      for place in 0..<count {
        var other = plain
        other[place] = 121
        texts.insert(other)
      }
      texts.insert(plain + [0])
    }
    for _ in 0..<2 { for text in texts { _ = text.withUnsafeBufferPointer { interner.code(for: $0) } } }
    #expect(interner.count == texts.count)
  }
}
