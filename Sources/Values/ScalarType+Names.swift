extension ScalarType {
  /// What types are called, those of SQL among them, in lower case.
  public static let names: [String: ScalarType] = [
    "boolean": .boolean, "bool": .boolean, "integer": .integer, "int": .integer, "bigint": .integer,
    "int64": .integer, "double": .double, "float": .double, "float64": .double, "real": .double,
    "number": .double, "numeric": .double, "text": .text, "string": .text, "varchar": .text,
    "timestamp": .timestamp, "datetime": .timestamp, "date": .date, "duration": .duration,
    "interval": .duration,
  ]

  /// The type of a name, without regard to case.
  public init?(named name: String) {
    guard let type = ScalarType.names[name.lowercased()] else { return nil }
    self = type
  }
}
