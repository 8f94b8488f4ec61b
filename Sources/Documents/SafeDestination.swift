/// What a link or an image may point to.
///
/// A destination is relative, or has one of a few schemes; what has another scheme, or characters that a browser
/// would drop from one, is none.
enum SafeDestination {
  /// The destination of a link: relative, http, https or mailto.
  static func link(_ written: String) -> String? {
    checked(written, schemes: ["http", "https", "mailto"])
  }

  /// The source of an image: relative or https.
  static func image(_ written: String) -> String? {
    checked(written, schemes: ["https"])
  }

  private static func checked(_ written: String, schemes: [String]) -> String? {
    var url = ""
    for scalar in written.unicodeScalars {
      switch scalar {
      case "\\": url += "%5C"
      case " ": url += "%20"
      default:
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator: return nil
        default: url.unicodeScalars.append(scalar)
        }
      }
    }
    if url.hasPrefix("%20") || url.unicodeScalars.contains("\u{FFFD}") { return nil }
    // A report is a file, so `//host` would name a folder of it.
    if url.hasPrefix("//") { return "https:" + url }
    let first = url.unicodeScalars.prefix { !"/?#".unicodeScalars.contains($0) }
    guard let colon = first.firstIndex(of: ":") else { return url }
    return schemes.contains(String(first[..<colon]).lowercased()) ? url : nil
  }
}
