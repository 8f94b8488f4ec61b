import Backends
import Diagnostics
import Engine
import Foundation
import Functions
import Planning
import TestSupport
import Testing
import Values

@testable import Throughline

/// Every query of the recorded documents, on the native engine and on DuckDB.
@Suite struct EngineAgreement {
  /// The queries that have no SQL with the same answer, and why: one line each.
  private static let refusals = RecordedDocuments.repository.appending(
    path: "Tests/Documents/engine-refusals.txt")

  @Test func queriesOfDocuments() throws {
    var refused: [String] = []
    var agreed = 0
    for file in RecordedDocuments.documents {
      let session = try Session(
        folder: file.deletingLastPathComponent(), options: RunOptions(usesCache: false))
      let document = try session.run(file, parameters: [:])
      let path = file.path.replacing(RecordedDocuments.repository.path + "/", with: "")
      for (name, plan, table) in document.program.queries {
        switch try agreement(plan, table, document.program) {
        case .agreed: agreed += 1
        case .refused(let reason): refused.append("\(path) \(name): \(reason)")
        case .differs(let difference): Issue.record("\(path) \(name): \(difference)")
        }
      }
    }
    #expect(agreed > 200)
    let text = refused.joined(separator: "\n") + "\n"
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      try Data(text.utf8).write(to: Self.refusals)
    } else {
      #expect(text == (try String(contentsOf: Self.refusals, encoding: .utf8)))
    }
  }

  private enum Agreement {
    case agreed
    case refused(String)
    case differs(String)
  }

  private func agreement(_ plan: Plan, _ expected: Table, _ program: Program) throws -> Agreement {
    let inputs = program.inputs(for: [plan], limits: ExecutionLimits())
    let database = try DuckDB()
    for leaf in plan.leaves {
      switch leaf {
      case .events(let events):
        try database.load(events: Engine.run([leaf], inputs: inputs)[0].get(), of: events.source)
      case .relation(let name, _): try database.load(#require(inputs.tables[name]), as: name)
      default: break
      }
    }
    do {
      let found = try database.table(of: plan, timeZone: program.timeZone)
      return TableDifference.first(found, expected).map { .differs($0) } ?? .agreed
    } catch .refused(let refusal) {
      return .refused(refusal.message)
    } catch .cancelled {
      return .differs("it was given up")
    } catch .failed(let error) {
      return .refused(error.message)
    }
  }
}

extension Program {
  /// The queries that gave a table, in the order of the page.
  fileprivate var queries: [(name: String, plan: Plan, table: Table)] {
    // A plan has the values in it that the document has computed by now.
    isRunning = true
    defer { isRunning = false }
    return nodes.indices.compactMap { index in
      guard case .table(let table)? = values[index], case .query(let plan, _)? = meaning(of: index)
      else { return nil }
      return (nodes[index].name ?? "a query", plan, table)
    }
  }
}
