/// Puts names and values into SQL so that no byte of theirs is SQL.
public enum SQLText {
  /// A name between double quotes.
  public static func identifier(_ name: String) -> String { quoted(name, by: "\"") }

  /// A text between single quotes. A NUL, which ends a statement on its way to the driver, becomes a call of `chr`.
  public static func literal(_ text: String) -> String {
    guard text.utf8.contains(0) else { return quoted(text, by: "'") }
    let parts = text.split(separator: "\0", omittingEmptySubsequences: false)
    return "(" + parts.map { quoted(String($0), by: "'") }.joined(separator: " || chr(0) || ") + ")"
  }

  /// A list of texts between brackets.
  public static func list(_ texts: some Sequence<String>) -> String {
    "[" + texts.map { literal($0) }.joined(separator: ", ") + "]"
  }

  private static func quoted(_ text: String, by quote: Unicode.Scalar) -> String {
    var scalars = String.UnicodeScalarView()
    scalars.append(quote)
    for scalar in text.unicodeScalars {
      if scalar == quote { scalars.append(quote) }
      scalars.append(scalar)
    }
    scalars.append(quote)
    return String(scalars)
  }
}
