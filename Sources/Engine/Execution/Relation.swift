import Planning

/// The rows of a plan within a pipeline, and how each of their columns is computed.
struct Relation {
  /// Which operator's rows these are.
  let id: Int
  let columns: [Node]
}
