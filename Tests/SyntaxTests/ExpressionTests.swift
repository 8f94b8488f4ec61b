import Diagnostics
import Testing

@testable import Syntax

@Suite struct ExpressionTests {
  @Test(arguments: [
    ("a or b and c", "(a or (b and c))"),
    ("a or b or c", "((a or b) or c)"),
    ("not a and b", "((not a) and b)"),
    ("not a = b", "(not (a = b))"),
    ("not not a", "(not (not a))"),
    ("a and not b or c", "((a and (not b)) or c)"),
    ("a = b + 1", "(a = (b + 1))"),
    ("a || b = c", "((a || b) = c)"),
    ("a || b + c", "(a || (b + c))"),
    ("a - b - c", "((a - b) - c)"),
    ("a - (b - c)", "(a - (b - c))"),
    ("a + b * c % d / e", "(a + (((b * c) % d) / e))"),
    ("-a * b", "((- a) * b)"),
    ("-a.b", "(- a.b)"),
    ("- - a", "(- (- a))"),
    ("a - -b", "(a - (- b))"),
    ("-x::integer", "(- cast(x as integer))"),
    ("a is null and b is not null", "((a is null) and (b is not null))"),
    ("a is not distinct from b or c", "((a is not distinct from b) or c)"),
    ("a is distinct from b", "(a is distinct from b)"),
    ("a is true", "(a is not distinct from true)"),
    ("a is not false", "(a is distinct from false)"),
    ("a between 1 and 2 and b", "((a between 1 & 2) and b)"),
    ("a not between b + 1 and c || d", "(a not between (b + 1) & (c || d))"),
    ("a in (1, b + 2,) or c", "((a in [1, (b + 2)]) or c)"),
    ("not a not in (1)", "(not (a not in [1]))"),
    ("a like 'x%' and b not like 'y'", "((a like 'x%') and (b not like 'y'))"),
    ("a[b = 'x'].c.d", "a[(b = 'x')].c.d"),
    ("f(a)[b > 1].c + 1", "(f(a)[(b > 1)].c + 1)"),
    ("a != b", "(a <> b)"),
    ("A AND Not B", "(A and (not B))"),
  ])
  func precedence(text: String, expected: String) {
    let (expression, diagnostics) = Parser.expression(Fragment(text))
    #expect(shape(expression) == expected)
    #expect(diagnostics == [])
  }

  @Test(
    arguments: [
      ("1_000", .integer(1000)), ("9223372036854775807", .integer(.max)),
      ("-9223372036854775808", .integer(.min)),
      ("1.5", .double(1.5)), (".5", .double(0.5)), ("1e6", .double(1_000_000)), ("1.5E-3", .double(0.0015)),
      ("5%", .percentage(0.05)), ("0.1%", .percentage(0.001)), ("1e1%", .percentage(0.1)),
      ("99.9%", .percentage(0.999)),
      ("'it''s'", .text("it's")), ("''", .text("")), ("'héllo 👋'", .text("héllo 👋")),
      ("30 minutes", .duration(1_800_000_000)), ("14 Days", .duration(14 * 86_400_000_000)),
      ("1 hour", .duration(3_600_000_000)), ("2 weeks", .duration(14 * 86_400_000_000)),
      ("1.5 hours", .duration(5_400_000_000)), ("500 milliseconds", .duration(500_000)),
      ("7 microseconds", .duration(7)),
      ("90 seconds", .duration(90_000_000)), ("0.1 seconds", .duration(100_000)), ("0 days", .duration(0)),
      ("interval '3 days'", .duration(3 * 86_400_000_000)), ("interval 3 day", .duration(3 * 86_400_000_000)),
      ("interval '3' day", .duration(3 * 86_400_000_000)),
      ("INTERVAL '1 day 2 hours'", .duration(26 * 3_600_000_000)),
      ("null", .null), ("TRUE", .boolean(true)), ("false", .boolean(false)),
    ] as [(String, Expression.Kind)])
  func literals(text: String, expected: Expression.Kind) {
    let (expression, diagnostics) = Parser.expression(Fragment(text))
    #expect(expression.kind == expected)
    #expect(diagnostics == [])
    #expect(expression.range == SourceRange(0, text.utf8.count))
  }

  /// A percentage touches its number and no operand follows; see `Parser.isPercentage`.
  @Test(arguments: [
    ("a > 5% and b", "((a > 5%) and b)"), ("5%", "5%"), ("f(5%)", "f(5%)"), ("5% * 2", "(5% * 2)"),
    ("5%-2", "(5% - 2)"), ("a % b", "(a % b)"), ("5 % 2", "(5 % 2)"), ("5%2", "(5 % 2)"), ("5%x", "(5 % x)"),
    ("5% 2", "(5 % 2)"), ("5% (x)", "(5 % x)"), ("5%(x)", "(5 % x)"), ("a%2", "(a % 2)"),
    ("(5)%2", "(5 % 2)"),
  ])
  func percentOrRemainder(text: String, expected: String) {
    let (expression, diagnostics) = Parser.expression(Fragment(text))
    #expect(shape(expression) == expected)
    #expect(diagnostics == [])
  }

