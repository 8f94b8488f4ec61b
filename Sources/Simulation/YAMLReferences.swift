import Diagnostics

/// Anchors of YAML, found in the text before it is parsed: with the aliases that need them, a few lines can stand
/// for more than any memory holds.
enum YAMLReferences {
  /// The first `&name` that does not continue a word. Quotes and comments are no excuse, since only a parser knows
  /// for sure where they end.
  static func first(in utf8: [UInt8]) -> SourceRange? {
    for index in utf8.indices where utf8[index] == UInt8(ascii: "&") {
      if index > 0, isName(utf8[index - 1]) { continue }
      let end = utf8[(index + 1)...].firstIndex { !isName($0) } ?? utf8.count
      if end > index + 1 { return SourceRange(index, end) }
    }
    return nil
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
