import Charts
import Engine
import Functions
import Planning
import Values

/// A name whose value is not known yet.
struct UnknownValue: Error {}

/// Computes the value of terms from the values of names.
struct TermEvaluator {
  let value: (String) -> Value?
  let timeZone: TimeZoneRules

  private var context: EvaluationContext { EvaluationContext(timeZone: timeZone) }

  /// The value of a term.
  ///
  /// - Throws: `UnknownValue` when it needs a name without a value, `EvaluationError` when it cannot be computed.
  func value(of term: Term) throws -> Value {
    switch term {
    case .name(let name):
      guard let value = value(name) else { throw UnknownValue() }
      return value
    case .expression(let expr, let leaves, let display):
      let operands = try aligned(leaves, as: expr.columnTypes)
      let column = try evaluate(expr, over: operands.table)
      return operands.isColumn ? .column(column, display) : .scalar(column[0], display)
    case .column(let base, let position):
      let table = try table(base)
      return .column(table.columns[position], table.schema[position].display)
    case .rows(let base, let condition):
      let table = try table(base)
      let kept = try evaluate(condition, over: table)
      let positions = (0..<table.count).filter { kept[$0] == .boolean(true) }.map { Int32($0) }
      return .table(table.gathered(positions))
    case .member(let base, let position):
      guard case .record(let record) = try value(of: base) else {
        preconditionFailure("a member was checked to be of a record")
      }
      return record.members[position].value
    case .count(let base): return .scalar(.integer(Int64(try table(base).count)))
    case .aggregate(let call, let leaves):
      let types = Expr.columnTypes(of: call.arguments + (call.filter.map { [$0] } ?? []))
      let operands = try aligned(leaves, as: types)
      let table = operands.isEmpty ? operands.table.gathered([]) : operands.table
      return .scalar(
        try engineErrors { try Engine.aggregate(call, over: table, context: context) }, call.field.display)
    case .record(let name, let arguments):
      guard let function = Catalogue.record(name) else { preconditionFailure("no record function \(name)") }
      let results = try function.evaluate(try arguments.map { try scalar($0) })
      let members = zip(function.result, results).map {
        Record.Member($0.name, .scalar($1, $0.display))
      }
      return .record(Record(kind: name.replacing("_", with: " "), members: members))
    case .figure(let figure): return .figure(try self.figure(figure))
    }
  }

  /// The one plain value of a term: null for a column without values.
  func scalar(_ term: Term) throws -> Scalar {
    switch try value(of: term) {
    case .scalar(let scalar, _): return scalar
    case .column(let column, _):
      guard column.count <= 1 else {
        throw EvaluationError(
          "there are \(column.count) values where one is needed",
          hints: ["choose a row, 'table[condition].column', or aggregate, 'max(table.column)'"])
      }
      return column.count == 0 ? .null : column[0]
    case .table, .record, .figure: preconditionFailure("a plain value was checked to be one")
    }
  }

  private func table(_ term: Term) throws -> Table {
    guard case .table(let table) = try value(of: term) else {
      preconditionFailure("a table was checked to be one")
    }
    return table
  }

  private func evaluate(_ expr: Expr, over table: Table) throws -> Column {
    try engineErrors { try Engine.evaluate(expr, over: table, context: context) }
  }

  private func engineErrors<Result>(_ compute: () throws -> Result) throws -> Result {
    do { return try compute() } catch let error as ExecutionError {
      throw EvaluationError(error.message, hints: error.hints)
    }
  }

  /// The values of terms side by side, as the columns of a table.
  private struct Operands {
    let table: Table
    /// Whether a column has several values; otherwise there is one row.
    let isColumn: Bool
    /// Whether there are columns, and none of them has several values, and one has none.
    let isEmpty: Bool
  }

  /// The values of terms side by side: plain values hold for all rows, a column of one value is that value, and a
  /// column without values is null.
  private func aligned(_ leaves: [Term], as types: [Int: ScalarType]) throws -> Operands {
    let values = try leaves.map { try value(of: $0) }
    var count: Int?
    var hasNone = false
    for case .column(let column, _) in values {
      hasNone = hasNone || column.count == 0
      guard column.count > 1 else { continue }
      if let count, count != column.count {
        throw EvaluationError(
          "columns of \(count) and of \(column.count) values do not go together",
          hints: ["aggregate one of them, or choose one row: 'table[condition].column'"])
      }
      count = column.count
    }
    let rows = count ?? 1
    var columns: [Column] = []
    for (position, value) in values.enumerated() {
      switch value {
      case .column(let column, _):
        columns.append(
          column.count == rows
            ? column
            : Column(repeating: column.count == 0 ? .null : column[0], type: column.type, count: rows))
      case .scalar(let scalar, _):
        columns.append(Column(repeating: scalar, type: scalar.type ?? types[position] ?? .text, count: rows))
      case .table, .record, .figure: preconditionFailure("an operand was checked to be plain")
      }
    }
    let schema = columns.enumerated().map { Field("v\($0)", $1.type) }
    return Operands(
      table: Table(schema: schema, columns: columns, count: rows), isColumn: count != nil,
      isEmpty: count == nil && hasNone)
  }

  // MARK: Figures

  func figure(_ term: FigureTerm) throws -> Figure {
    switch term {
    case .sum(let left, let right): return try figure(left) + figure(right)
    case .name(let name):
      guard let value = value(name) else { throw UnknownValue() }
      guard case .figure(let figure) = value else { preconditionFailure("a figure was checked to be one") }
      return figure
    case .plot(let base, let kind):
      let table = try table(base)
      var figure =
        switch kind {
        case .activity: Figure.activity(of: table)
        case .attribution: Figure.attribution(of: table)
        case .funnel: Figure.funnel(of: table)
        case .lifecycle: Figure.lifecycle(of: table)
        case .paths: Figure.paths(of: table)
        case .retention: Figure.retention(of: table, in: timeZone)
        case .rows: preconditionFailure("a figure was checked to be of a table that comes with one")
        }
      figure.timeZone = timeZone.name
      return figure
    case .titled(let inner, let titles):
      var figure = try figure(inner)
      figure.title = try text(titles.title) ?? figure.title
      figure.subtitle = try text(titles.subtitle) ?? figure.subtitle
      figure.xLabel = try text(titles.xLabel) ?? figure.xLabel
      figure.yLabel = try text(titles.yLabel) ?? figure.yLabel
      return figure
    case .layer(let layer): return Figure(layers: [try self.layer(layer)], timeZone: timeZone.name)
    }
  }

  private func text(_ term: Term?) throws -> String? {
    guard let term, case .text(let text) = try scalar(term) else { return nil }
    return text
  }

  private func layer(_ term: LayerTerm) throws -> Layer {
    let table = try term.table.map { try self.table($0) }
    var layer = Layer(term.mark, isStacked: term.isStacked, bins: term.bins)
    for encoding in term.encodings {
      let column: Column
      if let table {
        column = try evaluate(encoding.expression, over: table)
      } else {
        column = try evaluate(
          encoding.expression, over: try aligned(encoding.leaves, as: encoding.expression.columnTypes).table)
      }
      let channel = Layer.Channel(name: encoding.name, column: column, display: encoding.display)
      switch encoding.channel {
      case .x: layer.x = channel
      case .y: layer.y = channel
      case .low: layer.low = channel
      case .high: layer.high = channel
      case .color: layer.color = channel
      case .label: layer.label = channel
      }
    }
    return layer
  }
}