  @Test func percentageEndsBeforeTheNextClause() {
    let text = "from events\n|> aggregate count(*) > 5% group by country"
    #expect(queryMistakes(text) == [])
  }

  @Test(arguments: [
    "country", "größe", "日付", "_x1", "`group by`", "`a``b`", "sizing.eligible.users", "t.end",
    "count(*)", "COUNT(distinct user_id)", "now()", "if(a, b, c)", "left(x, 2)", "date(ts)",
    "interval(x => a, y => b)",
    "sample_size(baseline => 0.1, lift => 5%, from => 'x')", "sum(price) filter (where event = 'purchase')",
    "count_if(event = 'purchase') over prior = 0", "sum(revenue) over (later 14 days)",
    "min(ts) over lifetime",
    "sum(x) filter (where y) over (prior 30 days)", "case when a then b end",
    "case x when 1 then 'a' else null end",
    "case when a and b then 1 when c then 2 else 3 end + 1", "cast(x as integer)", "try_cast(a + b as date)",
    "date '2026-03-01'", "timestamp '2026-03-01 12:00:00'", "a in ('x', 'y')", "not (a or b) and c",
    "-(-x)", "-(a + b)", "(a = b) = c", "a = (b in (1))", "(a is null) is null", "(not a) = b",
    "-9223372036854775808",
    "(a + b).c", "(a or b)[c]", "1 + 90 minutes", "0.000001%", "123456789.125%", "1e-200%", "1.5", "1e+20",
    "5e-324",
    "line(t, x => week, y => users, title => 'it''s') + rule(y => 5%)", "first[step = 'purchased'].rate",
  ])
  func printerRoundTrips(text: String) {
    let (expression, diagnostics) = Parser.expression(Fragment(text))
    #expect(diagnostics == [])
    let printed = expression.description
    let (again, more) = Parser.expression(Fragment(printed))
    #expect(more == [])
    #expect(again.description == printed)
    #expect(shape(again) == shape(expression))
  }

  @Test(arguments: [
    ("  A  =  ( 'x' ) -- remark", "A = 'x'"), ("a<>b", "a <> b"), ("a /* c */ and(b)", "a and b"),
    ("((a)) or (b and c)", "a or b and c"), ("\"group by\"", "`group by`"), ("`plain`", "plain"),
    ("x::date", "cast(x as date)"),
    ("2 weeks", "14 days"), ("120 minutes", "2 hours"), ("1 days", "1 day"), ("1_000.50", "1000.5"),
    ("0.5%", "0.5%"),
    ("CASE WHEN a THEN 1 ELSE 2 END", "case when a then 1 else 2 end"), ("`END`", "`END`"), ("100%", "100%"),
    ("f ( a , b => 1 , )", "f(a, b => 1)"), ("DATE '2026-01-01'", "date '2026-01-01'"),
  ])
  func canonicalForm(text: String, expected: String) {
    #expect(Parser.expression(Fragment(text)).0.description == expected)
  }

  @Test func callHasAllItsParts() throws {
    let (expression, _) = Parser.expression(
      Fragment("sum(distinct x, by => 2) filter (where y) over (prior 30 days)"))
    guard case .call(let call) = expression.kind else {
      Issue.record("no call: \(expression)")
      return
    }
    #expect(call.function.name == "sum")
    #expect(call.isDistinct && !call.isStar)
    #expect(call.arguments.map(\.label?.name) == [nil, "by"])
    #expect(call.filter?.description == "y")
    #expect(call.window?.kind == .prior)
    #expect(call.window?.reach?.kind == .duration(30 * 86_400_000_000))
  }

  @Test func positionsAreThoseOfTheSource() {
    // The block's lines stand at 100 and 200 in the document.
    let text = "aé +\n  b"
    let fragment = Fragment(utf8: Array(text.utf8), lines: [(0, 100), (6, 200)])
    let (expression, _) = Parser.expression(fragment)
    #expect(expression.range == SourceRange(100, 203))
    guard case .binary(.add, let place, let left, let right) = expression.kind else {
      Issue.record("no sum: \(expression)")
      return
    }
    #expect(place == SourceRange(104, 105))
    #expect(left.range == SourceRange(100, 103))
    #expect(right.range == SourceRange(202, 203))
  }

