/// Columns that a description names and its data does not have: all of them are told at once.
public struct MissingColumns {
  private let known: [String]
  private var missing: [(name: String, purpose: String)] = []

  /// Nothing is missing yet of the data whose columns are given.
  public init(among known: [String]) { self.known = known }

  /// Notes that a column is not there.
  ///
  /// - Parameter purpose: what it is named for, such as `the time of the log`.
  public mutating func add(_ name: String, for purpose: String) { missing.append((name, purpose)) }

  /// Whether all columns are there.
  public var isEmpty: Bool { missing.isEmpty }

  /// `no column 'usr' for the entity of the log, no column 'tme' for the time of the log`.
  public var message: String {
    missing.map { "no column '\($0.name)' for \($0.purpose)" }.joined(separator: ", ")
  }

  /// The names that were most likely meant, and all that there are.
  public var hints: [String] {
    let meant = missing.compactMap { column in
      NearestName.of(column.name, among: known).map { (wanted: column.name, name: $0) }
    }
    let questions = meant.map { pair in
      missing.count == 1 ? "did you mean '\(pair.name)'?" : "did you mean '\(pair.name)' by '\(pair.wanted)'?"
    }
    return questions + ["the columns here are \(known.map { "'\($0)'" }.joined(separator: ", "))"]
  }
}
