import CADBC

/// What a database, or the search for one, refused.
public struct DatabaseError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One line, in the database's words without their decoration.
  public var message: String
  /// What can be done about it, one sentence each.
  public var hints: [String]
  /// Everything the database said, on many lines perhaps.
  public var details: String

  /// An error in our own words, unless details say what the database said.
  public init(message: String, hints: [String] = [], details: String? = nil) {
    self.message = message
    self.hints = hints
    self.details = details ?? message
  }

  /// An error from a driver's text: without the name of the error's class, without the excerpt of the statement.
  public init(driverText text: String) {
    var paragraph = text
    for mark in ["\n\nLINE ", "\nLINE "] {
      if let range = DatabaseError.range(of: mark, in: paragraph) { paragraph = String(paragraph[..<range]) }
    }
    var lines = paragraph.split(whereSeparator: \.isNewline).map { line in
      String(line.drop { $0 == " " || $0 == "\t" })
    }.filter { !$0.isEmpty }
    if let first = lines.first, let end = DatabaseError.range(of: " Error: ", in: first) {
      let name = first[..<end]
      if name.allSatisfy({ $0.isLetter || $0 == " " || $0 == "-" }), name.count < 40 {
        lines[0] = String(first[first.index(end, offsetBy: 8)...])
      }
    }
    self.init(message: lines.joined(separator: "; "), details: text)
  }

  /// What needs more memory than it may.
  public static func tooLarge(_ memoryBytes: Int) -> DatabaseError {
    DatabaseError(
      message: "the result needs more than \(memoryBytes / 1_000_000) MB: aggregate or limit it",
      hints: ["a filter before the step, or fewer groups, keep less in memory"])
  }

  /// The message alone.
  public var description: String { message }

  private static func range(of mark: String, in text: String) -> String.Index? {
    var index = text.startIndex
    while index < text.endIndex {
      if text[index...].hasPrefix(mark) { return index }
      index = text.index(after: index)
    }
    return nil
  }
}

/// Calls a function of a driver; a status other than 0 is thrown with what the driver says.
func check(
  _ call: (UnsafeMutablePointer<AdbcError>) -> AdbcStatus
) throws(DatabaseError) {
  var error = AdbcError()
  let status = call(&error)
  defer { if let release = error.release { release(&error) } }
  guard status != 0 else { return }
  let text = error.message.map { String(cString: $0) } ?? "status \(status) without a message"
  throw DatabaseError(driverText: text)
}
