import ArgumentParser
import Throughline

struct FunctionsCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, md }

  static let configuration = CommandConfiguration(
    commandName: "functions", abstract: "Lists the functions of the language, with examples.")

  @Argument(help: "A part of a name, or what others call it; without it all functions are listed.")
  var name: String?

  @Option(help: "How they are listed: text, or md (all of them, as the manual's page).")
  var format: Format = .text

  func validate() throws {
    if format == .md, name != nil { throw ValidationError("--format md is of all functions, without a name") }
  }

  func run() throws {
    if format == .md {
      Terminal.print(FunctionPages.markdown(), terminator: "")
      return
    }
    let text = FunctionPages.text(matching: name)
    guard text.isEmpty, let name else { return Terminal.print(text) }
    throw Refusal.usage(
      "there is no function '\(name)'",
      hints: [
        FunctionPages.remedy(for: name) ?? Refusal.meant(name, among: FunctionPages.names)
          ?? "without a name all are listed"
      ])
  }
}
