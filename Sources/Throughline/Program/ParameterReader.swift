import Functions
import Values

/// Reads the values of parameters, which are written as text in front matter and on the command line.
enum ParameterReader {
  private static let types: [String: ScalarType] = [
    "string": .text, "text": .text, "integer": .integer, "number": .double, "double": .double,
    "boolean": .boolean, "date": .date, "timestamp": .timestamp, "duration": .duration,
  ]

  /// The value of a text as a type by its name; without a name the type that the text looks like. Nothing and `null`
  /// are null.
  static func read(
    _ text: String?, type name: String?, timeZone: TimeZoneRules
  ) throws(EvaluationError) -> (Scalar, ScalarType) {
    let type: ScalarType?
    if let name {
      guard let known = types[name.lowercased()] else {
        throw EvaluationError(
          "no type named '\(name)'",
          hints: ["the types are \(types.keys.sorted().map { "'\($0)'" }.joined(separator: ", "))"])
      }
      type = known
    } else {
      type = nil
    }
    guard let text, type == .text || text != "null" else { return (.null, type ?? .text) }
    if let type {
      guard let value = value(text, as: type, timeZone) else {
        let kind = "\(type.article) \(name ?? type.rawValue)"
        throw EvaluationError(
          "'\(text)' does not read as \(kind)", hints: ["\(kind) is written like '\(type.example)'"])
      }
      return (value, type)
    }
    for candidate in [ScalarType.integer, .double, .boolean, .date, .timestamp, .duration] {
      if let value = value(text, as: candidate, timeZone) { return (value, candidate) }
    }
    return (.text(text), .text)
  }

  /// A text as a value of a type, by the conversion that the language has; nothing when it does not read as one.
  static func value(_ text: String, as type: ScalarType, _ timeZone: TimeZoneRules) -> Scalar? {
    if type == .text { return .text(text) }
    guard
      let overload = Catalogue.scalar("try_\(type.rawValue)")?.overloads
        .first(where: { $0.parameters.map(\.type) == [.text] }),
      let column = try? overload.kernel(
        [Operand(constant: .text(text), type: .text)], 1, EvaluationContext(timeZone: timeZone)),
      column[0] != .null
    else { return nil }
    return column[0]
  }
}
