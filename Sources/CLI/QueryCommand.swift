import ArgumentParser
import Foundation
import Throughline

struct QueryCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case table, csv, json }

  static let configuration = CommandConfiguration(
    commandName: "query", abstract: "Runs one query against a source and prints the result.",
    discussion: """
      Example: throughline query 'from events |> aggregate count(*) as events group by event'

      On a terminal a table shows as many columns as its width has room for; a pipe and the other formats get all.
      """)

  @Argument(help: "A query.")
  var query: String

  @Option(help: "The source of 'events'; needed when the project has more than one.")
  var source: String?

  @OptionGroup var project: ProjectArguments

  @Option(help: "How the result is printed: table, csv or json.")
  var format: Format = .table

  @OptionGroup var arguments: RunArguments

  func run() throws {
    let session = try project.session(arguments.options())
    try session.checkChoice(of: source, in: project.folder)
    let result = session.query(query, source: source)
    Terminal.show(result.diagnostics)
    guard let table = result.table else { throw ExitCode(Rendering.Outcome.failed.rawValue) }
    switch format {
    case .table:
      Terminal.print(TableText.aligned(table, timeZone: session.project.timeZone, width: Terminal.width))
    case .csv: Terminal.print(TableText.commaSeparated(table), terminator: "")
    case .json: Terminal.print(TableText.json(table), terminator: "")
    }
  }
}
