/// GitHub's callouts: a quotation whose first line is nothing but `[!NOTE]` or its like.
enum Callout {
  /// A quotation's callout and what it says; nothing for an ordinary quotation, and for a callout that says nothing.
  static func split(_ body: [BlockMarkup]) -> (kind: BlockMarkup.Callout, body: [BlockMarkup])? {
    guard case .paragraph(var inlines)? = body.first, case .text(let mark)? = inlines.first else {
      return nil
    }
    guard mark.hasPrefix("[!"), let end = mark.firstIndex(of: "]"),
      mark[mark.index(after: end)...].allSatisfy({ $0 == " " || $0 == "\t" }),
      let kind = BlockMarkup.Callout(rawValue: mark[..<end].dropFirst(2).lowercased())
    else { return nil }
    inlines.removeFirst()
    switch inlines.first {
    case .softBreak, .lineBreak: inlines.removeFirst()
    case nil: break
    default: return nil
    }
    let rest = (inlines.isEmpty ? [] : [BlockMarkup.paragraph(inlines)]) + body.dropFirst()
    return rest.isEmpty ? nil : (kind, rest)
  }
}
