import Diagnostics
import Testing

@Suite struct NearestNameTests {
  @Test(
    "a misspelt name finds the one that was meant",
    arguments: [
      ("contry", "country"), ("COUNTRY", "country"), ("countyr", "country"), ("countrry", "country"),
      ("user_id", "userId"), ("prchase", "purchase"), ("ev", "ts"), ("größe", "grösse"), ("日本", "日木"),
    ])
  func near(name: String, meant: String) {
    let candidates = ["country", "userId", "purchase", "grösse", "日木"]
    let expected = candidates.contains(meant) ? meant : nil
    #expect(NearestName.of(name, among: candidates) == expected)
  }

  @Test(
    "a name that is far from all finds none",
    arguments: ["", "xyz", "co", "try", "purchases_of_the_last_week"])
  func far(name: String) {
    #expect(NearestName.of(name, among: ["country", "purchase"]) == nil)
  }

  @Test("a name of three letters or more is completed, unless another is near")
  func completion() {
    #expect(NearestName.of("base", among: ["lift", "baseline_rate", "baseline"]) == "baseline")
    #expect(NearestName.of("base", among: ["baseline", "bases"]) == "bases")
    #expect(NearestName.of("ba", among: ["baseline"]) == nil)
  }

  @Test("among nothing there is nothing")
  func nothing() {
    #expect(NearestName.of("a", among: [String]()) == nil)
  }

  @Test("of two that are equally near it is the first in alphabetical order, in whatever order they come")
  func ties() {
    #expect(NearestName.of("cat", among: ["rat", "bat", "hat"]) == "bat")
    #expect(NearestName.of("cat", among: ["bat", "hat", "rat"]) == "bat")
  }

  @Test("of two that are equally near it is the one that begins alike, and the longer one")
  func firstLetters() {
    #expect(NearestName.of("dsc", among: ["asc", "desc"]) == "desc")
    #expect(NearestName.of("Cat", among: ["bat", "cut"]) == "cut")
    #expect(NearestName.of("ovr", among: ["or", "over"]) == "over")
  }

  @Test("the nearer wins over the earlier")
  func nearer() {
    #expect(NearestName.of("revenue", among: ["avenue", "revenues"]) == "revenues")
  }

  @Test("neighbours that are swapped are one mistake")
  func swaps() {
    #expect(NearestName.of("form", among: ["from"]) == "from")
    #expect(NearestName.of("ab", among: ["ba"]) == "ba")
  }

  @Test("a name of any length is answered soon")
  func long() {
    let name = String(repeating: "a", count: 100_000)
    #expect(NearestName.of(name, among: [name]) == nil)
    #expect(NearestName.of("a", among: [name]) == nil)
  }
}
