/// How many touches have each value.
struct TouchTally {
  /// The values that some touch has, in no order that means anything.
  private(set) var values: [UInt32] = []
  private var counts: [Int] = []
  /// Where each value stands among `values`.
  private var places: [Int] = []

  func count(of number: UInt32) -> Int { Int(number) < counts.count ? counts[Int(number)] : 0 }

  mutating func add(_ number: UInt32) {
    let number = Int(number)
    if number >= counts.count {
      let added = max(number + 1, counts.count * 2) - counts.count
      counts.append(contentsOf: repeatElement(0, count: added))
      places.append(contentsOf: repeatElement(0, count: added))
    }
    if counts[number] == 0 {
      places[number] = values.count
      values.append(UInt32(truncatingIfNeeded: number))
    }
    counts[number] += 1
  }

  mutating func remove(_ number: UInt32) {
    let number = Int(number)
    counts[number] -= 1
    guard counts[number] == 0, let moved = values.popLast() else { return }
    if Int(moved) == number { return }
    values[places[number]] = moved
    places[Int(moved)] = places[number]
  }

  /// Counts the touches at other places than so far.
  mutating func change(_ places: inout Range<Int>, to new: Range<Int>, of numbers: [UInt32]) {
    for place in places { remove(numbers[place]) }
    for place in new { add(numbers[place]) }
    places = new
  }
}