  @Test(
    arguments: [
      ("a == 1", ["wrong-operator@=="]), ("a && b", ["wrong-operator@&&"]), ("!a", ["wrong-operator@!"]),
      ("a => 1", ["wrong-operator@=>"]), ("a = 1 || b = 2", ["wrong-operator@||"]),
      ("(a = 1) || (b = 2)", ["wrong-operator@||"]), ("a is null || b", ["wrong-operator@||"]),
      ("a < b < c", ["chained-comparison@<"]), ("a = b is null", ["chained-comparison@is"]),
      ("a = not b", ["syntax@not"]), ("(a + b", ["unclosed-bracket@("]),
      ("f(a, g(b)", ["unclosed-bracket@("]),
      ("a[b = 1", ["unclosed-bracket@["]), ("a + b)", ["unopened-bracket@)"]),
      ("f(a b)", ["missing-comma@b"]),
      ("f(a,, b)", ["syntax@,"]), ("'abc", ["unclosed-text@'"]), ("f('abc)", ["unclosed-text@'"]),
      ("'it's'", ["unclosed-text@'"]), ("`abc", ["unclosed-name@`"]),
      ("a = \"US\"", ["double-quotes@\"US\""]),
      ("a in (\"US\", 'DE')", ["double-quotes@\"US\""]), ("a like \"x\"", ["double-quotes@\"x\""]),
      ("3 months", ["inexact-duration@months"]), ("1 year + 2 days", ["inexact-duration@year"]),
      ("interval '1 month'", ["inexact-duration@'1 month'"]),
      ("interval 'soon'", ["malformed-interval@'soon'"]),
      ("14d", ["malformed-number@14d"]), ("1__0", ["malformed-number@1__0"]),
      ("1.2.3", ["malformed-number@1.2.3"]),
      ("9223372036854775808", ["number-range@9223372036854775808"]), ("1e999", ["number-range@1e999"]),
      ("1e99999999999999999999", ["number-range@1e99999999999999999999"]),
      ("99999999999999 weeks", ["number-range@99999999999999 weeks"]), ("a ≥ 5", ["unknown-character@≥"]),
      ("a = “US”", ["unknown-character@“US”"]), ("a # b", ["unknown-character@#"]),
      ("a;", ["unknown-character@;"]),
      ("", ["syntax@"]), ("a +", ["syntax@+"]), ("a b", ["syntax@b"]), ("a.", ["syntax@."]),
      ("a in b", ["syntax@b"]),
      ("a in ()", ["syntax@)"]), ("a between 1, 2", ["syntax@,"]), ("a is 5", ["syntax@5"]),
      ("a is", ["syntax@is"]),
      ("case when a then b", ["unclosed-case@case"]), ("case end", ["syntax@end"]),
      ("case when a b end", ["syntax@b"]),
      ("cast(x, integer)", ["syntax@,"]), ("x::varchar(20)", ["type-length@(20)"]),
      ("count_distinct(x)", ["sql-count-distinct@count_distinct"]),
      ("sum(x) over (partition by y)", ["sql-window@(partition by y)"]),
      ("sum(x) over ()", ["sql-window@()"]),
      ("sum(x) over (order by ts) + 1", ["sql-window@(order by ts)"]), ("sum(x) over y", ["syntax@y"]),
      ("x over prior", ["window-without-call@over"]),
      ("sum(x) over (lifetime 3 days)", ["window-reach@over (lifetime 3 days"]),
      ("sum(x) filter (y)", ["syntax@y"]), ("a in (select b from c)", ["subquery@select"]),
      ("(from events)", ["subquery@from"]), ("exists(select 1)", ["subquery@select"]),
      ("a.b(c)", ["member-call@b"]),
      ("f(#, b) + )", ["unknown-character@#", "syntax@)"]), ("/* a", ["unclosed-comment@/*"]),
      ("where", ["syntax@where"]), ("a\u{200B} = 1", ["unknown-character@\u{200B}"]),
    ] as [(String, [String])])
  func oneMistakeOneMessage(text: String, expected: [String]) {
    #expect(expressionMistakes(text) == expected)
  }

  @Test func depthIsBounded() {
    for text in [
      String(repeating: "(", count: 20_000), String(repeating: "- ", count: 20_000),
      String(repeating: "not ", count: 20_000), Array(repeating: "a", count: 20_000).joined(separator: " + "),
      "a" + String(repeating: ".b", count: 20_000), "a" + String(repeating: "[b]", count: 20_000),
      String(repeating: "f(", count: 10_000) + String(repeating: ")", count: 10_000),
      String(repeating: "case when ", count: 10_000), String(repeating: "a[", count: 10_000),
      String(repeating: "1 + (", count: 10_000), "x" + String(repeating: "::integer", count: 10_000),
    ] {
      let (expression, diagnostics) = Parser.expression(Fragment(text))
      #expect(expression.depth <= Parser.maximumDepth + 1)
      #expect(diagnostics.count <= 2, "\(text.prefix(20)): \(diagnostics.map(\.id))")
    }
    let allowed = String(repeating: "(", count: 90) + "a" + String(repeating: ")", count: 90)
    #expect(Parser.expression(Fragment(allowed)).1 == [])
    let chain = Array(repeating: "a", count: 150).joined(separator: " or ")
    #expect(Parser.expression(Fragment(chain)).1 == [])
  }
}
