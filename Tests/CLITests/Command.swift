import Foundation
import Synchronization
import Testing

/// Runs the program that was built with these tests, as a shell would.
enum Command {
  /// What a run left behind.
  struct Result {
    let status: Int32
    let output: String
    let errors: String

    /// Whether the process ended by itself, and not by a signal, such as a crash.
    let isExit: Bool
  }

  /// The program that `THROUGHLINE_PROGRAM` names, as `make test` does with the one that is shipped; otherwise the one
  /// that lies beside the bundle of the tests.
  static let program: URL = {
    if let path = ProcessInfo.processInfo.environment["THROUGHLINE_PROGRAM"] { return URL(filePath: path) }
    var folder = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appending(path: "throughline")
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isFolder), !isFolder.boolValue {
        return candidate
      }
    }
    return URL(filePath: "/no/throughline/beside/the/tests")
  }()

  /// Runs the program with arguments in a folder.
  ///
  /// - Parameter environment: on top of a bare one that has nothing of this process but what tools need to start.
  static func run(
    _ arguments: String..., in folder: WorkFolder, environment: [String: String] = [:]
  ) async throws -> Result {
    try await start(program, arguments, in: folder, environment: environment).result()
  }

  /// Runs a shell script, in which `$throughline` is the program.
  static func shell(
    _ script: String, in folder: WorkFolder, environment: [String: String] = [:]
  ) async throws -> Result {
    try await start(
      URL(filePath: "/bin/sh"), ["-c", script], in: folder,
      environment: environment.merging(["throughline": program.path]) { $1 }
    ).result()
  }

  /// Starts a program; what it writes goes to files, so that it never waits for a reader.
  static func start(
    _ program: URL, _ arguments: [String], in folder: WorkFolder, environment: [String: String] = [:]
  ) throws -> Running {
    let running = try Running(folder: folder)
    let process = running.process
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    var bare = ["LANG": "C.UTF-8", "TZ": "UTC", "SWIFT_BACKTRACE": "enable=no"]
    for name in ["PATH", "HOME", "THROUGHLINE_DUCKDB", "LD_LIBRARY_PATH"] {
      bare[name] = ProcessInfo.processInfo.environment[name]
    }
    process.environment = bare.merging(environment) { $1 }
    try process.run()
    return running
  }

  /// A process that was started.
  final class Running: @unchecked Sendable {
    let process = Process()
    private let files: URL
    private let ended = AsyncStream<Void>.makeStream()

    fileprivate init(folder: WorkFolder) throws {
      files = folder.scratch.appending(path: UUID().uuidString)
      try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = try file("output")
      process.standardError = try file("errors")
      process.terminationHandler = { [ended] _ in ended.continuation.finish() }
    }

    private func file(_ name: String) throws -> FileHandle {
      let url = files.appending(path: name)
      try Data().write(to: url)
      return try FileHandle(forWritingTo: url)
    }

    /// Ends the process at once, as a machine that loses power does.
    func kill() { _ = Foundation.kill(process.processIdentifier, SIGKILL) }

    /// What became of it, when it has ended. A test that runs out of time takes the process with it.
    func result() async throws -> Result {
      await withTaskCancellationHandler {
        // A cancelled task ends the loop at once, but then the process was killed.
        for await _ in ended.stream {}
      } onCancel: {
        kill()
      }
      process.waitUntilExit()
      return Result(
        status: process.terminationStatus,
        output: String(decoding: try Data(contentsOf: files.appending(path: "output")), as: UTF8.self),
        errors: String(decoding: try Data(contentsOf: files.appending(path: "errors")), as: UTF8.self),
        isExit: process.terminationReason == .exit)
    }
  }
}
