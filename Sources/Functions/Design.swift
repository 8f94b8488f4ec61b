import Statistics
import Values

/// Functions that plan an experiment, and intervals of single figures. A null argument makes every member
/// null.
enum Design {
  static let functions: [RecordFunction] = [
    RecordFunction(
      "sample_size", .statistics,
      "How many units an experiment needs to find a relative lift of a conversion rate. Several "
        + "variants are each "
        + "compared with the first, at alpha divided by the number of comparisons.",
      parameters: [Parameter("baseline", .double), Parameter("lift", .double)] + demands,
      result: [
        Field("per_variant", .integer), Field("total", .integer),
        Field("baseline", .double, display: .percent(decimals: 2)),
        Field("lift", .double, display: .percent(decimals: 1)),
        Field("effect", .double, display: .percent(decimals: 2)),
      ] + kept,
      examples: [
        Example("sample_size(baseline => 10%, lift => 10%).per_variant", "14751"),
        Example("sample_size(baseline => 50%, lift => 4%, variants => 2).total", "19612"),
      ]
    ) { arguments in
      try filled(arguments, members: 7) { number in
        let (baseline, lift) = (number[0], number[1])
        let target = baseline * (1 + lift)
        try require(baseline > 0 && baseline < 1, "baseline lies between 0 and 1, not \(shown(baseline))")
        try require(lift.isFinite && lift != 0, "lift is a number other than 0, not \(shown(lift))")
        try require(
          target > 0 && target < 1,
          "baseline with lift lies between 0 and 1, not \(shown(baseline)) × (1 + \(shown(lift))) = "
            + "\(shown(target))"
        )
        let (design, variants) = try design(number[2...])
        let size = design.sampleSize(proportions: baseline, target)
        return try sizes(size, variants, lift)
          + [
            .double(baseline), .double(lift), .double(target - baseline), .double(number[2]),
            .double(number[3]),
          ]
      }
    },
    RecordFunction(
      "sample_size_mean", .statistics,
      "How many units an experiment needs to find a relative lift of a mean, such as revenue per "
        + "user, by Student's t "
        + "test. Several variants are each compared with the first, at alpha divided by the number "
        + "of comparisons.",
      parameters: [Parameter("mean", .double), Parameter("stddev", .double), Parameter("lift", .double)]
        + demands,
      result: [
        Field("per_variant", .integer), Field("total", .integer), Field("mean", .double),
        Field("stddev", .double),
        Field("lift", .double, display: .percent(decimals: 1)), Field("effect", .double),
      ] + kept,
      examples: [Example("sample_size_mean(mean => 10, stddev => 9, lift => 5%).per_variant", "5088")]
    ) { arguments in
      try filled(arguments, members: 8) { number in
        let (mean, deviation, lift) = (number[0], number[1], number[2])
        try require(mean.isFinite && mean != 0, "mean is a number other than 0, not \(shown(mean))")
        try require(deviation.isFinite && deviation > 0, "stddev is above 0, not \(shown(deviation))")
        try require(lift.isFinite && lift != 0, "lift is a number other than 0, not \(shown(lift))")
        let effect = mean * lift
        let (design, variants) = try design(number[3...])
        let size = design.sampleSizeT(effect: abs(effect) / deviation)
        return try sizes(size, variants, lift)
          + [
            .double(mean), .double(deviation), .double(lift), .double(effect), .double(number[3]),
            .double(number[4]),
          ]
      }
    },
    RecordFunction(
      "proportion_interval", .statistics,
      "A rate with its confidence interval by Wilson's score; null members without trials.",
      parameters: [Parameter("successes", .integer), Parameter("trials", .integer), level],
      result: [
        Field("rate", .double, display: .percent(decimals: 2)),
        Field("low", .double, display: .percent(decimals: 2)),
        Field("high", .double, display: .percent(decimals: 2)),
      ], examples: [Example("round(proportion_interval(15, 120).low, 4)", "0.0772")]
    ) { arguments in
      try filled(arguments, members: 3) { number in
        let proportion = Proportion(successes: number[0], trials: number[1])
        try require(number[1] >= 0, "trials are 0 or more, not \(shown(number[1]))")
        try require(
          number[0] >= 0 && number[0] <= number[1],
          "successes lie between 0 and trials, \(shown(number[1])), not \(shown(number[0]))")
        try requireLevel(number[2])
        guard proportion.trials > 0 else { return [.null, .null, .null] }
        let interval = proportion.wilsonInterval(level: number[2])
        return [.double(proportion.rate), .double(interval.lowerBound), .double(interval.upperBound)]
      }
    },
    RecordFunction(
      "mean_interval", .statistics,
      "A mean with its confidence interval by Student's t distribution; no interval of fewer "
        + "than two values.",
      parameters: [
        Parameter("mean", .double), Parameter("stddev", .double), Parameter("count", .integer), level,
      ],
      result: [Field("mean", .double), Field("low", .double), Field("high", .double)],
      examples: [Example("round(mean_interval(10, 3, 25).low, 4)", "8.7617")]
    ) { arguments in
      try filled(arguments, members: 3) { number in
        try require(number[1] >= 0, "stddev is 0 or more, not \(shown(number[1]))")
        try require(number[2] >= 0, "count is 0 or more, not \(shown(number[2]))")
        try requireLevel(number[3])
        let interval = MeanInterval.student(
          mean: number[0], deviation: number[1], count: number[2], level: number[3])
        return [
          .double(number[0]), interval.map { .double($0.lowerBound) } ?? .null,
          interval.map { .double($0.upperBound) } ?? .null,
        ]
      }
    },
  ]

