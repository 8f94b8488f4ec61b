import ArgumentParser
import Diagnostics
import Foundation
import Simulation
import Throughline

struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Makes the event log of a shop from its description.",
    discussion: """
      The same description and seed give the same bytes, whatever the machine. 'truth.json' beside the log states what \
      is true of it. Nothing is done when the files are there already.
      """)

  @Argument(help: "The description of the shop, a YAML file.", completion: .file(extensions: ["yaml"]))
  var specification: String

  @Option(
    name: .shortAndLong, help: "The folder for the files; by default 'data/NAME' beside the description.")
  var out: String?

  @Option(help: "How many people, instead of what the description says.")
  var people: Int?

  @Option(help: "The seed, instead of the description's.")
  var seed: UInt64?

  @Option(help: "parquet, csv or ndjson.")
  var format: LogFormat = .parquet

  func validate() throws {
    if let people, !(0...ShopSpecification.mostPeople).contains(people) {
      throw ValidationError("--people is between 0 and \(ShopSpecification.mostPeople)")
    }
  }

  func run() throws {
    let file = URL(filePath: specification)
    guard let data = try? Data(contentsOf: file) else {
      throw Refusal.usage("there is no file '\(specification)'")
    }
    let text = SourceText(name: file.lastPathComponent, utf8: Array(data))
    let (read, diagnostics) = Simulation.read(text)
    Terminal.show(diagnostics.map { LocatedDiagnostic($0, in: text) })
    guard var shop = read else { throw ExitCode(1) }
    if let people { shop.people = people }
    if let seed { shop.seed = seed }
    let folder =
      out.map { URL(filePath: $0, directoryHint: .isDirectory) }
      ?? file.deletingLastPathComponent().appending(
        path: "data/\(file.deletingPathExtension().lastPathComponent)", directoryHint: .isDirectory)
    do {
      let summary = try Simulator(shop).run(into: folder, format: format) { progress in
        Terminal.Progress.show(
          "simulating: \(progress.people) of \(progress.allPeople) people, "
            + "\(progress.files) of \(progress.allFiles) files")
      }
      Terminal.note("\(folder.relativePath): \(summary.outcome.rawValue), \(summary.truth.rows) events")
    } catch let error as SimulationError {
      Terminal.note("error: \(error)")
      throw ExitCode(1)
    }
  }
}

extension LogFormat: ExpressibleByArgument {}
