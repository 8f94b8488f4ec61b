import ArgumentParser
import Foundation
import Throughline

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Shows what a query will do, or what a diagnostic means.",
    discussion: """
      Examples: throughline explain "from events |> where event = 'purchase'"
                throughline explain no-column
      """)

  @Argument(help: "A query, or the identifier of a diagnostic.")
  var subject: String

  @Option(help: "The source of 'events'; needed when the project has more than one.")
  var source: String?

  @OptionGroup var project: ProjectArguments

  @OptionGroup var arguments: ReadingArguments

  func run() throws {
    if let page = DiagnosticPages.page(subject) {
      Terminal.print(page)
      return
    }
    guard subject.contains(where: \.isWhitespace) else {
      throw Refusal.usage(
        "there is no diagnostic '\(subject)'",
        hints: [Refusal.meant(subject, among: DiagnosticPages.identifiers) ?? "a query starts with 'from'"])
    }
    let session = try project.session(arguments.options())
    try session.checkChoice(of: source, in: project.folder)
    let result = session.explanation(of: subject, source: source)
    Terminal.show(result.diagnostics)
    guard let text = result.text else { throw ExitCode(Rendering.Outcome.failed.rawValue) }
    Terminal.print(text)
  }
}
