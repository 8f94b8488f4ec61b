/// Random numbers that depend on a seed and a path of integers alone, such as (seed, person, session, purpose).
///
/// SplitMix64 (Steele, Lea and Flood 2014): the n-th number is a bijective mix of a key plus n times a constant,
/// so any stream can be opened at any time, in any order, on any thread. Every operation is an IEEE 754 basic
/// one, so the numbers are the same on every machine.
public struct SeededRandom: Sendable {
  private var state: UInt64

  /// The stream at the end of a path.
  public init(seed: UInt64, _ path: UInt64...) {
    state = path.reduce(SeededRandom.mixed(seed)) { SeededRandom.mixed($0 ^ SeededRandom.mixed($1 &+ step)) }
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= step
    return SeededRandom.mixed(state)
  }

  /// A number in 0..<1, one of 2⁵³ equally spaced ones.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Whether something of the given probability happens; uses one number whatever the probability.
  public mutating func happens(_ probability: Double) -> Bool { uniform() < probability }

  /// A standard normal number, by Marsaglia's polar method.
  public mutating func normal() -> Double {
    while true {
      let x = 2 * uniform() - 1
      let y = 2 * uniform() - 1
      let square = x * x + y * y
      if square > 0, square < 1 { return x * (-2 * Elementary.log(square) / square).squareRoot() }
    }
  }

  /// A number whose logarithm is normal: the median times e to the spread times a standard normal number.
  public mutating func logNormal(median: Double, spread: Double) -> Double {
    let deviation = normal()
    return median * Elementary.exp(spread * deviation)
  }

  /// A positive number of the given mean, with the waiting time's distribution.
  public mutating func exponential(mean: Double) -> Double { -mean * Elementary.log(1 - uniform()) }

  /// A whole number from 0 on, of the given mean, each next one less likely by the same factor.
  public mutating func geometric(mean: Double) -> Int {
    let number = uniform()
    guard mean > 0 else { return 0 }
    return Int(min(Elementary.log(1 - number) / Elementary.log(mean / (1 + mean)), 1_000_000))
  }

  /// The finaliser of SplitMix64: a bijection of 64 bits.
  public static func mixed(_ bits: UInt64) -> UInt64 {
    var bits = bits
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}

/// The odd number nearest to 2⁶⁴ divided by the golden ratio.
private let step: UInt64 = 0x9E37_79B9_7F4A_7C15

/// Exponential and logarithm from basic operations alone. The C library's differ from machine to machine in the
/// last bit, and one bit may turn a draw into another shop.
enum Elementary {
  private static let ln2 = 0.693147180559945309417
  private static let ln2High = 0x1.62E42FEEp-1
  private static let ln2Low = 0x1.A39EF35793C76p-33

  /// The natural logarithm of a positive number, within 1e-15 of it or of 1, whichever is larger.
  static func log(_ x: Double) -> Double {
    guard x > 0 else { return -.infinity }
    var fraction = x.significand
    var exponent = Double(x.exponent)
    if fraction > 1.4142135623730951 {
      fraction /= 2
      exponent += 1
    }
    // log m = 2 artanh((m − 1) / (m + 1)), whose series falls by 0.03 a term.
    let ratio = (fraction - 1) / (fraction + 1)
    let square = ratio * ratio
    var sum = 1.0 / 21
    var odd = 19.0
    while odd >= 1 {
      sum = sum * square + 1 / odd
      odd -= 2
    }
    return exponent * ln2 + 2 * ratio * sum
  }

  /// e to a power; powers beyond ±700 count as ±700.
  static func exp(_ x: Double) -> Double {
    let x = min(max(x, -700), 700)
    let power = (x / ln2).rounded()
    let rest = (x - power * ln2High) - power * ln2Low
    var sum = 1.0
    var term = 14.0
    while term >= 1 {
      sum = sum * rest / term + 1
      term -= 1
    }
    return Double(sign: .plus, exponent: Int(power), significand: sum)
  }
}
