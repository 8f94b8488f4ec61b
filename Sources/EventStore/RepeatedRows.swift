import Values

/// The rows of a log that has been read behind another one whose events it has again: those with the entity, event and
/// id of a row there.
struct RepeatedRows {
  private let added: EventLog
  /// The position of the ids.
  private let id: Int

  /// Nothing for a log without ids.
  init?(of added: EventLog) {
    guard let name = added.roles.id, let id = added.schema.position(of: name) else { return nil }
    self.added = added
    self.id = id
  }

  /// Notes which rows another log has.
  ///
  /// - Parameters:
  ///   - entities: of the other log's entities and the added log's, their places among those of both, ascending.
  ///   - filter: of rows of the added log.
  func find(
    in known: EventLog, entities: (known: ArraySlice<UInt32>, added: ArraySlice<UInt32>),
    _ filter: inout DuplicateFilter
  ) {
    let events = Keys(added.columns[added.eventPosition], in: known.columns[known.eventPosition])
    let ids =
      id == added.entityPosition
      ? nil : Keys(added.columns[id], in: id < known.columns.count ? known.columns[id] : nil)
    if let ids, ids.isEmpty { return }
    var next = entities.known.startIndex
    for (entity, place) in entities.added.enumerated() {
      while next < entities.known.endIndex, entities.known[next] < place { next += 1 }
      guard next < entities.known.endIndex, entities.known[next] == place else { continue }
      var isSought = false
      for row in added.rows(ofEntity: entity) {
        guard let event = events.key(ofAdded: row) ?? events.nullKey(ofAdded: row),
          let id = ids.map({ $0.key(ofAdded: row) }) ?? 0
        else { continue }
        if !isSought { filter.startEntity() }
        isSought = true
        filter.add(row: row, sequence: Int64(row), event: event, id: id)
      }
      guard isSought else { continue }
      for row in known.rows(ofEntity: next - entities.known.startIndex) {
        guard let id = ids.map({ $0.key(ofKnown: row) }) ?? 0 else { continue }
        filter.meet(event: events.key(ofKnown: row) ?? Keys.null, id: id)
      }
    }
  }

  /// What two logs have of one column, as numbers that are equal where the values are.
  private struct Keys {
    static let null: Int64 = -1

    private let added: StoredColumn?
    private let known: StoredColumn?
    /// Of texts, by code of the added log that of the known one; -1 where it does not have the text.
    private let codes: [Int64]?

    init(_ added: StoredColumn?, in known: StoredColumn?) {
      self.added = added
      self.known = known
      codes = added?.dictionary.map { Keys.codes(of: $0, in: known?.dictionary) }
    }

    /// Whether no value of the added log is in the known one.
    var isEmpty: Bool { added == nil || known == nil || codes?.allSatisfy { $0 < 0 } == true }

    func key(ofKnown row: Int) -> Int64? { known?.number(row) }

    /// Nothing for null, and for what the known log does not have.
    func key(ofAdded row: Int) -> Int64? {
      guard let number = added?.number(row) else { return nil }
      guard let codes else { return number }
      return codes[Int(number)] < 0 ? nil : codes[Int(number)]
    }

    /// Stands for null, where that is what a row has.
    func nullKey(ofAdded row: Int) -> Int64? { added?.number(row) == nil ? Keys.null : nil }

    /// Both are in order: each text is looked for behind the one before, in steps that double.
    private static func codes(of added: TextDictionary, in known: TextDictionary?) -> [Int64] {
      var first = 0
      let count = known?.count ?? 0
      return (0..<added.count).map { code in
        guard let known else { return -1 }
        let wanted = added.utf8(code)
        func isBelow(_ place: Int) -> Bool { TextDictionary.compare(known.utf8(place), wanted) < 0 }
        var step = 1
        while first + step <= count, isBelow(first + step - 1) {
          first += step
          step *= 2
        }
        var last = min(first + step - 1, count)
        while first < last {
          let middle = (first + last) / 2
          if isBelow(middle) { first = middle + 1 } else { last = middle }
        }
        return first < count && TextDictionary.compare(known.utf8(first), wanted) == 0 ? Int64(first) : -1
      }
    }
  }
}
