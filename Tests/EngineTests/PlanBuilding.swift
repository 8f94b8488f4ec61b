import Functions
import Planning
import Values

/// Short ways to write plans over the columns of `RandomLog`.
let user = Expr.column(0, .text)
let time = Expr.column(1, .timestamp)
let event = Expr.column(2, .text)
let country = Expr.column(3, .text)
let amount = Expr.column(4, .integer)
let price = Expr.column(5, .double)
let flag = Expr.column(6, .boolean)
let day = Expr.column(7, .date)

let events = Plan.events(
  EventsPlan(source: "log", schema: RandomLog.schema, log: LogColumns(entity: 0, time: 1, event: 2)))

func literal(_ scalar: Scalar) -> Expr { .literal(scalar, scalar.type ?? .integer) }
func text(_ text: String) -> Expr { literal(.text(text)) }
func integer(_ value: Int64) -> Expr { literal(.integer(value)) }

/// A call of the overload whose parameters have the arguments' types.
func call(_ name: String, _ arguments: Expr...) -> Expr {
  let types = arguments.map(\.type)
  guard let function = Catalogue.scalar(name),
    let overload = function.overloads.firstIndex(where: { $0.parameters.map(\.type) == types })
  else { preconditionFailure("no function \(name) of \(types)") }
  return .call(name, overload: overload, arguments, function.overloads[overload].result)
}

func aggregate(
  _ name: String, _ arguments: Expr..., distinct: Bool = false, where filter: Expr? = nil
) -> AggregateCall {
  let types = arguments.map(\.type)
  guard let function = Catalogue.aggregate(name),
    let overload = function.overloads.firstIndex(where: { $0.parameters.map(\.type) == types })
  else { preconditionFailure("no aggregate \(name) of \(types)") }
  return AggregateCall(
    field: Field(name, function.overloads[overload].result), function: name, overload: overload,
    arguments: arguments, isDistinct: distinct, filter: filter)
}

func named(_ name: String, _ expression: Expr) -> NamedExpr {
  NamedExpr(Field(name, expression.type), expression)
}

func window(
  _ kind: EventWindow.Kind, hours: Int64? = nil, isInclusive: Bool = false, _ call: AggregateCall
) -> WindowCall {
  let reach = hours.map { $0 * 3_600_000_000 }
  return .aggregate(call, over: EventWindow(kind: kind, reach: reach, isInclusive: isInclusive))
}

func neighbour(_ value: Expr, _ offset: Int64) -> WindowCall {
  .neighbour(Field("neighbour", value.type), value, offset: offset)
}
