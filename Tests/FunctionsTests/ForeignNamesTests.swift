import Testing

@testable import Functions

/// The names that other languages have for functions.
struct ForeignNamesTests {
  @Test(arguments: ForeignNames.all)
  func leadsToWhatThereIs(_ name: String) throws {
    let function = try #require(ForeignNames.function(for: name))
    // `x is null` is an operator of two words.
    let names = function == "is" ? ["is null"] : [function]
    #expect(names.allSatisfy { Catalogue.scalar($0) != nil || Catalogue.aggregate($0) != nil })
    #expect(
      Catalogue.scalar(name) == nil && Catalogue.aggregate(name) == nil && Catalogue.record(name) == nil)
    #expect(ForeignNames.remedy(for: name.uppercased())?.contains("'\(function)") == true)
  }

  @Test(arguments: ["now", "CURRENT_DATE", "random"])
  func whatNoFunctionDoesHasAReason(_ name: String) {
    #expect(ForeignNames.function(for: name) == nil)
    #expect(ForeignNames.remedy(for: name)?.hasPrefix("a document ") == true)
  }

  @Test func otherNamesHaveNoRemedy() {
    for name in ["", "avg", "frobnicate"] { #expect(ForeignNames.remedy(for: name) == nil) }
  }
}
