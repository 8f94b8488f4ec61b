import ADBC
import Values

/// The rows of a reading with whose each one is, told by device and user.
///
/// Users keep their own values as texts, and devices stand behind `device:`; a user's value that begins with `device:`
/// or `user:` stands behind `user:`. So no value of a user is ever that of a device or of another user.
struct IdentityRelation {
  /// What stands after `from`: the rows with a time and an identity, with the columns that they have.
  let relation: String
  /// SQL over the relation: the reading's sequence.
  let sequence: String
  /// SQL over the relation: the entity, a text.
  let entity: String
  /// SQL over the relation: the number of an `IdentityBasis`.
  let basis: String
  /// SQL over the reading's own relation: whether a row names neither a user nor a device.
  let isUnknown: String

  init(_ reading: Reading, device: SourceColumn, user: SourceColumn, time: SourceColumn, backfill: Bool) {
    func name(_ wanted: String) -> String {
      SQLText.identifier(Reading.unusedName("throughline_" + wanted, among: reading.columns.map(\.name)))
    }
    func known(_ column: SourceColumn) -> String { "nullif((\(column.expression))::varchar, '')" }
    let (deviceName, userName, timeName) = (name("device"), name("user"), name("time"))
    let (previous, next) = (name("previous"), name("next"))
    sequence = name("sequence")
    isUnknown = "(\(known(device)) is null and \(known(user)) is null)"
    let onDevice = "over (partition by \(deviceName) order by \(timeName), \(sequence) rows between"
    let later =
      backfill
      ? "first_value(\(userName) ignore nulls) \(onDevice) current row and unbounded following)"
      : "null::varchar"
    // Rows without a device say nothing of each other.
    relation = """
      (select *, \
      case when \(deviceName) is not null then last_value(\(userName) ignore nulls) \(onDevice) \
      unbounded preceding and current row) end as \(previous), \
      case when \(deviceName) is not null then \(later) end as \(next) \
      from (select *, \(reading.sequence) as \(sequence), \(known(device)) as \(deviceName), \
      \(known(user)) as \(userName), \(time.expression) as \(timeName) from \(reading.relation)) \
      where \(timeName) is not null and (\(deviceName) is not null or \(userName) is not null))
      """
    let person = "coalesce(\(userName), \(previous), \(next))"
    entity = """
      case when \(person) is null then 'device:' || \(deviceName) \
      when starts_with(\(person), 'device:') or starts_with(\(person), 'user:') then 'user:' || \(person) \
      else \(person) end
      """
    let bases: [(String, IdentityBasis)] = [
      (userName, .user), (previous, .previous), (next, .next),
    ]
    let cases = bases.map { "when \($0) is not null then \($1.rawValue)" }.joined(separator: " ")
    basis = "(case \(cases) else \(IdentityBasis.device.rawValue) end)::bigint"
  }
}
