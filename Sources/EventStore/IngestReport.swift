import Values

/// What became of the rows of a source's files.
public struct IngestReport: Hashable, Sendable, Codable {
  /// A file that was read.
  public struct File: Hashable, Sendable, Codable {
    /// As the project writes it.
    public var name: String
    /// Its size on disk.
    public var bytes: Int64
    /// SHA-256, 64 hexadecimal digits.
    public var hash: String
  }

  /// A place in a file, with what stands there.
  public struct Example: Hashable, Sendable, Codable {
    /// What is counted: lines of text, or rows that could be read.
    public enum Unit: String, Sendable, Codable { case line, row }

    /// What `number` counts.
    public var unit: Unit
    /// From 1.
    public var number: Int64
    /// The line, or the value in question; cut to 200 characters.
    public var text: String
  }

  /// What was wrong in one file in one way.
  public struct Problem: Hashable, Sendable, Codable {
    /// What was lost.
    public enum Loss: String, Sendable, Codable {
      /// The row is not in the log.
      case row
      /// The row is there, with null in the place of the value.
      case value
    }

    /// As the project writes it.
    public var file: String
    /// What was lost, `count` times.
    public var loss: Loss
    /// One line, lower case.
    public var reason: String
    /// How often.
    public var count: Int
    /// The first three.
    public var examples: [Example]
    /// The column of the log whose declared type made the rows unreadable, as the project file writes it.
    public var typedColumn: String?
  }

  /// How many rows, of those with an identity, became known in which way; duplicates are among them.
  public struct Identity: Hashable, Sendable, Codable {
    /// Rows that name their user.
    public var user: Int
    /// Rows of the user who was last on the device before them.
    public var previous: Int
    /// Rows of the user who came next on the device.
    public var next: Int
    /// Rows of a device without a user.
    public var device: Int

    /// Counts by the number of the basis.
    init(_ counts: [Int]) {
      func count(_ basis: IdentityBasis) -> Int { counts[basis.rawValue] }
      (user, previous, next, device) = (count(.user), count(.previous), count(.next), count(.device))
    }
  }

  /// How often an event of a name happened.
  public struct EventCount: Hashable, Sendable, Codable {
    /// Nothing for rows without a name.
    public var event: String?
    /// How many rows.
    public var count: Int
  }

  /// A column of the log.
  public struct Property: Hashable, Sendable, Codable {
    /// Its name in the files.
    public var name: String
    /// Its type in the log.
    public var type: ScalarType
    /// How many rows have no value.
    public var nulls: Int
  }

  /// In the order in which their rows count.
  public var files: [File] = []
  /// Rows that could be read, before any was left out.
  public var rowsRead = 0
  /// Rows of the log.
  public var rowsKept = 0
  /// Rows with the entity, event and id of an earlier one.
  public var duplicates = 0
  /// How entities became known, where a device and a user tell them.
  public var identity: Identity?
  /// Distinct entities of the log.
  public var entities = 0
  /// By file and reason.
  public var problems: [Problem] = []
  /// By descending count, then by name; of very many names the most frequent.
  public var events: [EventCount] = []
  /// How many names there are beside those; nothing where there are none.
  public var otherEvents: Int?
  /// In the order of the log's columns.
  public var properties: [Property] = []
  /// The times of the first and the last event, in microseconds since 1970 UTC; nothing for an empty log.
  public var firstTime: Int64?
  /// See `firstTime`.
  public var lastTime: Int64?

  /// From the first to the last event's time; nothing for an empty log.
  var times: ClosedRange<Int64>? {
    guard let firstTime, let lastTime else { return nil }
    return firstTime...lastTime
  }

  /// Takes in what became of the rows of files that come before these; what `describe` says is not summed up.
  mutating func add(_ earlier: IngestReport) {
    files = earlier.files + files
    rowsRead += earlier.rowsRead
    duplicates += earlier.duplicates
    problems = earlier.problems + problems
  }

  /// The share of rows without a value of a column, from 0 to 1; 0 for an empty log.
  public func nullShare(of property: Property) -> Double {
    rowsKept == 0 ? 0 : Double(property.nulls) / Double(rowsKept)
  }

  /// Rows that are not in the log for a reason other than being duplicates.
  public var rowsRefused: Int { count(.row) }

  /// Values that are null in the log since they could not be read.
  public var valuesLost: Int { count(.value) }

  private func count(_ loss: Problem.Loss) -> Int {
    problems.reduce(0) { $0 + ($1.loss == loss ? $1.count : 0) }
  }
}
