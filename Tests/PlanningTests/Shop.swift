import Diagnostics
import Functions
import Planning
import Syntax
import Testing
import Values

/// A source with a log and a dimension, and a document that binds a few names.
final class Shop: Environment {
  static let log: Schema = [
    Field("user_id", .text), Field("ts", .timestamp), Field("event", .text), Field("country", .text),
    Field("price", .double, display: .money(currency: "EUR")), Field("orders", .integer), Field("day", .date),
  ]
  static let users: Schema = [Field("user_id", .text), Field("country", .text), Field("age", .integer)]
  static let eventNames = ["purchase", "signed_up", "viewed"]

  var relations: [String: Relation] = [
    "events": .plan(
      .events(EventsPlan(source: "shop", schema: log, log: LogColumns(entity: 0, time: 1, event: 2))),
      eventNames: eventNames),
    "users": .plan(.relation("users", users), eventNames: []),
    "broken": .unknown,
  ]
  var bindings: [String: Binding] = [
    "weekly": Binding(type: .table([Field("week", .date), Field("users", .integer)], .rows)),
    "rate": Binding(type: .scalar(.double, .percent(decimals: 1))),
    "mistaken": Binding(type: nil),
  ]
  /// The plain values that are known, by name.
  var values: [String: Scalar] = ["rate": .double(0.25)]

  var bindingNames: [String] { bindings.keys.sorted() }
  var relationNames: [String] { relations.keys.sorted() }
  let sourceNames = ["shop"]
  let timeZone = TimeZoneRules.utc

  func binding(_ name: String) -> Binding? { bindings[name] }
  func relation(_ name: String) -> Relation? { relations[name] }

  func value(of term: Term) throws -> Scalar? {
    guard case .name(let name) = term else { throw EvaluationError("the term is not a name") }
    return values[name]
  }
}

/// What checking a query gives: its plan, and diagnostics as `id@the marked text`.
struct CheckedQuery {
  let plan: Plan?
  let diagnostics: [Diagnostic]
  let text: String

  var marks: [String] {
    let source = SourceText(name: "test", text: text)
    return diagnostics.map { "\($0.id)@\($0.range.map { source.text(in: $0) } ?? "nowhere")" }
  }
}

/// Checks a query that has no mistake of syntax.
func checked(_ text: String, in shop: Shop = Shop()) -> CheckedQuery {
  let (query, mistakes) = Parser.query(Fragment(text))
  #expect(mistakes.map(\.message) == [])
  var checker = QueryChecker(shop)
  let plan = checker.plan(query)
  return CheckedQuery(plan: plan, diagnostics: checker.diagnostics, text: text)
}

/// The plan of a query without a mistake or a warning, as the tree that `throughline` explains it with.
func shape(_ text: String, in shop: Shop = Shop()) throws -> String {
  let checked = checked(text, in: shop)
  #expect(checked.marks == [])
  return try #require(checked.plan).description()
}

/// What is wrong with steps over the events.
func marks(_ steps: String, in shop: Shop = Shop()) -> [String] {
  checked("from events \(steps)", in: shop).marks
}
