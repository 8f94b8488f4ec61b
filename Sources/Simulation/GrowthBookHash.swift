/// Where a unit falls when it is assigned as GrowthBook's SDKs assign it: FNV-1a of 32 bits over UTF-16 units.
public enum GrowthBookHash {
  /// The place in 0..<1, in steps of 1/10000, by version 2 of the hash.
  public static func place(of value: String, seed: String) -> Double {
    let inner = fnv1a(value.utf16, from: fnv1a(seed.utf16))
    return Double(fnv1a(String(inner).utf16) % 10_000) / 10_000
  }

  /// The place in 0..<1, in steps of 1/1000, by version 1, which is biased: for experiments that have it.
  public static func legacyPlace(of value: String, seed: String) -> Double {
    Double(fnv1a(seed.utf16, from: fnv1a(value.utf16)) % 1_000) / 1_000
  }

  /// The variation whose slot holds a place: slots of the given weights, one after the other from 0 on.
  public static func variation(at place: Double, weights: [Double]) -> Int? {
    var lower = 0.0
    for (variation, weight) in weights.enumerated() {
      let upper = lower + weight
      if place >= lower, place < upper { return variation }
      lower = upper
    }
    return nil
  }

  private static func fnv1a(_ units: String.UTF16View, from start: UInt32 = 0x811C_9DC5) -> UInt32 {
    units.reduce(start) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
  }
}
