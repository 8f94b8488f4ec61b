import ADBC
import Values

/// What decides the type of a column of texts: the narrowest that its values have.
///
/// The first thousand values say what a column may be, all of them what it is. One in a hundred may be something else:
/// that value is null then, and reported, for a slip does not make numbers texts. A number with a leading zero or plus,
/// such as a postal code or a telephone's, is a text, and so is a whole number of twenty digits. The facts of files and of others behind
/// them are those of all of them.
struct TextFacts: Codable, Hashable {
  private static let sampleSize = 1000

  /// How many values the sample has, and by kind how many of them are of it.
  private var sample: Tally<[Kind: Int]>
  /// How many values there are, how many are of the sample's kind, and what is true of any of these; nothing where the
  /// sample is of no kind.
  private var whole: Tally<Traits>?

  private struct Tally<Found: Codable & Hashable & Sendable>: Codable, Hashable {
    var values: Int
    var found: Found
  }

  private struct Traits: Codable, Hashable {
    var count: Int
    /// In the order of the kind's `traits`.
    var holds: [Bool]
  }

  /// The facts of a column of a table.
  ///
  /// - Parameter earlier: those of the files before the table's.
  /// - Throws: `TypesChange` where the table's values are of another kind than the earlier ones, of which too little is
  ///   known for that.
  init(
    of name: String, in table: String, after earlier: TextFacts?, _ connection: Connection
  ) throws {
    let value = SQLText.identifier(name)
    let missing = TextFacts.sampleSize - (earlier?.sample.values ?? 0)
    let kinds = Kind.allCases.map { "count_if(\($0.test(value)))" }.joined(separator: ", ")
    let row = try connection.table(
      "select count(\(value)), \(kinds) from "
        + "(select \(value) from \(table) where \(value) is not null limit \(missing))"
    ).row(0).map { Int($0.integral ?? 0) }
    sample = Tally(
      values: row[0], found: Dictionary(uniqueKeysWithValues: zip(Kind.allCases, row.dropFirst())))
    if let earlier {
      sample.values += earlier.sample.values
      sample.found.merge(earlier.sample.found) { $0 + $1 }
      guard kind == earlier.kind else { throw TypesChange() }
    }
    guard let kind else { return }
    let traits = kind.traits(value).map { ", bool_or(\($0))" }.joined()
    let facts = try connection.table(
      "select count(\(value)), count_if(\(kind.test(value)))\(traits) from \(table)"
    ).row(0)
    var whole = Tally(
      values: Int(facts[0].integral ?? 0),
      found: Traits(
        count: Int(facts[1].integral ?? 0), holds: facts.dropFirst(2).map { $0 == .boolean(true) }))
    if let known = earlier?.whole {
      whole.values += known.values
      whole.found.count += known.found.count
      whole.found.holds = zip(whole.found.holds, known.found.holds).map { $0 || $1 }
    }
    self.whole = whole
  }

  /// The kind that nearly all values of the sample are of.
  private var kind: Kind? {
    Kind.allCases.first { TextFacts.isNearlyAll(sample.found[$0] ?? 0, of: sample.values) }
  }

  private static func isNearlyAll(_ these: Int, of all: Int) -> Bool {
    these > 0 && (all - these) * 100 <= all
  }

  /// What the values are taken for.
  var type: ScalarType {
    guard let kind, let whole, TextFacts.isNearlyAll(whole.found.count, of: whole.values) else {
      return .text
    }
    return kind.type(whole.found.holds)
  }

  /// What texts may stand for.
  private enum Kind: String, Codable, CodingKeyRepresentable, CaseIterable {
    case number, boolean, time

    /// SQL: whether a text looks like one of the kind.
    func test(_ value: String) -> String {
      switch self {
      case .number: SourceColumn.isNumber(value)
      case .boolean: "lower(\(value)) in ('true', 'false')"
      case .time:
        "(\(value) like '____-__-__%' and (length(\(value)) = 10 or substr(\(value), 11, 1) in ('T', ' ')))"
      }
    }

    /// SQL: what may be true of a text of the kind, and decides the type where it is of any.
    func traits(_ value: String) -> [String] {
      switch self {
      case .boolean: []
      case .number:
        [
          // With a point, an exponent or neither: infinite or not a number.
          "case when \(test(value)) then regexp_matches(\(value), '[.eEnN]') end",
          "(\(value) like '0_%' and substr(\(value), 2, 1) between '0' and '9' or \(value) like '+%') and \(test(value))",
          "\(test(value)) and try_cast(\(value) as bigint) is null",
        ]
      case .time: ["length(\(value)) > 10 and \(test(value))"]
      }
    }

    /// The type by the traits that any of the values has.
    func type(_ traits: [Bool]) -> ScalarType {
      switch self {
      case .boolean: return .boolean
      case .time: return traits[0] ? .timestamp : .date
      case .number:
        if traits[1] { return .text }
        if traits[0] { return .double }
        return traits[2] ? .text : .integer
      }
    }
  }
}
