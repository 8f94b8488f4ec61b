/// How a value is shown to a reader; it does not change the value.
public enum Display: Hashable, Sendable, Codable {
  /// By its type: integers with thousands separators, doubles to four significant digits, dates as ISO 8601.
  case automatic
  /// An integer without thousands separators, such as a year or an identifier.
  case plain
  /// A ratio as a percentage with so many decimals.
  case percent(decimals: Int)
  /// A number with thousands separators and so many decimals.
  case number(decimals: Int)
  /// An amount in a currency, by its ISO 4217 code; cents are shown below 1,000.
  case money(currency: String)
  /// A date or time by a pattern of `yyyy`, `MMMM`, `MMM`, `MM`, `d`, `dd`, `EEEE`, `EEE`, `HH`, `mm`, `ss`.
  case date(pattern: String)
}
