/// A text that equals those of the same bytes, as the language has it. Swift's own strings also equal those that look
/// the same but are composed of other characters, as an é is of an e and an accent.
public struct ExactText: Hashable, Comparable, Sendable {
  /// The text itself.
  public let string: String

  /// Of any text, as it stands.
  public init(_ string: String) { self.string = string }

  /// Whether all bytes are the same.
  public static func == (a: ExactText, b: ExactText) -> Bool { a.string.utf8.elementsEqual(b.string.utf8) }

  /// In the order of the bytes.
  public static func < (a: ExactText, b: ExactText) -> Bool {
    a.string.utf8.lexicographicallyPrecedes(b.string.utf8)
  }

  /// By the bytes.
  public func hash(into hasher: inout Hasher) {
    var string = string
    string.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
