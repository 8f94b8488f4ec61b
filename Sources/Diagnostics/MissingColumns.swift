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

  /// The place of a column by a look-up; of one that is not there it is noted, and the place is 0.
  public mutating func position(
    of name: String, for purpose: String, _ place: (String) -> Int?
  ) -> Int {
    if let found = place(name) { return found }
    add(name, for: purpose)
    return 0
  }

  /// The first that is missing, where all that are missing are named for one purpose.
  public func first(ifAllFor purpose: String) -> String? {
    missing.allSatisfy { $0.purpose == purpose } ? missing.first?.name : nil
  }

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
