import Testing
import Values

@Suite struct TextInternerTests {
  private func code(_ text: String, _ interner: inout TextInterner) -> UInt32 {
    Array(text.utf8).withUnsafeBufferPointer { interner.code(for: $0) }
  }

  @Test(arguments: [0, 1, 48, 49, 5000]) func `Texts keep their codes as others come`(count: Int) {
    var interner = TextInterner()
    for number in 0..<count { #expect(code("text \(number)", &interner) == number) }
    for number in 0..<count { #expect(code("text \(number)", &interner) == number) }
    #expect(interner.count == count)
    let dictionary = interner.dictionary()
    #expect((0..<count).allSatisfy { dictionary.text($0) == "text \($0)" })
  }

  @Test func `A dictionary stays what it was when texts are added behind it`() {
    var interner = TextInterner()
    _ = code("a", &interner)
    let before = interner.dictionary()
    for number in 0..<1000 { _ = code("more \(number)", &interner) }
    #expect(before.count == 1)
    #expect(before.text(0) == "a")
    #expect(interner.dictionary().text(1000) == "more 999")
  }

  @Test func `Copies go on for themselves`() {
    var one = TextInterner()
    _ = code("both", &one)
    var other = one
    #expect(code("one", &one) == 1)
    #expect(code("other", &other) == 1)
    #expect((one.dictionary().text(1), other.dictionary().text(1)) == ("one", "other"))
    #expect(one.byteCount == 7 && other.byteCount == 9)
  }

  @Test func `An interner that forgot its texts begins anew, and others keep theirs`() {
    var interner = TextInterner()
    for number in 0..<1000 { _ = code("text \(number)", &interner) }
    let dictionary = interner.dictionary()
    interner.removeAll()
    #expect(interner.count == 0 && interner.byteCount == 0)
    #expect(code("text 7", &interner) == 0)
    #expect(code("new", &interner) == 1)
    #expect(code("text 7", &interner) == 0)
    #expect(dictionary.count == 1000 && dictionary.text(999) == "text 999")
  }
}
