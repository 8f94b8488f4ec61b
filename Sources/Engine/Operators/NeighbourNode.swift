import Functions
import Planning
import Values

/// The value of another node at the row so many places on among the rows of the entity; null where it has no such
/// row.
final class NeighbourNode: RelationNode {
  private let value: Node
  /// Negative for rows before.
  private let offset: Int

  init(_ id: Int, relation: Int, _ value: Node, offset: Int64) {
    self.value = value
    // No batch is as long as this.
    let limit = Int64(Int32.max)
    self.offset = Int(max(-limit, min(offset, limit)))
    super.init(id, value.type, relation: relation)
  }

  override func computeAll(_ batch: Batch) throws -> Operand {
    let starts = batch.entityStarts
    let rows = [Int32](unsafeUninitializedCapacity: batch.count) { target, initialized in
      for (first, end) in zip(starts, starts.dropFirst()) {
        for row in first..<end {
          let other = row + offset
          let isThere = other >= first && other < end
          target.initializeElement(at: row, to: isThere ? Int32(truncatingIfNeeded: other) : -1)
        }
      }
      initialized = batch.count
    }
    return Operand(try batch.column(value).gatheredOrNull(rows))
  }
}
