import Documents

extension Page {
  /// Blocks one after the other.
  mutating func blocks(_ blocks: [BlockMarkup]) -> HTML {
    var html = HTML()
    for block in blocks { html += self.block(block) }
    return html
  }

  private mutating func block(_ block: BlockMarkup) -> HTML {
    switch block {
    case .heading(let level, let id, let title): heading(level, id, title)
    case .paragraph(let content): paragraph(content)
    case .list(let list): self.list(list)
    case .quotation(let body): "<blockquote>\n\(blocks(body))</blockquote>\n"
    case .callout(let kind, let body): callout(kind, body)
    case .table(let table): self.table(table)
    case .code(let language, let code): shownCode(code, language: language)
    case .block(let index): result(ofBlock: index)
    case .math(let math): "<div class=\"math\" tabindex=\"0\">\(formula(math))</div>\n"
    case .html(let source): "<pre class=\"raw\" tabindex=\"0\"><code>\(source)</code></pre>\n"
    case .thematicBreak: "<hr>\n"
    }
  }

  /// How deep the headings of the list of contents are.
  private static let deepestContents = 3

  /// The page's title is the heading of level 1, so those of the document are of level 2 and below, and
  /// none is more than one level below the one before it.
  private mutating func heading(_ level: Int, _ id: String, _ title: [InlineMarkup]) -> HTML {
    let shift = report.document.body.hasTopHeading(besides: report.titleHeading) ? 1 : 0
    let level = min(max(level + shift, 2), lastHeadingLevel + 1, 6)
    lastHeadingLevel = level
    if level <= Page.deepestContents {
      contents.append(ContentsEntry(id: id, title: plain(title), level: level))
    }
    return "<h\(level) id=\"\(exact: id)\">\(line(title))</h\(level)>\n"
  }

  private mutating func paragraph(_ content: [InlineMarkup]) -> HTML {
    guard content.count == 1, case .image(let destination?, let title, let alternative) = content[0] else {
      return "<p>\(line(content))</p>\n"
    }
    let caption: HTML = title.map { "<figcaption>\($0)</figcaption>\n" } ?? ""
    return """
      <figure class="image">
      \(image(destination, title: nil, alternative))
      \(caption)</figure>

      """
  }

  private mutating func callout(_ kind: BlockMarkup.Callout, _ body: [BlockMarkup]) -> HTML {
    """
    <div class="callout \(kind.rawValue)" role="note">
    <p class="kicker">\(kind.rawValue.capitalized)</p>
    \(blocks(body))</div>

    """
  }

  private mutating func list(_ list: List) -> HTML {
    let isOrdered = list.start != nil
    let start = list.start.flatMap { $0 == 1 ? nil : String($0) }
    var items = HTML()
    for item in list.items {
      let box: HTML =
        switch item.isDone {
        case true?: "<span class=\"box done\" role=\"img\" aria-label=\"done\"></span>"
        case false?: "<span class=\"box\" role=\"img\" aria-label=\"to do\"></span>"
        case nil: ""
        }
      items += "<li\("class", is: item.isDone == nil ? nil : "task")>\(box)"
      items += list.isTight ? tight(item.body) : "\n" + blocks(item.body)
      items += "</li>\n"
    }
    return isOrdered
      ? "<ol\("start", is: start)>\n\(items)</ol>\n"
      : "<ul>\n\(items)</ul>\n"
  }

  /// The body of a list's item whose paragraphs have no elements of their own.
  private mutating func tight(_ body: [BlockMarkup]) -> HTML {
    var html = HTML()
    for block in body {
      if case .paragraph(let content) = block {
        html += line(content)
      } else {
        html += "\n" + self.block(block)
      }
    }
    return html
  }

  private mutating func table(_ table: MarkupTable) -> HTML {
    func alignment(_ index: Int) -> String? {
      guard table.alignments.indices.contains(index) else { return nil }
      return switch table.alignments[index] {
      case .none, .left: nil
      case .center: "center"
      case .right: "number"
      }
    }
    var header = HTML()
    for (index, cell) in table.header.enumerated() {
      header += "<th scope=\"col\"\("class", is: alignment(index))>\(line(cell))</th>\n"
    }
    var rows = HTML()
    for row in table.rows {
      rows += "<tr>\n"
      for (index, cell) in row.enumerated() {
        rows += "<td\("class", is: alignment(index))>\(line(cell))</td>\n"
      }
      rows += "</tr>\n"
    }
    return """
      <div class="scroll" tabindex="0">
      <table>
      <thead>
      <tr>
      \(header)</tr>
      </thead>
      <tbody>
      \(rows)</tbody>
      </table>
      </div>

      """
  }

  /// Code that is shown, highlighted and never run.
  func shownCode(_ code: String, language: String?) -> HTML {
    "<pre class=\"code\" tabindex=\"0\"><code>\(CodeHighlighting.html(code, language: language))</code></pre>\n"
  }
}

extension [BlockMarkup] {
  /// Whether there is a heading of level 1, without the one at the given position.
  fileprivate func hasTopHeading(besides position: Int?) -> Bool {
    enumerated().contains { index, block in
      if index != position, case .heading(1, _, _) = block { return true }
      return false
    }
  }
}
