import CMarkGFM

/// Formulas between dollars as an extension of the inline parser, so that code spans and escapes come first and
/// emphasis does not reach into a formula.
///
/// A dollar opens a formula when no letter or digit stands before it and no white space after it; the next dollar
/// closes it when no white space stands before and no letter or digit after it, or else there is no formula. So
/// prices are text. `$$` is display math; ``$`…`$`` is GitHub's other way to write inline math.
enum Formulas {
  enum Style { case inline, display }

  /// How a formula was written, for a code node that the extension made; nothing for any other node.
  static func style(of node: CommonMark.Node) -> Style? {
    switch UInt(bitPattern: cmark_node_get_user_data(node)) {
    case inlineMark: .inline
    case displayMark: .display
    default: nil
    }
  }

  static func attach(to parser: OpaquePointer) {
    cmark_parser_attach_syntax_extension(parser, shared)
  }

  private static let inlineMark: UInt = 1
  private static let displayMark: UInt = 2
  private static let dollar = UInt8(ascii: "$")
  private static let backtick = UInt8(ascii: "`")

  /// Made once and never changed or freed.
  nonisolated(unsafe) private static let shared: OpaquePointer = {
    guard let made = cmark_syntax_extension_new("formulas") else {
      preconditionFailure("there is memory for a syntax extension")
    }
    let characters = cmark_llist_append(
      cmark_get_default_mem_allocator(), nil, UnsafeMutableRawPointer(bitPattern: UInt(dollar)))
    cmark_syntax_extension_set_special_inline_chars(made, characters)
    cmark_syntax_extension_set_match_inline_func(made) { _, _, _, character, parser in
      guard character == dollar, let parser else { return nil }
      return Formulas.match(parser)
    }
    return made
  }()

  private static func match(_ parser: OpaquePointer) -> OpaquePointer? {
    let start = Int(cmark_inline_parser_get_offset(parser))
    func byte(_ offset: Int) -> UInt8 { cmark_inline_parser_peek_at(parser, Int32(offset)) }
    if start > 0, isWord(byte(start - 1)) || byte(start - 1) == dollar { return nil }

    let next = byte(start + 1)
    let isDisplay = next == dollar
    let isFenced = next == backtick
    let width = isDisplay || isFenced ? 2 : 1
    let first = start + width
    guard width == 2 || !isSpace(next), let end = firstStop(from: first, byte), end > first else {
      return nil
    }
    if isFenced {
      guard byte(end) == backtick, byte(end + 1) == dollar else { return nil }
    } else if isDisplay {
      guard byte(end) == dollar, byte(end + 1) == dollar else { return nil }
    } else {
      guard byte(end) == dollar, !isSpace(byte(end - 1)) else { return nil }
    }
    let after = byte(end + width)
    guard !isWord(after), after != dollar else { return nil }

    var tex = (first..<end).map(byte)
    guard tex.contains(where: { !isSpace($0) }), let node = cmark_node_new(CMARK_NODE_CODE) else {
      return nil
    }
    tex.append(0)
    tex.withUnsafeBytes { bytes in
      _ = cmark_node_set_literal(node, bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
    }
    cmark_node_set_user_data(
      node, UnsafeMutableRawPointer(bitPattern: isDisplay ? displayMark : inlineMark))
    cmark_inline_parser_set_offset(parser, Int32(end + width))
    return node
  }

  /// The first dollar or backtick that is not escaped; nothing when the text ends before.
  private static func firstStop(from start: Int, _ byte: (Int) -> UInt8) -> Int? {
    var offset = start
    while true {
      switch byte(offset) {
      case 0: return nil
      case dollar, backtick: return offset
      case UInt8(ascii: "\\") where byte(offset + 1) != 0: offset += 2
      default: offset += 1
      }
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0 || byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n")
      || byte == UInt8(ascii: "\r")
  }

  /// Letters and digits of ASCII; other scripts write formulas without spaces around them.
  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }
}
