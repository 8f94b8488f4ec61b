import Testing
import Values

@testable import Functions

/// What holds for every entry of the catalogue.
struct CatalogueTests {
  @Test(arguments: Catalogue.scalars.map(\.name))
  func scalarExamplesRun(name: String) throws {
    let function = try #require(Catalogue.scalar(name))
    #expect(!function.examples.isEmpty)
    for example in function.examples {
      let result = try ExampleRunner.result(of: example)
      #expect(result == example.result, "\(example.expression)")
    }
  }

  @Test(arguments: Catalogue.aggregates.map(\.name))
  func aggregateExamplesRun(name: String) throws {
    let function = try #require(Catalogue.aggregate(name))
    #expect(!function.examples.isEmpty)
    for example in function.examples {
      let result = try ExampleRunner.result(of: example)
      #expect(result == example.result, "\(example.expression)")
    }
  }

  @Test(arguments: Catalogue.records.map(\.name))
  func recordExamplesRun(name: String) throws {
    let function = try #require(Catalogue.record(name))
    #expect(!function.examples.isEmpty)
    for example in function.examples {
      let result = try ExampleRunner.result(of: example)
      #expect(result == example.result, "\(example.expression)")
    }
  }

  @Test func namesAreUniqueAndLowerCase() {
    let scalars = Catalogue.scalars.map(\.name)
    let aggregates = Catalogue.aggregates.map(\.name)
    let records = Catalogue.records.map(\.name)
    let positionals = Catalogue.positionals.map(\.name)
    let all = scalars + aggregates + positionals + records
    #expect(Set(all).count == all.count)
    #expect(all.allSatisfy { $0 == $0.lowercased() })
  }

  @Test func summariesAreSentences() {
    let summaries =
      Catalogue.scalars.map(\.summary) + Catalogue.aggregates.map(\.summary)
      + Catalogue.positionals.map(\.summary) + Catalogue.records.map(\.summary)
    for summary in summaries { #expect(summary.hasSuffix("."), "\(summary)") }
  }

  @Test func overloadsDiffer() {
    for function in Catalogue.scalars {
      let signatures = function.overloads.map { $0.parameters.map { "\($0.type) \($0.demand)" } }
      #expect(Set(signatures).count == signatures.count, "\(function.name)")
    }
    for function in Catalogue.aggregates {
      let signatures = function.overloads.map { $0.parameters.map(\.type) }
      #expect(Set(signatures).count == signatures.count, "\(function.name)")
    }
  }

  @Test func defaultsAreOfTheirType() {
    let parameters =
      Catalogue.scalars.flatMap { $0.overloads.flatMap(\.parameters) }
      + Catalogue.aggregates.flatMap { $0.overloads.flatMap(\.parameters) }
      + Catalogue.records.flatMap(\.parameters)
    for parameter in parameters {
      guard let fallback = parameter.fallback else { continue }
      #expect(fallback.type == parameter.type, "\(parameter.name)")
    }
  }

  /// The checker reads the arguments of the row before and after by their places.
  @Test func neighboursTakeAValueAnOffsetAndADefault() {
    for function in Catalogue.positionals where function.meaning != .elapsed {
      #expect(function.overloads.map(\.result) == ScalarType.allCases)
      for overload in function.overloads {
        #expect(overload.parameters.map(\.type) == [overload.result, .integer, overload.result])
        #expect(overload.parameters.map(\.fallback) == [nil, .integer(1), .null])
      }
    }
  }

  @Test func displayFollowsAnArgumentThatIsThere() {
    for function in Catalogue.scalars {
      guard case .argument(let position) = function.display else { continue }
      for overload in function.overloads {
        #expect(overload.isVariadic || position < overload.parameters.count, "\(function.name)")
      }
    }
  }
}
