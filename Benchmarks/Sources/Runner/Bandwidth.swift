import Foundation

/// How fast this machine reads memory from one end to the other: the speed that no scan can beat.
enum Bandwidth {
  /// Enough that no cache holds it.
  private static let bytes = 1 << 30

  /// The best of five passes over a gigabyte, each thread over a part of its own.
  static func gigabytesPerSecond(threads: Int) -> Double {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 4096)
    defer { memory.deallocate() }
    madvise(memory.baseAddress, bytes, 14 /* MADV_HUGEPAGE */)
    _ = memory.initializeMemory(as: UInt8.self, repeating: 1)
    let lanes = UnsafeBufferPointer(memory.bindMemory(to: SIMD8<UInt64>.self))
    let share = lanes.count / threads
    let sums = UnsafeMutablePointer<UInt64>.allocate(capacity: threads)
    defer { sums.deallocate() }
    let places = Places(lanes: lanes, sums: sums)
    let fastest =
      (0..<5).map { _ in
        Stopwatch.measure {
          DispatchQueue.concurrentPerform(iterations: threads) { places.add($0, share: share) }
        }.spent.wall
      }.min() ?? .infinity
    precondition(sums[0] != 0, "the sum is used, so that it is computed")
    return Double(share * threads * MemoryLayout<SIMD8<UInt64>>.stride) / fastest / 1e6
  }

  /// Memory that several threads read, and a place for each to leave its sum.
  private struct Places: @unchecked Sendable {
    let lanes: UnsafeBufferPointer<SIMD8<UInt64>>
    let sums: UnsafeMutablePointer<UInt64>

    /// Adds up one thread's share. Four sums at once, since one would wait for its own last addition.
    func add(_ thread: Int, share: Int) {
      var a = SIMD8<UInt64>.zero
      var b = a
      var c = a
      var d = a
      var index = thread * share
      let end = index + share / 4 * 4
      while index < end {
        a &+= lanes[index]
        b &+= lanes[index + 1]
        c &+= lanes[index + 2]
        d &+= lanes[index + 3]
        index += 4
      }
      sums[thread] = (a &+ b &+ c &+ d).wrappedSum()
    }
  }
}
