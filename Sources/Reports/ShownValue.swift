import Values

/// A value as it is written, for a reader and for a machine.
struct ShownValue: Hashable {
  var text: String
  var machine: String

  init(text: String, machine: String) {
    self.text = text
    self.machine = machine
  }

  init(_ scalar: Scalar, _ display: Display, timeZone: TimeZoneRules) {
    self.init(
      text: ValueFormatter.text(scalar, display, timeZone: timeZone), machine: ValueFormatter.machine(scalar))
  }

  /// Any value, as it can stand in a sentence: what has one value is that value, a record its members, and
  /// of the rest it is said what it is.
  init(_ value: Value, timeZone: TimeZoneRules) {
    switch value {
    case .scalar(let scalar, let display):
      self.init(scalar, display, timeZone: timeZone)
    case .column(let column, let display) where column.count == 1:
      self.init(column[0], display, timeZone: timeZone)
    case .column(let column, _):
      self.init(counting: column.count, "value", timeZone)
    case .table(let table) where table.count == 1 && table.columns.count == 1:
      self.init(table.columns[0][0], table.schema[0].display, timeZone: timeZone)
    case .table(let table):
      self.init(counting: table.count, "row", timeZone)
    case .record(let record):
      let members = record.members.map { ($0.name, ShownValue($0.value, timeZone: timeZone)) }
      self.init(
        text: members.map { "\($0.asLabel) \(Isolation.isolated($1.text))" }.joined(separator: ", "),
        machine: members.map { "\($0)=\($1.machine)" }.joined(separator: ";"))
    case .figure(let figure):
      self.init(text: figure.title ?? "a figure", machine: "")
    }
  }

  private init(counting count: Int, _ noun: String, _ timeZone: TimeZoneRules) {
    let number = ValueFormatter.text(.integer(Int64(count)), .automatic, timeZone: timeZone)
    self.init(text: "\(number) \(noun)\(count == 1 ? "" : "s")", machine: String(count))
  }
}

extension NamedValue {
  /// The plain values of a value under their full names: a record's members as `design.total`, the columns
  /// of a table with one row as `totals.users`. Columns, other tables and figures have none.
  func plainValues(timeZone: TimeZoneRules) -> [(name: String, shown: ShownValue)] {
    switch value {
    case .scalar(let scalar, let display):
      return [(name, ShownValue(scalar, display, timeZone: timeZone))]
    case .record(let record):
      return record.members.flatMap {
        NamedValue("\(name).\($0.name)", $0.value).plainValues(timeZone: timeZone)
      }
    case .table(let table) where table.count == 1:
      return zip(table.schema, table.columns).map { field, column in
        ("\(name).\(field.name)", ShownValue(column[0], field.display, timeZone: timeZone))
      }
    case .table, .column, .figure:
      return []
    }
  }
}
