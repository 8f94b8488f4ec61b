import Testing
import Values

@Suite struct ColumnTests {
  static let examples: [(ScalarType, [Scalar])] = [
    (.boolean, [.boolean(true), .null, .boolean(false)]),
    (.integer, [.integer(.min), .integer(0), .null, .integer(.max)]),
    (.double, [.double(-0.5), .null, .double(.infinity), .double(0)]),
    (.text, [.text(""), .text("é"), .null, .text("a"), .text("é")]),
    (.timestamp, [.timestamp(-1), .null, .timestamp(1_767_225_600_000_000)]),
    (.date, [.date(20_454), .date(-800_000), .null]),
    (.duration, [.null, .duration(86_400_000_000)]),
  ]

  @Test(arguments: examples) func valuesComeBack(type: ScalarType, scalars: [Scalar]) {
    let column = Column(type, scalars)
    #expect(column.type == type)
    #expect(column.count == scalars.count)
    #expect(column.scalars == scalars)
    #expect(scalars.indices.map(column.isNull) == scalars.map { $0 == .null })
  }

  @Test(arguments: examples) func validityIsOnlyWhereThereIsANull(type: ScalarType, scalars: [Scalar]) {
    #expect(Column(type, scalars).validity == scalars.map { $0 == .null ? 0 : 1 })
    #expect(Column(type, scalars.filter { $0 != .null }).validity == nil)
    #expect(Column(type, []).validity == nil)
    #expect(Column(type, []).count == 0)
  }

  @Test(arguments: examples) func valuesOfAnotherTypeAreNull(type: ScalarType, scalars: [Scalar]) {
    for (other, values) in Self.examples where other != type && (other, type) != (.integer, .double) {
      #expect(Column(type, values).scalars.allSatisfy { $0 == .null })
    }
  }

  @Test func integersBecomeDoublesWhereDoublesAreWanted() {
    #expect(Column(.double, [.integer(3), .double(0.5)]).scalars == [.double(3), .double(0.5)])
  }

  @Test(arguments: examples) func positionsAreGatheredInTheirOrder(type: ScalarType, scalars: [Scalar]) {
    let column = Column(type, scalars)
    var positions: [Int32] = []
    for step in 0..<50 { positions.append(Int32(step * step % scalars.count)) }
    let gathered = column.gathered(positions)
    #expect(gathered.type == type)
    #expect(gathered.scalars == positions.map { scalars[Int($0)] })
    #expect(column.gathered([]).count == 0)
    #expect(column.gathered(positions).gathered([49, 0]).scalars == [gathered[49], gathered[0]])
  }

  @Test(arguments: examples) func aRepeatedValueStandsInEveryRow(type: ScalarType, scalars: [Scalar]) {
    for scalar in scalars {
      #expect(Column(repeating: scalar, type: type, count: 3).scalars == [scalar, scalar, scalar])
      #expect(Column(repeating: scalar, type: type, count: 0).scalars == [])
    }
  }

  @Test func aBuilderCanBeBuiltFromMoreThanOnce() {
    var builder = ColumnBuilder(.text)
    builder.append(.text("a"))
    let first = builder.build()
    builder.append(.null)
    builder.append(.text("b"))
    #expect(builder.count == 3)
    #expect(first.scalars == [.text("a")])
    #expect(builder.build().scalars == [.text("a"), .null, .text("b")])
  }

  @Test func aTableGathersAllItsColumns() {
    let table = Table(
      schema: [Field("id", .integer), Field("Name", .text)],
      columns: [
        Column(.integer, [.integer(1), .integer(2), .null]),
        Column(.text, [.text("a"), .null, .text("c")]),
      ])
    #expect(table.count == 3)
    #expect(table.row(2) == [.null, .text("c")])
    #expect(table.column("NAME")?.scalars == [.text("a"), .null, .text("c")])
    #expect(table.column("other") == nil)
    let gathered = table.gathered([2, 2, 0])
    #expect(gathered.count == 3)
    #expect((0..<3).map(gathered.row) == [table.row(2), table.row(2), table.row(0)])
    #expect(Table(schema: [], columns: [], count: 4).gathered([0, 3]).count == 2)
  }

  @Test func columnsAreFoundByTheirExactNameFirst() {
    let schema = [Field("Users", .integer), Field("users", .text)]
    #expect(schema.position(of: "users") == 1)
    #expect(schema.position(of: "Users") == 0)
    #expect(schema.position(of: "USERS") == 0)
    #expect(schema.position(of: "user") == nil)
  }
}
