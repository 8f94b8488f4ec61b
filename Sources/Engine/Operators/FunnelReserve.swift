/// Rows that wait until others of their time, which satisfy the same steps, have been used up: so that
/// attempts do not look at thousands of rows of one time again and again.
struct FunnelReserve {
  /// For each place the queue whose rows follow there, or -1; nothing where no rows wait.
  private var queueOfPlace: [Int] = []
  private var queues: [Queue] = []

  private struct Queue {
    var rows: [Int32] = []
    var next = 0
  }

  /// So many rows of one time are looked at as they are.
  private static let groupLimit = 256

  /// Whether there are many rows of one time.
  static func isNeeded(_ list: borrowing FunnelRows, _ range: Range<Int>) -> Bool {
    var place = range.lowerBound
    while range.upperBound - place > groupLimit {
      let end = list.endOfGroup(place, range.upperBound)
      if end - place > groupLimit { return true }
      place = end
    }
    return false
  }

  /// Of each time the first rows for each set of steps, as many as are kept; the others wait.
  mutating func shortened(_ list: borrowing FunnelRows, _ range: Range<Int>, keeping kept: Int) -> FunnelRows
  {
    var places: [Int] = []
    var place = range.lowerBound
    while place < range.upperBound {
      let end = list.endOfGroup(place, range.upperBound)
      var queueOfSteps: [UInt64: Int] = [:]
      var counts: [Int] = []
      let firstQueue = queues.count
      for row in place..<end {
        let queue = queueOfSteps[list.steps[row], default: queues.count]
        if queue == queues.count {
          queueOfSteps[list.steps[row]] = queue
          queues.append(Queue())
          counts.append(0)
        }
        counts[queue - firstQueue] += 1
        if counts[queue - firstQueue] <= kept {
          places.append(row)
          queueOfPlace.append(queue)
        } else {
          queues[queue].rows.append(list.rows[row])
        }
      }
      place = end
    }
    return list.part(places[...])
  }

  /// The row that takes the place of one that has been used up.
  mutating func next(at place: Int) -> Int32? {
    guard !queueOfPlace.isEmpty else { return nil }
    let queue = queueOfPlace[place]
    guard queues[queue].next < queues[queue].rows.count else { return nil }
    queues[queue].next += 1
    return queues[queue].rows[queues[queue].next - 1]
  }
}
