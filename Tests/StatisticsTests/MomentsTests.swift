import Testing

@testable import Statistics

struct MomentsTests {
  /// Source: the data and numpy 2.5.5's two-pass `var(a + 1e9, ddof=1)`.
  @Test func aLargeMeanTakesNoDigits() throws {
    let values = [
      9.3664, 8.4468, 10.4488, 4.6303, 10.8534, 9.0349, 7.8218, 10.2956, 4.1456, 9.5248, 7.8061, 11.2291,
      11.3273,
      7.2164,
    ]
    var moments = Moments()
    for value in values { moments.add(value + 1e9) }
    #expect(near(try #require(moments.sampleVariance), 5.06991073543161, relative: 1e-6))
  }

  @Test func partsMakeTheWhole() throws {
    let pairs: [(Double, Double)] = (0..<50).map { (index: Int) -> (Double, Double) in
      let x = index * 37 % 23
      let y = index * 17 % 19
      return (Double(x), Double(y) + 100)
    }
    var whole = PairMoments()
    for (x, y) in pairs { whole.add(x, y) }
    for split in [0, 1, 20, 50] {
      var first = PairMoments()
      var second = PairMoments()
      for (x, y) in pairs[..<split] { first.add(x, y) }
      for (x, y) in pairs[split...] { second.add(x, y) }
      first.merge(second)
      #expect(first.count == 50)
      #expect(
        near(first.x.mean, whole.x.mean) && near(first.y.m2, whole.y.m2) && near(first.cross, whole.cross))
    }
    let meanX = pairs.reduce(0) { $0 + $1.0 } / 50
    let meanY = pairs.reduce(0) { $0 + $1.1 } / 50
    let products = pairs.reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    #expect(near(try #require(whole.sampleCovariance), products / 49))
  }

  @Test(arguments: [0, 1, 2])
  func `What is not finite has no covariance, in whatever order`(which: Int) throws {
    let pairs =
      [[(1, 2), (-.infinity, 0)], [(-.infinity, 0), (1, 2)], [(0, 1), (.nan, 0)]][which]
      as [(Double, Double)]
    for isTurned in [false, true] {
      var moments = PairMoments()
      for (x, y) in pairs { isTurned ? moments.add(y, x) : moments.add(x, y) }
      #expect(try #require(moments.populationCovariance).isNaN)
      #expect(try #require(moments.sampleCovariance).isNaN)
    }
  }

  @Test func tooFewValuesHaveNoVariance() {
    var moments = PairMoments()
    #expect(
      moments.x.populationVariance == nil && moments.sampleCovariance == nil && moments.correlation == nil)
    moments.add(1, 2)
    #expect(
      moments.x.sampleVariance == nil && moments.x.populationVariance == 0 && moments.correlation == nil)
    moments.add(2, 0)
    #expect(moments.correlation == -1)
  }
}
