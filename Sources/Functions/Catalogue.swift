import Values

/// Every function of the language, by name. Families add their entries in their own files.
public enum Catalogue {
  /// The functions of plain values, in the order of the manual.
  public static let scalars: [ScalarFunction] = [
    Arithmetic.functions, Comparison.functions, Logic.functions, Conditional.functions,
    Text.functions, RegularExpressions.functions, Time.functions, Conversion.functions,
  ].flatMap { $0 }
  /// The functions over many rows, in the order of the manual.
  public static let aggregates: [AggregateFunction] = [
    Counting.functions, Sums.functions, Extremes.functions, Quantiles.functions, Spread.functions,
    Listing.functions,
  ].flatMap { $0 }
  /// The functions of other rows of an entity, in the order of the manual.
  public static let positionals: [PositionalFunction] = LookUps.functions
  /// The functions that give records, in the order of the manual.
  public static let records: [RecordFunction] = Design.functions

  private static let scalarsByName = Dictionary(uniqueKeysWithValues: scalars.map { ($0.name, $0) })
  private static let aggregatesByName = Dictionary(uniqueKeysWithValues: aggregates.map { ($0.name, $0) })
  private static let positionalsByName = Dictionary(uniqueKeysWithValues: positionals.map { ($0.name, $0) })
  private static let recordsByName = Dictionary(uniqueKeysWithValues: records.map { ($0.name, $0) })

  /// A function of plain values, by its lower-case name.
  public static func scalar(_ name: String) -> ScalarFunction? { scalarsByName[name] }

  /// An aggregate, by its lower-case name.
  public static func aggregate(_ name: String) -> AggregateFunction? { aggregatesByName[name] }

  /// A function of other rows of an entity, by its lower-case name.
  public static func positional(_ name: String) -> PositionalFunction? { positionalsByName[name] }

  /// A function that gives a record, by its lower-case name.
  public static func record(_ name: String) -> RecordFunction? { recordsByName[name] }
}
