import Diagnostics
import Foundation

/// Why a file or a folder cannot be read or written.
public struct FileRefusal: Error, Hashable, Sendable {
  /// What was to be done with it.
  public enum Action: String, Hashable, Sendable { case read, written }

  /// One line, lower case, that names the file.
  public let message: String
  /// What can be done, one sentence each.
  public let hints: [String]

  /// Says what could not be done with a file.
  ///
  /// - Parameters:
  ///   - path: as the person knows the file.
  ///   - error: what Foundation threw.
  public init(_ action: Action, _ path: String, _ error: any Error, hints: [String] = []) {
    message = "'\(path)' cannot be \(action.rawValue): \(error.systemReason)"
    self.hints = hints
  }

  /// The bytes of a file that a person knows by a name.
  static func data(of file: URL, named name: String) throws(FileRefusal) -> Data {
    do { return try Data(contentsOf: file) } catch { throw FileRefusal(.read, name, error) }
  }
}
