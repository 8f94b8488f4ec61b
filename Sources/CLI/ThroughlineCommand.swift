import ArgumentParser
import Throughline

/// The command line: one subcommand a file.
@main
struct ThroughlineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "throughline",
    abstract: "Renders analyses written in Markdown into reports.",
    discussion: """
      A document holds prose, queries and computations. 'throughline render' runs them against the sources of \
      'throughline.yaml' and writes an HTML report beside each document.
      """,
    version: throughlineVersion,
    subcommands: [
      RenderCommand.self, CheckCommand.self, QueryCommand.self, SourcesCommand.self, ExplainCommand.self,
      FunctionsCommand.self, NewCommand.self, SimulateCommand.self,
    ])

  /// Runs what the arguments say. How the arguments are wrong is the parser's to tell, all else is told in a line.
  static func main() {
    FreedMemory.keep()
    do {
      try refuseUnknownCommand()
      var command = try parseAsRoot()
      try command.run()
    } catch let error where error is ExitCode || exitCode(for: error) != .failure {
      Terminal.Progress.clear()
      exit(withError: error)
    } catch {
      let refusal = Refusal(error)
      Terminal.note(refusal.text)
      exit(withError: ExitCode(refusal.status))
    }
    Terminal.Progress.clear()
  }

  /// The parser would take a command that is misspelt, and all behind it, for arguments too many.
  private static func refuseUnknownCommand() throws {
    let known = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    guard let name = CommandLine.arguments.dropFirst().first, !name.hasPrefix("-"), !known.contains(name)
    else {
      return
    }
    throw Refusal.usage(
      "there is no command '\(name)'",
      hints: [Refusal.meant(name, among: known) ?? "'throughline --help' lists what there is"])
  }
}
