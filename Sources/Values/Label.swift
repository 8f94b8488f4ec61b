extension String {
  /// A name as a label: `first_purchase` is "first purchase".
  public var asLabel: String {
    let words = split { $0 == "_" || $0.isWhitespace }
    return words.isEmpty ? self : words.joined(separator: " ")
  }
}
