import Values

/// What a row of a log can know of other rows of its entity, beside aggregates over windows.
enum LookUps {
  static let functions = [
    PositionalFunction(
      "lag", .before,
      "The value at the row before, or so many rows before, of the same entity, in the order of time and sequence; "
        + "the default where there is no such row.",
      neighbours, display: .argument(0),
      examples: [
        Example("lag(page)", "null, home, item, cart", over: pages),
        Example("lag(page, 2)", "null, null, home, item", over: pages),
        Example("lag(page, 1, 'none')", "none, home, item, cart", over: pages),
      ]),
    PositionalFunction(
      "lead", .after,
      "The value at the row after, or so many rows after, of the same entity, in the order of time and sequence; "
        + "the default where there is no such row.",
      neighbours, display: .argument(0),
      examples: [
        Example("lead(page)", "item, cart, home, null", over: pages),
        Example("lead(page, default => 'left')", "item, cart, home, left", over: pages),
      ]),
    PositionalFunction(
      "since", .elapsed,
      "The time since the last row of the same entity with a strictly earlier time for which a condition was true; "
        + "null when there was none.",
      [PositionalFunction.Overload([Parameter("condition", .boolean)], result: .duration)],
      examples: [Example("since(page = 'home')", "null, PT1H, PT2H, PT3H", over: pages)]),
  ]

  private static let neighbours = ScalarType.allCases.map { type in
    PositionalFunction.Overload(
      [
        Parameter("value", type), Parameter("offset", .integer, .constant, default: .integer(1)),
        Parameter("default", type, default: .null),
      ], result: type)
  }

  private static let pages = [
    Example.Input("page", .text, ["home", "item", "cart", "home"].map { .text($0) })
  ]
}
