extension MathMLParser {
  /// What a command stands for, with its arguments.
  mutating func command(_ name: String) throws -> Piece {
    if let identifier = MathMLSymbols.identifiers[name] { return Piece(markup: "<mi>\(identifier)</mi>") }
    if let upright = MathMLSymbols.uprightIdentifiers[name] {
      return Piece(markup: "<mi mathvariant=\"normal\">\(upright)</mi>")
    }
    if let symbol = MathMLSymbols.operators[name] {
      return Piece(markup: "<mo>\(MathML.escaped(symbol))</mo>")
    }
    if let large = MathMLSymbols.largeOperators[name] {
      return Piece(markup: "<mo>\(large)</mo>", takesLimits: true)
    }
    if let integral = MathMLSymbols.integrals[name] { return Piece(markup: "<mo>\(integral)</mo>") }
    if MathMLSymbols.functions.contains(name) { return Piece(markup: "<mi>\(name)</mi>") }
    if let limit = MathMLSymbols.limitFunctions[name] {
      return Piece(markup: "<mo movablelimits=\"true\">\(limit)</mo>", takesLimits: true)
    }
    if let width = MathMLSymbols.spaces[name] { return Piece(markup: MathMLSymbols.space(width)) }
    if let accent = MathMLSymbols.accents[name] {
      return Piece(
        markup: "<mover accent=\"true\">\(try argument())<mo\(accent.attributes)>\(accent.mark)</mo></mover>")
    }
    if let accent = MathMLSymbols.underAccents[name] {
      let markup =
        "<munder accentunder=\"true\">\(try argument())<mo\(accent.attributes)>\(accent.mark)</mo></munder>"
      return Piece(markup: markup, takesLimits: name == "underbrace")
    }
    if let alphabet = MathMLAlphabet(rawValue: name) { return Piece(markup: try alphabetical(alphabet)) }
    if let size = MathMLSymbols.sizes[name] {
      return Piece(markup: fence(try delimiter(), "minsize=\"\(size)em\" maxsize=\"\(size)em\""))
    }
    return try structure(name)
  }

  private mutating func structure(_ name: String) throws -> Piece {
    switch name {
    case "frac", "dfrac", "tfrac", "cfrac":
      return Piece(markup: "<mfrac>\(try argument())\(try argument())</mfrac>")
    case "binom":
      let inner = "<mfrac linethickness=\"0\">\(try argument())\(try argument())</mfrac>"
      return Piece(markup: "<mrow>\(fence("("))\(inner)\(fence(")"))</mrow>")
    case "sqrt":
      return Piece(markup: try root())
    case "text", "textrm", "textnormal", "mbox":
      return Piece(markup: "<mtext>\(MathML.escaped(try rawText()))</mtext>")
    case "operatorname":
      let takesLimits = peek == .character("*")
      if takesLimits { index += 1 }
      let text = MathML.escaped(try rawText())
      return takesLimits
        ? Piece(markup: "<mo movablelimits=\"true\">\(text)</mo>", takesLimits: true)
        : Piece(markup: "<mi mathvariant=\"normal\">\(text)</mi>")
    case "overset", "stackrel":
      let over = try argument()
      return Piece(markup: "<mover>\(try argument())\(over)</mover>")
    case "underset":
      let under = try argument()
      return Piece(markup: "<munder>\(try argument())\(under)</munder>")
    case "phantom":
      return Piece(markup: "<mphantom>\(try argument())</mphantom>")
    case "pmod":
      return Piece(
        markup: "<mrow><mo>(</mo><mi>mod</mi>\(MathMLSymbols.space(0.333))\(try argument())<mo>)</mo></mrow>")
    case "not":
      return Piece(markup: try negated())
    case "left":
      return Piece(markup: try fenced())
    case "begin":
      return Piece(markup: try environment())
    default:
      throw Unsupported()
    }
  }

  private mutating func root() throws -> String {
    skipSpaces()
    guard peek == .character("[") else { return "<msqrt>\(try argument())</msqrt>" }
    index += 1
    let degree = try row(until: .bracket)
    index += 1
    return "<mroot>\(try argument())\(degree.isEmpty ? "<mrow></mrow>" : degree)</mroot>"
  }

  /// A relation with a stroke through it.
  private mutating func negated() throws -> String {
    skipSpaces()
    guard let token = peek else { throw Unsupported() }
    index += 1
    switch token {
    case .character("="): return "<mo>≠</mo>"
    case .command(let name):
      guard let symbol = MathMLSymbols.operators[name] else { throw Unsupported() }
      return "<mo>\(MathML.escaped(symbol))\u{338}</mo>"
    case .character(let scalar) where "<>".unicodeScalars.contains(scalar):
      return "<mo>\(MathML.escaped(String(scalar)))\u{338}</mo>"
    default: throw Unsupported()
    }
  }

