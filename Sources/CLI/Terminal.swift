import Diagnostics
import EventStore
import Foundation
import Throughline

#if canImport(Darwin)
  import Darwin
#else
  @preconcurrency import Glibc
#endif

/// Writing to the person or the program at the other end.
enum Terminal {
  /// Whether standard error is a terminal, where progress can be shown.
  static let isInteractive = isatty(2) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Whether colours are wanted: on a terminal, unless NO_COLOR is set.
  static let isStyled =
    isInteractive && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

  /// How many columns standard output shows; nothing where it is no terminal, or one that does not tell.
  static var width: Int? {
    var size = winsize()
    guard isatty(1) == 1, ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Writes a line to standard output.
  static func print(_ text: String, terminator: String = "\n") {
    send(text + terminator, to: 1)
  }

  /// Writes a line to standard error, over any progress that is shown.
  static func note(_ text: String) {
    Progress.clear()
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    send(lines.map { String($0).printable + "\n" }.joined(), to: 2)
  }

  static func show(_ diagnostics: [LocatedDiagnostic]) {
    Progress.clear()
    for located in diagnostics {
      send(located.diagnostic.rendered(in: located.source, styled: isStyled) + "\n\n", to: 2)
    }
  }

  /// A path as a person at this terminal would write it: relative to the working folder for what lies in it.
  static func path(_ file: URL) -> String {
    let path = file.standardizedFileURL.path
    let here = URL(filePath: FileManager.default.currentDirectoryPath).standardizedFileURL.path
    return path.hasPrefix(here + "/") ? String(path.dropFirst(here.count + 1)) : path
  }

  private static func send(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      bytes = bytes.dropFirst(written)
    }
  }

  /// One line of progress on a terminal; nothing in a pipe.
  enum Progress {
    static func show(_ text: String) {
      guard isInteractive else { return }
      send("\r\u{1B}[K\(text.printable.prefix(100))", to: 2)
    }

    static func clear() {
      guard isInteractive else { return }
      send("\r\u{1B}[K", to: 2)
    }
  }
}
