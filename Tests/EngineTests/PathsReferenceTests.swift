import Planning
import Testing
import Values

@testable import Engine

/// The worked cases of paths, edge by edge and end by end.
struct PathsReferenceTests {
  @Test(arguments: OperatorCases.of("paths"))
  func paths(_ known: OperatorCases.Case) throws {
    let log = try known.log()
    let options = known.options
    let gap = options.gap.map { $0 * 1_000_000 }
    let input = gap.map { Plan.sessions(SessionsPlan(input: known.events(log), gap: $0)) }
    let plan = PathsPlan(
      input: input ?? known.events(log), event: event,
      anchor: options.start.map { .from(isEvent($0)) } ?? .beginning,
      depth: try #require(options.depth), session: input.map { _ in .column(4, .text) },
      repeats: options.collapse == false ? .kept : .collapsed, hidden: options.hide.map(isEvent))
    let found = Set(try rows(.paths(plan), log).map { Array($0.prefix(4)) })
    let expected = known.expected.map { step -> [Scalar] in
      [
        .integer(step.position ?? 0), .text(step.source ?? ""), step.target.map { .text($0) } ?? .null,
        .integer(step.paths ?? 0),
      ]
    }
    #expect(found == Set(expected))
    #expect(found.count == expected.count)
  }

  @Test func thereAreCases() { #expect(OperatorCases.of("paths").count == 3) }
}
