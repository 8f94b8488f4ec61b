/// The first of some places for which something holds, as it does for all behind it; the end where there is none. What
/// is near is found soonest.
@inline(__always)
func firstPlace(from first: Int, to end: Int, where isReached: (Int) -> Bool) -> Int {
  var low = first
  // A few steps one by one, then ever longer ones, and back.
  let near = min(first &+ 4, end)
  while low < near {
    if isReached(low) { return low }
    low &+= 1
  }
  var step = 4
  while low &+ step < end, !isReached(low &+ step) {
    low &+= step &+ 1
    step &*= 2
  }
  var high = min(low &+ step, end)
  while low < high {
    let middle = (low &+ high) / 2
    if isReached(middle) { high = middle } else { low = middle &+ 1 }
  }
  return low
}

/// The first of some places whose value is not before another, among ascending values; the end where there is none.
///
/// - Parameter limit: how far values can be read, at or behind the end; what lies there says nothing.
@inline(__always)
func firstPlace(
  notBefore value: UInt32, in values: UnsafePointer<UInt32>, from first: Int, to end: Int, limit: Int
) -> Int {
  var place = first
  let near = min(first &+ 4, end)
  while place < near {
    if values[place] >= value { return place }
    place &+= 1
  }
  let far = min(first &+ 64, end) &- 8
  while place <= far, values[place &+ 7] < value { place &+= 8 }
  if place &+ 8 > limit || place > first &+ 56 {
    return firstPlace(from: place, to: end) { values[$0] >= value }
  }
  // Which of the next ones it is cannot be foretold, so they are counted.
  let eight = UnsafeRawPointer(values + place).loadUnaligned(as: SIMD8<UInt32>.self)
  return place &+ eight.count(before: value, amongFirst: end &- place)
}

extension SIMD8<UInt32> {
  /// How many are less than another, of so many.
  @inline(__always)
  fileprivate func count(before value: UInt32, amongFirst count: Int) -> Int {
    let other = SIMD8(repeating: value)
    // The uppermost bit of what would be borrowed in a subtraction, which is quicker than a mask.
    let isLess = (~self & other) | (~(self ^ other) & (self &- other))
    let few =
      SIMD8(0, 1, 2, 3, 4, 5, 6, 7) &- SIMD8(repeating: UInt32(truncatingIfNeeded: Swift.min(count, 8)))
    let eight = (isLess & few) &>> SIMD8(repeating: 31)
    let four = eight.lowHalf &+ eight.highHalf
    let two = four.lowHalf &+ four.highHalf
    return Int(two[0] &+ two[1])
  }
}