  /// Letters and digits in another alphabet.
  private mutating func alphabetical(_ alphabet: MathMLAlphabet) throws -> String {
    skipSpaces()
    if alphabet == .mathrm {
      guard peek == .character("{") else {
        return "<mi mathvariant=\"normal\">\(MathML.escaped(try oneLetter()))</mi>"
      }
      return "<mi mathvariant=\"normal\">\(MathML.escaped(try rawText()))</mi>"
    }
    let text = peek == .character("{") ? try rawText() : try oneLetter()
    var result = ""
    for scalar in text.unicodeScalars where scalar != " " {
      guard let letter = alphabet.letter(scalar) else { throw Unsupported() }
      result.unicodeScalars.append(letter)
    }
    guard !result.isEmpty else { throw Unsupported() }
    let name = text.unicodeScalars.contains { TeXToken.isLetter($0) } ? "mi" : "mn"
    return "<\(name)>\(result)</\(name)>"
  }

  private mutating func oneLetter() throws -> String {
    guard case .character(let scalar)? = peek, scalar != "}" else { throw Unsupported() }
    index += 1
    return String(scalar)
  }

  // MARK: - Fences

  private mutating func fenced() throws -> String {
    var markup = fence(try delimiter())
    while true {
      markup += try row(until: .right)
      let isLast = peek == .command("right")
      index += 1
      markup += fence(try delimiter())
      if isLast { return "<mrow>\(markup)</mrow>" }
    }
  }

  /// The delimiter that follows; empty for the point that stands for none.
  private mutating func delimiter() throws -> String {
    skipSpaces()
    guard let token = peek else { throw Unsupported() }
    index += 1
    switch token {
    case .character("."): return ""
    case .character("<"): return "⟨"
    case .character(">"): return "⟩"
    case .character(let scalar) where "()[]|/".unicodeScalars.contains(scalar): return String(scalar)
    case .command(let name):
      guard let symbol = MathMLSymbols.delimiters[name] else { throw Unsupported() }
      return symbol
    default: throw Unsupported()
    }
  }

  private func fence(_ symbol: String, _ attributes: String = "") -> String {
    guard !symbol.isEmpty else { return "" }
    let more = attributes.isEmpty ? "" : " " + attributes
    return "<mo fence=\"true\" stretchy=\"true\"\(more)>\(symbol)</mo>"
  }

  // MARK: - Environments

  /// What stands between `\begin` and `\end`: rows of cells.
  private mutating func environment() throws -> String {
    let name = try rawText()
    let fences: (String, String)
    var alignment = "center"
    switch name {
    case "matrix", "gathered", "smallmatrix": fences = ("", "")
    case "pmatrix": fences = ("(", ")")
    case "bmatrix": fences = ("[", "]")
    case "Bmatrix": fences = ("{", "}")
    case "vmatrix": fences = ("|", "|")
    case "Vmatrix": fences = ("‖", "‖")
    case "cases":
      fences = ("{", "")
      alignment = "left"
    case "aligned", "align", "align*", "split":
      fences = ("", "")
      alignment = "alternating"
    case "array":
      guard try rawText().unicodeScalars.allSatisfy({ "lcr |".unicodeScalars.contains($0) }) else {
        throw Unsupported()
      }
      fences = ("", "")
    default: throw Unsupported()
    }
    let rows = try cells(of: name)
    let table = rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let side = alignment == "alternating" ? (column % 2 == 0 ? "right" : "left") : alignment
        return side == "center" ? "<mtd>\(cell)</mtd>" : "<mtd style=\"text-align: \(side)\">\(cell)</mtd>"
      }
      return "<mtr>\(cells.joined())</mtr>"
    }
    let markup = "<mtable>\(table.joined())</mtable>"
    if fences == ("", "") { return markup }
    return "<mrow>\(fence(fences.0))\(markup)\(fence(fences.1))</mrow>"
  }

  private mutating func cells(of name: String) throws -> [[String]] {
    var rows: [[String]] = [[]]
    while true {
      let cell = try row(until: .cell)
      rows[rows.count - 1].append(cell)
      let end = peek
      index += 1
      switch end {
      case .character("&"): continue
      case .command("\\"): rows.append([])
      default:
        guard try rawText() == name else { throw Unsupported() }
        if rows.count > 1, rows[rows.count - 1] == [""] { rows.removeLast() }
        return rows
      }
    }
  }
}
