import ArgumentParser
import Foundation
import Throughline

struct SourcesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sources", abstract: "Says what is in the project's sources.",
    discussion: "Rows, entities, times, events, properties, duplicates and rows that could not be read.")

  @Argument(help: "A source; without it all are shown.")
  var name: String?

  @OptionGroup var project: ProjectArguments

  @OptionGroup var arguments: ReadingArguments

  func run() throws {
    let session = try project.session(arguments.options())
    Terminal.show(session.projectDiagnostics)
    try session.checkSource(name, in: project.folder)
    var status: Int32 = session.projectDiagnostics.contains { $0.diagnostic.severity == .error } ? 1 : 0
    for source in session.project.sources.map(\.name) where name == nil || name == source {
      switch session.description(ofSource: source) {
      case .success(let text): Terminal.print(text)
      case .failure(let refusal):
        Terminal.show([refusal.located])
        status = 1
      }
    }
    if status != 0 { throw ExitCode(status) }
  }
}
