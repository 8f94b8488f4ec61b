import ArgumentParser
import Engine
import Foundation
import Throughline

/// The arguments that every command which runs something has.
struct RunArguments: ParsableArguments {
  @Option(name: [.customShort("P"), .customLong("param")], help: "A parameter's value, as 'name=value'.")
  var parameters: [String] = []

  @Option(help: "How many threads compute; by default one for each core.")
  var threads: Int?

  @Option(help: "How much memory results may take, in megabytes.")
  var memory: Int?

  @Option(help: "After how many seconds computing is given up; by default never.")
  var timeout: Int?

  @Flag(help: "Compute everything again, also what has not changed.")
  var force = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads is between 1 and 1024") }
    if let memory, !(1...1_000_000).contains(memory) {
      throw ValidationError("--memory is between 1 and 1000000")
    }
    if let timeout, !(1...1_000_000).contains(timeout) {
      throw ValidationError("--timeout is between 1 and 1000000")
    }
    for parameter in parameters where RunArguments.parts(parameter) == nil {
      throw ValidationError("a parameter is written as name=value, not '\(parameter)'")
    }
  }

  func options() -> RunOptions {
    var limits = ExecutionLimits()
    if let threads { limits.threads = threads }
    if let memory { limits.memoryBytes = memory * 1_000_000 }
    if let timeout {
      let end = ContinuousClock.now + .seconds(timeout)
      limits.isCancelled = { ContinuousClock.now >= end }
    }
    return RunOptions(
      parameters: Dictionary(parameters.compactMap(RunArguments.parts)) { $1 }, limits: limits,
      usesCache: !force
    ) { notice in
      switch notice.level {
      case .progress: Terminal.Progress.show(notice.message)
      case .warning: Terminal.note("warning: \(notice.message)")
      }
    }
  }

  /// The project that a folder belongs to, with these options.
  func session(in folder: String) throws -> Session {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw Refusal.usage("there is no folder '\(folder)'")
    }
    return try Session(folder: URL(filePath: folder), options: options())
  }

  private static func parts(_ parameter: String) -> (String, String)? {
    guard let equals = parameter.firstIndex(of: "="), equals != parameter.startIndex else { return nil }
    return (String(parameter[..<equals]), String(parameter[parameter.index(after: equals)...]))
  }
}
