import Testing
import Values

@Suite struct IsolationTests {
  @Test(arguments: [
    ("web", "web"), ("", ""), ("שלום", "\u{2068}שלום\u{2069}"), ("שלום (5)", "\u{2068}שלום (5)\u{2069}"),
    ("a \u{2068}שלום\u{2069} (5)", "a \u{2068}שלום\u{2069} (5)"),
    ("\u{2068}שלום\u{2069} مرحبا", "\u{2068}\u{2068}שלום\u{2069} مرحبا\u{2069}"),
    ("\u{202E}gpj.exe\u{202C}", "gpj.exe"), ("\u{2067}a\u{2069}b\u{2069}", "ab"),
    ("\u{2068}a", "a"), ("a\u{2069}", "a"), ("\u{2067}\u{2068}a\u{2069}\u{2069}", "\u{2068}a\u{2069}"),
  ])
  func textsFromRightToLeftAreIsolatedOnce(_ text: String, _ expected: String) {
    let isolated = Isolation.isolated(text)
    #expect(isolated.unicodeScalars.elementsEqual(expected.unicodeScalars))
    #expect(Isolation.isolated(isolated) == isolated)
  }

  @Test func pairsAreThoseThatBeginAndEnd() {
    #expect(Isolation.pairs(in: "ab") == [])
    #expect(Isolation.pairs(in: "\u{2068}a\u{2069}\u{2069}\u{2068}") == [0, 2])
    #expect(Isolation.pairs(in: "\u{2068}\u{2066}a\u{2069}b\u{2069}") == [0, 5])
  }

  @Test func aCutLeavesWhatKeepsTheOthersIsolated() {
    #expect(Isolation.remainder(of: "a\u{2068}b\u{2069}") == "")
    #expect(Isolation.remainder(of: "a\u{2069}b\u{2068}c") == "\u{2069}\u{2068}")
    #expect(Isolation.closing("\u{2068}\u{2068}") == "\u{2069}\u{2069}")
  }
}
