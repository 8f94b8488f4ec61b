import Testing
import Values

@testable import Functions

struct DesignTests {
  private func evaluate(_ name: String, _ arguments: [String: Scalar]) throws -> [String: Scalar] {
    let function = try #require(Catalogue.record(name))
    let values = try function.evaluate(function.parameters.map { arguments[$0.name] ?? $0.fallback ?? .null })
    return Dictionary(uniqueKeysWithValues: zip(function.result.map(\.name), values))
  }

  private func message(_ name: String, _ arguments: [String: Scalar]) -> String? {
    do { _ = try evaluate(name, arguments); return nil } catch { return (error as? EvaluationError)?.message }
  }

  /// Source of the sizes: R 4.2.2, `power.prop.test(p1 = .1, p2 = .11, power = .8)`: 14750.79.
  @Test func sampleSizeOfARate() throws {
    let size = try evaluate("sample_size", ["baseline": .double(0.1), "lift": .double(0.1)])
    #expect(size["per_variant"] == .integer(14751) && size["total"] == .integer(29502))
    #expect(size["power"] == .double(0.8) && size["alpha"] == .double(0.05))
  }

  @Test func moreVariantsAreComparedMoreStrictly() throws {
    func size(_ variants: Int64, _ alpha: Double) throws -> Scalar? {
      try evaluate(
        "sample_size",
        [
          "baseline": .double(0.1), "lift": .double(0.1), "variants": .integer(variants),
          "alpha": .double(alpha),
        ])[
          "per_variant"]
    }
    #expect(try size(3, 0.05) == size(2, 0.025))
  }

  @Test func badArgumentsAreToldTheRule() {
    let good: [String: Scalar] = ["baseline": .double(0.1), "lift": .double(0.1)]
    func told(_ name: String, _ value: Scalar) -> String? {
      message("sample_size", good.merging([name: value]) { $1 })
    }
    #expect(told("baseline", .double(10)) == "baseline lies between 0 and 1, not 10")
    #expect(told("baseline", .double(.nan)) == "baseline lies between 0 and 1, not NaN")
    #expect(told("lift", .double(0)) == "lift is a number other than 0, not 0")
    #expect(told("lift", .double(20)) == "baseline with lift lies between 0 and 1, not 0.1 × (1 + 20) = 2.1")
    #expect(told("power", .double(0.01)) == "power lies between alpha, 0.05, and 1, not 0.01")
    #expect(told("alpha", .double(0)) == "alpha lies between 0 and 1, not 0")
    #expect(told("variants", .integer(1)) == "variants are 2 to 1000, not 1")
    #expect(told("sides", .integer(3)) == "sides are 1 or 2, not 3")
    #expect(told("lift", .double(1e-12)) == "a lift of 1e-12 needs more units than there can be")
    #expect(
      message("sample_size_mean", ["mean": .double(0), "stddev": .double(1), "lift": .double(1)])
        == "mean is a number other than 0, not 0")
    #expect(
      message("proportion_interval", ["successes": .integer(3), "trials": .integer(2)])
        == "successes lie between 0 and trials, 2, not 3")
  }

  @Test func whatIsUnknownStaysUnknown() throws {
    let size = try evaluate("sample_size", ["baseline": .null, "lift": .double(0.1)])
    #expect(size.count == 7 && size.values.allSatisfy { $0 == .null })
    let interval = try evaluate("proportion_interval", ["successes": .integer(0), "trials": .integer(0)])
    #expect(interval.values.allSatisfy { $0 == .null })
    let mean = try evaluate(
      "mean_interval", ["mean": .double(1), "stddev": .double(0), "count": .integer(1)])
    #expect(mean["mean"] == .double(1) && mean["low"] == .null)
  }

  @Test func extremeDesignsAreAnswered() throws {
    for (mean, deviation, lift) in [(1.0, 1e-9, 1.0), (1, 1e9, 0.5), (1e300, 1, 1e8), (-5, 2, 0.1)] {
      let arguments: [String: Scalar] = [
        "mean": .double(mean), "stddev": .double(deviation), "lift": .double(lift),
      ]
      if let told = message("sample_size_mean", arguments) {
        #expect(told.contains("more units"))
      } else {
        let size = try evaluate("sample_size_mean", arguments)
        guard case .integer(let count)? = size["per_variant"] else { throw EvaluationError("not an integer") }
        #expect(count >= 1)
      }
    }
  }
}
