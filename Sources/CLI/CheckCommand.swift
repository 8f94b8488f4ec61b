import ArgumentParser
import Foundation
import Throughline

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Says whether reports are current, and if not, why.",
    discussion:
      "Exit status: 0 when all reports are current, 1 when one is not, 2 when an expectation does not hold.")

  @Argument(help: "Documents, or folders of them.", completion: .file(extensions: ["md"]))
  var paths: [String] = ["."]

  @OptionGroup var arguments: DocumentArguments

  func run() throws {
    let options = arguments.options()
    var status: Int32 = 0
    for (project, documents) in try DocumentPath.all(paths) {
      let session = try Session(folder: project, options: options)
      for document in documents {
        let result = try check(document, session)
        if status != 1, result != 0 { status = result }
      }
    }
    if status != 0 { throw ExitCode(status) }
  }

  /// The exit status that one document asks for.
  private func check(_ document: DocumentPath, _ session: Session) throws -> Int32 {
    do {
      let verdict = try session.verdict(on: document.file)
      Terminal.show(verdict.warnings)
      Terminal.print("\(verdict.path): \(verdict.text)")
      switch verdict.state {
      case .current: return 0
      case .expectationFailed: return 2
      case .stale, .missing: return 1
      case .cannotTell(let diagnostics):
        Terminal.show(diagnostics)
        return 1
      }
    } catch let refusal as FileRefusal {
      Terminal.note(Refusal(refusal).text)
      return 1
    }
  }
}
