import Testing
import Values

@Suite struct ScalarTests {
  private static let distinct: [Scalar] = [
    .null, .boolean(false), .boolean(true), .integer(0), .integer(1), .double(0), .double(-0.0),
    .double(.nan),
    .double(.infinity), .text(""), .text("\u{E9}"), .text("e\u{301}"), .timestamp(0), .date(0), .duration(0),
  ]

  @Test func `Constants are the same where nothing tells them apart`() {
    for (index, one) in Self.distinct.enumerated() {
      for (otherIndex, other) in Self.distinct.enumerated() {
        #expect((one == other) == (index == otherIndex), "\(one) and \(other)")
      }
    }
    #expect(Set(Self.distinct).count == Self.distinct.count)
    #expect(Set(Self.distinct + Self.distinct).count == Self.distinct.count)
  }

  @Test func `Texts are in the order of their bytes`() {
    let texts = ["b", "e\u{301}", "\u{E9}", "", "a", "ab"].map(ExactText.init)
    #expect(texts.sorted().map(\.string.utf8.count) == [0, 1, 2, 1, 3, 2])
    #expect(ExactText("e\u{301}") < ExactText("\u{E9}") && ExactText("e\u{301}") != ExactText("\u{E9}"))
  }
}
