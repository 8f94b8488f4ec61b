import Diagnostics
import Testing

@testable import Simulation

@Suite struct SpecificationReadingTests {
  /// What is wrong with the shop's description after a text in it was replaced: for each mistake its identifier,
  /// the text under the caret, and the message.
  private func mistakes(replacing text: String, with other: String) throws -> [String] {
    try #require(Fixture.description.contains(text))
    return mistakes(in: Fixture.description.replacing(text, with: other, maxReplacements: 1))
  }

  private func mistakes(in description: String) -> [String] {
    let source = SourceText(name: "shop.yaml", text: description)
    let (shop, diagnostics) = Simulation.read(source)
    #expect((shop == nil) == !diagnostics.isEmpty)
    return diagnostics.map { diagnostic in
      let place = diagnostic.range.map(source.text(in:)) ?? ""
      let hint = diagnostic.hints.map { " (\($0))" }.joined()
      return "\(diagnostic.id) @\(place): \(diagnostic.message)\(hint)"
    }
  }

  @Test func `The shop of the analyses is read as it is written`() throws {
    let shop = try Fixture.shop(people: 7)
    #expect(shop.people == 7)
    #expect(shop.dayCount == 182)
    #expect(shop.countries.map(\.name) == ["US", "DE", "GB", "IN", "FR", "BR", "JP"])
    #expect(shop.countries[0].platforms == [0.52, 0.32, 0.16])
    #expect(shop.countries[1].platforms == [0.56, 0.2, 0.24])
    #expect(shop.catalogue.searchTerms.contains("monitor arm 27\""))
    let video = try #require(shop.education?.variants.last?.effect)
    #expect(video.countries == [0, -0.04, 0, 0.09, 0, 0.08, -0.05])
    #expect(video.visits.map(\.from) == [1, 3, 6])
    #expect(shop.education?.variants[0].effect == nil)
  }

