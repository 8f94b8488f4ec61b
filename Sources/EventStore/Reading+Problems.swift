import ADBC
import Values

extension Reading {
  /// Values of some columns that are not of the type that the others of their column are of.
  func lostValues(
    of columns: [SourceColumn], _ connection: Connection
  ) throws(DatabaseError) -> [IngestReport.Problem] {
    var found: [IngestReport.Problem] = []
    for column in columns {
      guard let expected = column.expected, !absent.contains(column.name) else { continue }
      found += try problems(
        reason: SQLText.literal("'\(column.name)' is not \(expected)"), value: "\(column.given)::varchar",
        condition: "\(column.given) is not null and \(column.expression) is null", .value, connection)
    }
    return found
  }

  /// The rows for which a condition holds, by file and reason, with the first three of each.
  ///
  /// - Parameters:
  ///   - reason: SQL of the reason, a text.
  ///   - value: SQL of what stands there, a text.
  func problems(
    reason: String, value: String, condition: String, _ loss: IngestReport.Problem.Loss,
    _ connection: Connection
  ) throws(DatabaseError) -> [IngestReport.Problem] {
    let table = try connection.table(
      """
      with bad as (select \(file) as file, \(reason) as reason, \(row) as place, \
      left(\(value), 200) as value, \(sequence) as sequence from \(relation) where \(condition)), \
      ranked as (select *, count(*) over (partition by file, reason) as total, \
      row_number() over (partition by file, reason order by sequence) as rank from bad) \
      select file::integer, reason, total, place::bigint, value from ranked where rank <= 3 \
      order by file, reason, sequence
      """)
    var problems: [IngestReport.Problem] = []
    for row in 0..<table.count {
      guard case .text(let reason) = table.columns[1][row], let total = table.columns[2][row].integral else {
        continue
      }
      let index = table.columns[0][row].integral.map { Int($0) }
      let name = index.map { files[$0].name } ?? files.map(\.name).joined(separator: ", ")
      if problems.last?.reason != reason || problems.last?.file != name {
        problems.append(
          IngestReport.Problem(file: name, loss: loss, reason: reason, count: Int(total), examples: []))
      }
      if let place = table.columns[3][row].integral, case .text(let text) = table.columns[4][row] {
        problems[problems.count - 1].examples.append(
          IngestReport.Example(unit: .row, number: place, text: text))
      }
    }
    return problems
  }
}
