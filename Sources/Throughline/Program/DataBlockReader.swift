import Diagnostics
import Documents
import EventStore
import Planning
import Values

/// Reads the comma-separated values of a `data` block into a table, with types that all values of a column fit.
struct DataBlockReader {
  let timeZone: TimeZoneRules
  var diagnostics: [Diagnostic] = []

  init(timeZone: TimeZoneRules) { self.timeZone = timeZone }

  /// The table, or nothing when the block has a mistake.
  mutating func table(_ block: CodeBlock) -> Table? {
    var records = CommaSeparatedValues.records(block.body)
    if let open = records.last?.fields.last(where: { !$0.isClosed }) {
      diagnostics.append(
        Diagnostic(
          id: "unclosed-text", "a value that starts with '\"' goes on to the next '\"'",
          at: SourceRange(open.range.lower, open.range.lower + 1), label: "this quote is never closed",
          hints: ["close it with \"; inside, a quote is written twice: \"\""]))
      return nil
    }
    guard let header = records.first else {
      diagnostics.append(
        Diagnostic(
          id: "no-header", "a data block starts with the names of its columns", at: block.range,
          label: "nothing in it", hints: ["write them on its first line: 'user_id,ts,event'"]))
      return nil
    }
    records.removeFirst()
    let names = header.fields.map(\.text)
    var seen = Set<String>()
    for field in header.fields {
      guard !field.text.isEmpty, seen.insert(field.text.lowercased()).inserted else {
        diagnostics.append(
          Diagnostic(
            id: "duplicate-column",
            field.text.isEmpty ? "a column has a name" : "two columns are named '\(field.text)'",
            at: field.range, label: field.text.isEmpty ? "no name" : "the second of that name",
            hints: field.text.isEmpty ? ["give it one"] : ["name it otherwise"]))
        return nil
      }
    }
    var isSound = true
    for record in records where record.fields.count != names.count {
      isSound = false
      diagnostics.append(
        Diagnostic(
          id: "ragged-row", "a row has a value for each of the \(names.count) columns", at: record.range,
          label: "has \(record.fields.count)",
          hints: ["leave a value empty where there is none; put one that has a comma into double quotes"]))
    }
    guard isSound else { return nil }
    let roles = DataBlockReader.roles(of: block)
    let columns = names.indices.map { position in
      // The times of a log may all be days, and are times nevertheless.
      let isTime = names[position].lowercased() == roles?.time.lowercased()
      return column(records.map { $0.fields[position] }, preferring: isTime ? [.timestamp] : [])
    }
    let schema = zip(names, columns).map { Field($0, $1.type) }
    let table = Table(schema: schema, columns: columns, count: records.count)
    return checkRoles(block, table) ? table : nil
  }

  private func column(_ fields: [CommaSeparatedValues.Field], preferring preferred: [ScalarType]) -> Column {
    let given = fields.filter { !$0.isNull }
    for type in preferred + [ScalarType.integer, .double, .boolean, .date, .timestamp, .duration] {
      guard !given.isEmpty, !given.contains(where: \.isQuoted) else { break }
      let values = fields.map { field in
        field.isNull ? Scalar.null : ParameterReader.value(field.text, as: type, timeZone) ?? .null
      }
      if zip(fields, values).allSatisfy({ $0.isNull || $1 != .null }) { return Column(type, values) }
    }
    if given.isEmpty, let type = preferred.first { return Column(type, fields.map { _ in .null }) }
    return Column(.text, fields.map { $0.isNull ? .null : .text($0.text) })
  }

  // MARK: Logs

  /// What the columns of a data block stand for, if it says that it is a log: `{entity: user_id, time: ts}`.
  static func roles(of block: CodeBlock) -> LogRoles? {
    guard let entity = block.option("entity"), !entity.isEmpty else { return nil }
    func name(_ option: String, _ fallback: String) -> String {
      block.option(option).flatMap { $0.isEmpty ? nil : $0 } ?? fallback
    }
    return LogRoles(
      entity: entity, time: name("time", "ts"), event: name("event", "event"), id: block.option("id"))
  }

  static func roles(of node: Node, in document: Document) -> LogRoles? {
    guard case .data(let block) = node.kind else { return nil }
    return roles(of: document.blocks[block])
  }

  /// The plan that reads a data block as the log that it is.
  static func events(_ name: String, _ table: Table, _ roles: LogRoles) -> Plan {
    let schema = table.schema
    return .events(
      EventsPlan(
        source: name, schema: schema,
        log: LogColumns(
          entity: schema.position(of: roles.entity) ?? 0, time: schema.position(of: roles.time) ?? 0,
          event: schema.position(of: roles.event))))
  }

  private mutating func checkRoles(_ block: CodeBlock, _ table: Table) -> Bool {
    guard let roles = DataBlockReader.roles(of: block) else { return true }
    do {
      _ = try EventLog(table: table, roles: roles, fingerprint: "")
      return true
    } catch {
      diagnostics.append(
        Diagnostic(
          id: "bad-log", error.message, at: place(of: error, block), label: "no log by this",
          notes: ["the columns are \(table.schema.map { "'\($0.name)'" }.joined(separator: ", "))"],
          hints: ["say which is which: {entity: user_id, time: ts, event: event}"]))
      return false
    }
  }
}

extension DataBlockReader {
  /// The option that names the column which an error is about, otherwise the block's name.
  private func place(of error: LogTableError, _ block: CodeBlock) -> SourceRange {
    let option = block.options.first { option in
      guard ["entity", "time", "event", "id"].contains(option.name), let column = option.value else {
        return false
      }
      return error.message.contains("'\(column)'")
    }
    return option?.range ?? block.nameRange ?? block.range
  }
}

extension Table {
  /// The event names of a table that is a log.
  func eventNames(_ roles: LogRoles) -> [String] {
    guard let column = column(roles.event) else { return [] }
    var names = Set<ExactText>()
    for case .text(let name) in column.scalars { names.insert(ExactText(name)) }
    return names.sorted().map(\.string)
  }
}