  private static let demands = [
    Parameter("power", .double, default: .double(0.8)), Parameter("alpha", .double, default: .double(0.05)),
    Parameter("variants", .integer, default: .integer(2)), Parameter("sides", .integer, default: .integer(2)),
  ]
  private static let kept = [
    Field("power", .double, display: .percent(decimals: 0)),
    Field("alpha", .double, display: .percent(decimals: 1)),
  ]
  private static let level = Parameter("level", .double, default: .double(0.95))

  /// Computes members from numbers; all are null when one of the numbers is.
  private static func filled(
    _ arguments: [Scalar], members: Int, _ compute: ([Double]) throws -> [Scalar]
  ) throws -> [Scalar] {
    let numbers = arguments.compactMap(\.number)
    guard numbers.count == arguments.count else { return [Scalar](repeating: .null, count: members) }
    return try compute(numbers)
  }

  /// The design of each comparison and the number of variants, from power, alpha, variants and sides.
  private static func design(_ numbers: ArraySlice<Double>) throws -> (TestDesign, variants: Double) {
    let numbers = Array(numbers)
    let (power, alpha, variants) = (numbers[0], numbers[1], numbers[2])
    try require(alpha > 0 && alpha < 1, "alpha lies between 0 and 1, not \(shown(alpha))")
    try require(
      power > alpha && power < 1, "power lies between alpha, \(shown(alpha)), and 1, not \(shown(power))")
    try require((2...1000).contains(variants), "variants are 2 to 1000, not \(shown(variants))")
    guard let sides = TestDesign.Sides(rawValue: Int(exactly: numbers[3]) ?? 0) else {
      throw EvaluationError("sides are 1 or 2, not \(shown(numbers[3]))")
    }
    return (TestDesign(alpha: alpha / (variants - 1), power: power, sides: sides), variants)
  }

  /// Units per variant and in total, whole ones.
  private static func sizes(_ size: Double, _ variants: Double, _ lift: Double) throws -> [Scalar] {
    guard let perVariant = Int64(exactly: max(1, size.rounded(.up))), size * variants < 1e15 else {
      throw EvaluationError("a lift of \(shown(lift)) needs more units than there can be")
    }
    return [.integer(perVariant), .integer(perVariant * Int64(variants))]
  }

  private static func require(_ condition: Bool, _ rule: @autoclosure () -> String) throws {
    if !condition { throw EvaluationError(rule()) }
  }

  private static func requireLevel(_ level: Double) throws {
    try require(level > 0 && level < 1, "level lies between 0 and 1, not \(shown(level))")
  }

  private static func shown(_ number: Double) -> String { ValueFormatter.machine(.double(number)) }
}
