import ArgumentParser
import Engine
import Foundation
import Throughline

/// The arguments of every command that reads sources.
struct ReadingArguments: ParsableArguments {
  @Option(help: "How many threads compute; by default one for each core.")
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads is between 1 and 1024") }
  }

  func options() -> RunOptions {
    var limits = ExecutionLimits()
    if let threads { limits.threads = threads }
    return RunOptions(limits: limits) { notice in
      switch notice.level {
      case .progress: Terminal.Progress.show(notice.message)
      case .warning: Terminal.note("warning: \(notice.message)")
      }
    }
  }
}

/// The arguments of every command that runs something.
struct RunArguments: ParsableArguments {
  @OptionGroup var reading: ReadingArguments

  @Option(help: "How much memory results may take, in megabytes.")
  var memory: Int?

  @Option(help: "After how many seconds computing is given up; by default never.")
  var timeout: Int?

  @Flag(help: "Compute everything again, also what has not changed.")
  var force = false

  func validate() throws {
    if let memory, !(1...1_000_000).contains(memory) {
      throw ValidationError("--memory is between 1 and 1000000")
    }
    if let timeout, !(1...1_000_000).contains(timeout) {
      throw ValidationError("--timeout is between 1 and 1000000")
    }
  }

  func options() -> RunOptions {
    var options = reading.options()
    if let memory { options.limits.memoryBytes = memory * 1_000_000 }
    if let timeout {
      let end = ContinuousClock.now + .seconds(timeout)
      options.limits.isCancelled = { ContinuousClock.now >= end }
    }
    options.usesCache = !force
    return options
  }
}

/// The arguments of the commands that run documents.
struct DocumentArguments: ParsableArguments {
  @Option(name: [.customShort("P"), .customLong("param")], help: "A parameter's value, as 'name=value'.")
  var parameters: [String] = []

  @OptionGroup var running: RunArguments

  func validate() throws {
    for parameter in parameters where DocumentArguments.parts(parameter) == nil {
      throw ValidationError("a parameter is written as name=value, not '\(parameter)'")
    }
  }

  func options() -> RunOptions {
    var options = running.options()
    options.parameters = Dictionary(parameters.compactMap(DocumentArguments.parts)) { $1 }
    return options
  }

  private static func parts(_ parameter: String) -> (String, String)? {
    guard let equals = parameter.firstIndex(of: "="), equals != parameter.startIndex else { return nil }
    return (String(parameter[..<equals]), String(parameter[parameter.index(after: equals)...]))
  }
}
