/// Random numbers that are the same in every run (SplitMix64, Steele et al. 2014).
public struct Dice: RandomNumberGenerator {
  private var state: UInt64

  /// Dice that always fall alike from this number on.
  public init(_ seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 to one before `end`.
  public mutating func below(_ end: Int) -> Int { Int.random(in: 0..<end, using: &self) }

  /// True in so many of a hundred cases.
  public mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  /// One of some elements, of which there is one at least.
  public mutating func pick<Element>(_ elements: [Element]) -> Element {
    precondition(!elements.isEmpty, "something is picked from something")
    return elements[below(elements.count)]
  }
}
