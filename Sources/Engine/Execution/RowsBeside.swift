import EventStore
import Planning

/// The rows of a relation whose events have certain names, which are read where rows of others are looked at.
struct RowsBeside {
  /// What makes two of them the same: the relation, and the names' codes.
  struct Key: Hashable {
    let relation: Int
    let codes: [UInt32]
  }

  let key: Key
  private let excerpt: LogExcerpt
  private let filters: [Relation.Filter]

  /// Nothing where the names are not known, or the log or the relation's rows cannot be read by them, or where
  /// they are all that is read anyway.
  init?(_ names: EventNames, of relation: Relation, _ source: RowSource) {
    guard case .some(let names) = names, let filters = relation.filters, let log = source.log,
      let excerpt = LogExcerpt(log, names: names.sorted())
    else { return nil }
    if case .excerpt(let read) = source, Set(read.codes) == Set(excerpt.codes) { return nil }
    key = Key(relation: relation.id, codes: excerpt.codes)
    self.excerpt = excerpt
    self.filters = filters
  }

  /// How many rows of these names the log has.
  var rowCount: Int { excerpt.rowCount }

  /// The rows of the entities that a batch has rows of; nothing where there are none.
  func rows(ofEntitiesIn batch: Batch) throws -> Batch? {
    guard let excerptRows = excerpt.rows(ofEntitiesIn: batch) else { return nil }
    var rows = Batch(.excerpt(excerpt), rows: batch.rows, entities: batch.entities, excerpt: excerptRows)
    for filter in filters {
      guard let kept = try rows.filtered(by: filter.conditions) else { return nil }
      rows = Batch(kept, at: nil, relation: filter.relation)
    }
    return rows
  }
}
