import TestSupport
import Testing
import Values

@testable import Reports

@Suite struct ShownTableTests {
  private func shown(_ fields: [Field], _ rows: [[Scalar]]) -> ShownTable {
    ShownTable(Table(fields, rows: rows), limit: 20, timeZone: .utc)
  }

  @Test func decimalPointsStandUnderEachOther() {
    let near = shown(
      [Field("x", .double)], [[.double(0.5)], [.double(12.25)], [.null], [.double(.nan)], [.double(0)]])
    #expect(near.rows.map { $0[0].text } == ["0.50", "12.25", "–", "NaN", "0.00"])
    let far = shown([Field("x", .double)], [[.double(0.00012)], [.double(123_456)]])
    #expect(far.rows.map { $0[0].text } == ["0.00012", "123,456"])
  }

  @Test func keysTellRowsApart() {
    let two = shown(
      [Field("week", .date), Field("country", .text), Field("x", .double)],
      [[.date(0), .text("DE"), .double(1)], [.date(0), .text("FR"), .double(1)]])
    #expect(two.keys == ["1970-01-01.DE", "1970-01-01.FR"])
    let same = shown([Field("country", .text)], [[.text("DE")], [.text("DE")]])
    #expect(same.keys == ["1", "2"])
    let numbers = shown([Field("x", .double)], [[.double(1)], [.double(2)]])
    #expect(numbers.keys == ["1", "2"])
  }
}
