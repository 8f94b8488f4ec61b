import CMarkGFM
import Synchronization

/// The bridge to libcmark-gfm: GitHub's Markdown with its extensions, footnotes, and formulas between dollars.
enum CommonMark {
  typealias Node = OpaquePointer

  /// Parsing changes tables that all of the library's parsers share, so one document is parsed at a time.
  private static let isRegistered = Mutex(false)

  /// Hands the root of a text's tree to a closure; the tree lives as long as the closure runs.
  static func withTree<Result>(of utf8: ArraySlice<UInt8>, _ body: (Node) -> Result) -> Result? {
    guard let root = isRegistered.withLock({ parse(utf8, &$0).map { UInt(bitPattern: $0) } }),
      let node = Node(bitPattern: root)
    else { return nil }
    defer { cmark_node_free(node) }
    return body(node)
  }

  private static func parse(_ utf8: ArraySlice<UInt8>, _ isRegistered: inout Bool) -> Node? {
    if !isRegistered {
      cmark_gfm_core_extensions_ensure_registered()
      isRegistered = true
    }
    guard let parser = cmark_parser_new(CMARK_OPT_FOOTNOTES | CMARK_OPT_SOURCEPOS) else { return nil }
    defer { cmark_parser_free(parser) }
    for name in ["table", "strikethrough", "autolink", "tasklist"] {
      if let found = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, found) }
    }
    Formulas.attach(to: parser)
    utf8.withUnsafeBytes { bytes in
      cmark_parser_feed(parser, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
    }
    return cmark_parser_finish(parser)
  }

  /// The children of a node, in order.
  static func children(_ node: Node) -> some Sequence<Node> {
    sequence(first: cmark_node_first_child(node)) { cmark_node_next($0) }
      .lazy.prefix { $0 != nil }.compactMap { $0 }
  }

  /// A C string of the library as the text that was written.
  static func text(_ string: UnsafePointer<CChar>?) -> String {
    StructureMask.unmasked(bytes(string))
  }

  /// A C string of the library as bytes, with masks.
  static func bytes(_ string: UnsafePointer<CChar>?) -> UnsafeRawBufferPointer {
    guard let string else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    var count = 0
    while string[count] != 0 { count += 1 }
    return UnsafeRawBufferPointer(start: string, count: count)
  }

  /// The name of a node's type; the library's extensions have no constants that Swift sees.
  static func typeName(_ node: Node) -> String { String(cString: cmark_node_get_type_string(node)) }
}
