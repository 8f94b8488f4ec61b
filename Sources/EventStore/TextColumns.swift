import ADBC
import Values

/// Columns of texts, each taken for the narrowest type that its values have.
///
/// The first thousand values say what a column may be, all of them what it is. One in a hundred may be something else:
/// that value is null then, and reported, for a slip does not make numbers texts. A number with a leading zero, such
/// as a postal code, is a text, and so is a whole number of twenty digits.
struct TextColumns {
  let columns: [SourceColumn]

  init(_ names: [String], of table: String, _ connection: Connection) throws(DatabaseError) {
    var columns: [SourceColumn] = []
    for name in names {
      let quoted = SQLText.identifier(name)
      let sample = "(select \(quoted) from \(table) where \(quoted) is not null limit 1000)"
      var type = ScalarType.text
      for kind in [Kind.number, .boolean, .time] where try kind.holds(quoted, in: sample, connection) {
        type = try kind.type(of: quoted, in: table, connection)
      }
      columns.append(SourceColumn(name, textOf: type))
    }
    self.columns = columns
  }

  /// What texts may stand for.
  private enum Kind {
    case number, boolean, time

    /// SQL: whether a text looks like one of the kind.
    func test(_ value: String) -> String {
      switch self {
      case .number: "try_cast(\(value) as double) is not null"
      case .boolean: "lower(\(value)) in ('true', 'false')"
      case .time:
        "(\(value) like '____-__-__%' and (length(\(value)) = 10 or substr(\(value), 11, 1) in ('T', ' ')))"
      }
    }

    /// Whether nearly all values of a relation are of the kind.
    func holds(_ value: String, in relation: String, _ connection: Connection) throws(DatabaseError) -> Bool {
      let row = try connection.table("select count(\(value)), count_if(\(test(value))) from \(relation)").row(
        0)
      let (all, these) = (row[0].integral ?? 0, row[1].integral ?? 0)
      return these > 0 && (all - these) * 100 <= all
    }

    /// The type of a column that seems to be of the kind.
    func type(of value: String, in table: String, _ connection: Connection) throws(DatabaseError)
      -> ScalarType
    {
      guard try holds(value, in: table, connection) else { return .text }
      let facts =
        switch self {
        case .boolean: ["false"]
        case .number:
          [
            // With a point, an exponent or neither: infinite or not a number.
            "bool_or(case when \(test(value)) then regexp_matches(\(value), '[.eEnN]') end)",
            "bool_or(\(value) like '0_%' and substr(\(value), 2, 1) between '0' and '9' and \(test(value)))",
            "bool_or(\(test(value)) and try_cast(\(value) as bigint) is null)",
          ]
        case .time: ["bool_or(length(\(value)) > 10 and \(test(value)))"]
        }
      let row = try connection.table("select \(facts.joined(separator: ", ")) from \(table)").row(0)
      let holds = row.map { $0 == .boolean(true) }
      switch self {
      case .boolean: return .boolean
      case .time: return holds[0] ? .timestamp : .date
      case .number:
        if holds[1] { return .text }
        if holds[0] { return .double }
        return holds[2] ? .text : .integer
      }
    }
  }
}
