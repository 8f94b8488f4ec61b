import Diagnostics
import Foundation
import Functions
import Testing
import Values

@testable import Throughline

/// Every example of the catalogue, run as a user would write it: parsed, checked and computed.
@Suite struct FunctionExamples {
  private static let folder = RecordedDocuments.repository.appending(path: "Tests/Documents")

  @Test("examples of functions, in a computation and in a query", arguments: Catalogue.scalars.map(\.name))
  func scalar(name: String) throws {
    for example in try #require(Catalogue.scalar(name)).examples {
      #expect(try Self.computed(example) == [example.result], "\(example.expression)")
      #expect(try Self.queried("select", example) == [example.result], "\(example.expression)")
    }
  }

  @Test("examples of records, in a computation and in a query", arguments: Catalogue.records.map(\.name))
  func record(name: String) throws {
    for example in try #require(Catalogue.record(name)).examples {
      #expect(try Self.computed(example) == [example.result], "\(example.expression)")
      #expect(try Self.queried("select", example) == [example.result], "\(example.expression)")
    }
  }

  @Test("examples of aggregates, over their table", arguments: Catalogue.aggregates.map(\.name))
  func aggregate(name: String) throws {
    for example in try #require(Catalogue.aggregate(name)).examples {
      #expect(try Self.queried("aggregate", example) == [example.result], "\(example.expression)")
    }
  }

  @Test("examples of look-ups, over the rows of one entity", arguments: Catalogue.positionals.map(\.name))
  func positional(name: String) throws {
    for example in try #require(Catalogue.positional(name)).examples {
      let values = try Self.lookedUp(example)
      #expect(values.map { $0.isEmpty ? "null" : $0 }.joined(separator: ", ") == example.result)
    }
  }

  // MARK: Documents

  /// What an example gives as a line of a computation.
  private static func computed(_ example: Example) throws -> [String] {
    try result(of: "```compute\nlet result = \(example.expression)\n```\n")
  }

  /// What an example gives in a step of a query over its table, or over a table of one row.
  private static func queried(_ step: String, _ example: Example) throws -> [String] {
    let data = example.input.isEmpty ? "row\n1" : lines(example.input).joined(separator: "\n")
    return try result(
      of: """
        ```data given
        \(data)
        ```

        ```query result
        from given
        |> \(step) \(example.expression) as result
        ```

        """)
  }

  /// What an example gives for each row of one entity, an hour apart.
  private static func lookedUp(_ example: Example) throws -> [String] {
    let rows = lines(example.input).enumerated().map { row, line in
      row == 0 ? "who,at,what,\(line)" : "one,2026-01-01 0\(row):00,does,\(line)"
    }
    return try result(
      of: """
        ```data given {entity: who, time: at, event: what}
        \(rows.joined(separator: "\n"))
        ```

        ```query result
        from given
        |> select \(example.expression) as result
        ```

        """)
  }

  /// The values of `result` in a document, as machines read them; what is wrong instead, where something is.
  private static func result(of text: String) throws -> [String] {
    let session = try Session(folder: folder, options: RunOptions(usesCache: false))
    let document = session.run(SourceText(name: "example.md", text: text), folder: folder, parameters: [:])
    let mistakes = document.diagnostics.filter { $0.diagnostic.severity == .error }
    guard mistakes.isEmpty else { return mistakes.map { $0.diagnostic.rendered(in: $0.source) } }
    switch document.program.knownValue("result") {
    case .scalar(let scalar, _)?: return [ValueFormatter.machine(scalar)]
    case .table(let table)?: return table.columns.flatMap { $0.scalars.map(ValueFormatter.machine) }
    case .column?, .record?, .figure?, nil: return []
    }
  }

  /// A table as comma-separated values that are read back with the types that they have. Its rows are numbered, for a
  /// line with nothing on it is no row.
  private static func lines(_ input: [Example.Input]) -> [String] {
    let rows = (input.first?.values ?? []).indices.map { row in
      "\(row)," + input.map { written($0.values[row], $0.type) }.joined(separator: ",")
    }
    return ["row," + input.map(\.name).joined(separator: ",")] + rows
  }

  private static func written(_ scalar: Scalar, _ type: ScalarType) -> String {
    let text = ValueFormatter.machine(scalar)
    switch (scalar, type) {
    case (.null, _): return ""
    case (_, .text): return "\"\(text)\""
    case (_, .double): return text.contains(".") ? text : text + ".0"
    default: return text
    }
  }
}