  @Test func `Unknown and missing keys name their neighbours`() throws {
    #expect(
      try mistakes(replacing: "  checkout:", with: "  chekout:") == [
        "shop-no-key @chekout: no key named 'chekout' in 'buying' (did you mean 'checkout'?)"
      ])
    #expect(
      try mistakes(replacing: "{DE: 3%, JP", with: "{DEE: 3%, JP") == [
        "shop-no-key @DEE: no key named 'DEE' in 'education.variants.text.effect.countries' (did you mean 'DE'?)"
      ])
    #expect(
      try mistakes(replacing: "people: 82_000", with: "crowd: 82_000").map { $0.prefix(12) } == [
        "shop-no-key ", "shop-missing",
      ])
  }

  @Test func `A section that is missing is one mistake`() throws {
    let start = try #require(Fixture.description.range(of: "\nvisits:"))
    let end = try #require(Fixture.description.range(of: "\nbrowsing:"))
    var text = Fixture.description
    text.removeSubrange(start.lowerBound..<end.lowerBound)
    #expect(mistakes(in: text).map { $0.split(separator: ": ").last } == ["the description has no 'visits'"])
  }

  @Test(arguments: [
    (
      "starts: 2025-12-29", "starts: 2025-02-30",
      "shop-value @2025-02-30: 'starts' is a date (a date is written like 2026-06-28)"
    ),
    (
      "ends: 2026-06-28", "ends: 2025-06-28",
      "shop-value @2025-06-28: a log ends on or after the day it starts, and covers at most 1100 days"
    ),
    ("seed: 2026", "seed: -1", "shop-value @-1: 'seed' is a whole number between 0 and 9223372036854775807"),
    (
      "people: 82_000", "people: 1e99",
      "shop-value @1e99: 'people' is a whole number between 0 and 1000000000"
    ),
    ("bounce: 42%", "bounce: 142%", "shop-value @142%: 'browsing.bounce' lies between 0 and 1"),
    (
      "bounce: 42%", "bounce: nan",
      "shop-value @nan: 'browsing.bounce' is a number (a number is written like 0.25 or 25%)"
    ),
    (
      "bounce: 42%", "bounce: '0.4'",
      "shop-value @'0.4': 'browsing.bounce' is a number (a number is written like 0.25 or 25%)"
    ),
    (
      "bounce: 42%", "bounce: [1]",
      "shop-value @[: 'browsing.bounce' is a number (a number is written like 0.25 or 25%)"
    ),
    ("files: week", "files: month", "shop-value @month: a file covers a 'week', a 'day' or an 'hour'"),
    (
      "US: {share: 34%", "US: {share: 33%",
      "shop-shares @countries: the shares of the countries add up to 100%"
    ),
    ("web: 52%", "web: 51%", "shop-shares @platforms: the shares of the platforms add up to 100%"),
    (
      "Europe/London", "Europe/Londen",
      "shop-value @Europe/Londen: no time zone named 'Europe/Londen' (a time zone is named like 'Europe/Berlin')"
    ),
    ("{1: 0%, 3: 2%}", "{1: 0%, x: 2%}", "shop-value @x: a step starts at a number of visits from 1 to 1000"),
    ("[1.05, 1.00,", "[1.05,", "shop-value @weekdays: 'arrivals.weekdays' is a list of 7 numbers"),
    ("topics: [delivery,", "topics: [{a: b},", "shop-value @{: 'support.topics' is text"),
    (
      "control: {share: 50%}", "control: {share: 50%, share: 50%}",
      "shop-yaml @share: the key 'share' stands more than once in a mapping"
    ),
  ])
  func `A value that cannot be is one mistake at its place`(text: String, other: String, mistake: String)
    throws
  {
    #expect(try mistakes(replacing: text, with: other) == [mistake])
  }

  @Test func `A description that is no description says what it is`() {
    #expect(mistakes(in: "") == ["shop-yaml @: the description is empty"])
    #expect(mistakes(in: "- a").first == "shop-value @-: a description is a mapping")
    #expect(mistakes(in: "a: [1, 2").first?.hasPrefix("shop-yaml @") == true)
    #expect(mistakes(in: String(repeating: "[", count: 100_000)).count == 1)
    #expect(
      mistakes(in: String(repeating: " ", count: 2 << 20)) == [
        "shop-yaml @: a description has at most 1048576 bytes"
      ])
    let (shop, diagnostics) = Simulation.read(SourceText(name: "shop.yaml", utf8: [0x61, 0x3A, 0xFF]))
    #expect(shop == nil)
    #expect(diagnostics.map(\.message) == ["a description is UTF-8"])
  }

  @Test func `Anchors are refused wherever they stand`() {
    // Ten lines that would stand for ten to the tenth texts.
    var text = "a0: &a0 [x]\n"
    for level in 1...10 {
      text += "? &a\(level) [\((0..<10).map { _ in "*a\(level - 1)" }.joined(separator: ","))]\n: x\n"
    }
    let refusal =
      "shop-yaml @&a0: a description has no anchors and no aliases "
      + "(write the value out; in a text, put a blank after the '&')"
    #expect(mistakes(in: text) == [refusal])
    #expect(mistakes(in: "plain 'n\n'" + text).first?.hasPrefix("shop-yaml") == true)
    #expect(YAMLReferences.first(in: Array("R&D, salt & pepper".utf8)) == nil)
    #expect(YAMLReferences.first(in: Array("[&x]".utf8)) == SourceRange(1, 3))
    #expect(mistakes(in: "a: *b").first?.hasPrefix("shop-yaml") == true)
  }

  @Test func `Damaged descriptions never stop the reader`() {
    let bytes = Array(Fixture.description.utf8)
    var random = SeededRandom(seed: 11)
    for _ in 0..<150 {
      var damaged = bytes
      switch random.next() % 3 {
      case 0: damaged.removeLast(Int(random.next() % UInt64(bytes.count)))
      case 1: damaged[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      default:
        let start = Int(random.next() % UInt64(bytes.count))
        damaged.removeSubrange(start..<min(bytes.count, start + 20))
      }
      let source = SourceText(name: "shop.yaml", utf8: damaged)
      let (shop, diagnostics) = Simulation.read(source)
      #expect((shop == nil) == !diagnostics.isEmpty)
      for diagnostic in diagnostics { #expect(!diagnostic.rendered(in: source).isEmpty) }
    }
  }
}
