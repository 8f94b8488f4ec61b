import Planning

/// The rows of a plan within a pipeline, and how each of their columns is computed.
struct Relation {
  /// A filter that made rows of others.
  struct Filter {
    /// The relation of the rows that are left.
    let relation: Int
    let conditions: [Node]
  }

  /// Which operator's rows these are.
  let id: Int
  let columns: [Node]
  /// What made these rows of a log's; nothing where something else than filters did, or the plan's rows cannot be
  /// read by their names.
  let filters: [Filter]?
}
