import Diagnostics
import Foundation
import Throughline

/// Why a command cannot do what it was asked to: a line for the person, and the exit status.
struct Refusal: Error {
  let message: String
  let hints: [String]
  let status: Int32

  private init(_ message: String, _ hints: [String], _ status: Int32) {
    self.message = message
    self.hints = hints
    self.status = status
  }

  /// What was asked makes no sense, for example since there is no such file.
  static func usage(_ message: String, hints: [String] = []) -> Refusal { Refusal(message, hints, 64) }

  /// Something could not be done, for example since a file cannot be written.
  init(_ error: any Error) {
    switch error {
    case let refusal as Refusal: self = refusal
    case let refusal as FileRefusal: self.init(refusal.message, refusal.hints, 1)
    default: self.init("\(error)", [], 1)
    }
  }

  /// A hint at the name that was most likely meant, if one is near.
  static func meant(_ name: String, among known: [String]) -> String? {
    NearestName.of(name, among: known).map { "did you mean '\($0)'?" }
  }

  /// The line, and below it what helps.
  var text: String {
    (["error: \(message)"] + hints.map { "  hint: \($0)" }).joined(separator: "\n")
  }
}
