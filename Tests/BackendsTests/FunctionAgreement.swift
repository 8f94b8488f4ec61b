import Backends
import Engine
import Functions
import Planning
import TestSupport
import Testing
import Values

/// Each function of the catalogue that has SQL, on values at the ends of their types, row by row: DuckDB gives the same
/// value, refuses where the kernel refuses, or refuses where it would be another value.
@Suite struct FunctionAgreement {
  private static let extremes: [ScalarType: [Scalar]] = [
    .boolean: [.boolean(true), .boolean(false)],
    .integer: [.integer(.max), .integer(.min), .integer(-1), .integer(0), .integer(7), .integer(1 << 40)],
    .double: [
      .double(.nan), .double(.infinity), .double(-.infinity), .double(-0.0), .double(1e308), .double(-2.5),
      .double(0.5),
      .double(9.3e18),
    ],
    .text: [
      "", "straße İx", "日本", "a\0b", "e\u{301}", "Abc", " 12 ", "1e400", "2026-02-29", "yes", "ΑΣ",
      "\u{A0}x ",
    ]
    .map { .text($0) },
    .timestamp: [
      .timestamp(0), .timestamp(-1), .timestamp(1_774_746_000_000_001), .timestamp(-62_135_510_400_000_000),
      .timestamp(253_402_214_399_999_999),
    ],
    .date: [.date(0), .date(-719_162), .date(2_932_896), .date(20_541), .date(18_321)],
    .duration: [.duration(.max), .duration(-1), .duration(0), .duration(5_400_000_000)],
  ]

  @Test(arguments: ["UTC", "America/New_York"]) func functions(zone: String) throws {
    let timeZone = try #require(TimeZoneRules(named: zone))
    let database = try DuckDB()
    var dice = Dice(11)
    var agreed = 0
    for function in Catalogue.scalars {
      for (index, overload) in function.overloads.enumerated() where overload.sql != nil {
        for _ in 0..<(zone == "UTC" ? 10 : 4) {
          if try agree(function.name, index, overload, &dice, timeZone, database) { agreed += 1 }
        }
      }
    }
    #expect(agreed > 1000)
  }

  private func agree(
    _ name: String, _ index: Int, _ overload: ScalarFunction.Overload, _ dice: inout Dice,
    _ timeZone: TimeZoneRules,
    _ database: DuckDB
  ) throws -> Bool {
    var values: [Scalar] = []
    var arguments: [Expr] = []
    for (position, parameter) in overload.parameters.enumerated() {
      if case .word(let words) = parameter.demand {
        values.append(.text(dice.pick(words)))
        arguments.append(.literal(values[position], .text))
        continue
      }
      let value = dice.chance(8) ? .null : dice.pick(FunctionAgreement.extremes[parameter.type] ?? [.null])
      values.append(value)
      // Some are only known in SQL as constants.
      let isConstant = parameter.demand == .constant || dice.chance(40)
      arguments.append(isConstant ? .literal(value, parameter.type) : .column(position, parameter.type))
    }
    let schema = overload.parameters.enumerated().map { Field("p\($0)", $1.type) }
    let columns = zip(values, overload.parameters).map { Column($1.type, [$0]) }
    let table = Table(
      schema: schema + [Field("one", .integer)], columns: columns + [.integers([1])], count: 1)
    let plan = Plan.project(
      .relation("t", table.schema),
      [
        NamedExpr(
          Field("result", overload.result), .call(name, overload: index, arguments, overload.result))
      ])
    let inputs = ExecutionInputs(tables: ["t": table], context: EvaluationContext(timeZone: timeZone))
    let native = Engine.run([plan], inputs: inputs)[0]
    try database.load(table, as: "t")
    let found: Table
    do { found = try database.table(of: plan, timeZone: timeZone) } catch { return false }
    let call = "\(name)(\(values)) in \(timeZone.name)"
    switch native {
    case .success(let expected):
      let difference = TableDifference.first(found, expected)
      #expect(difference == nil, "\(call)")
    case .failure(let error):
      Issue.record("\(call) is \(found.row(0)), and natively refused: \(error.message)")
    }
    return true
  }
}
