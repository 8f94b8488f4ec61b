/// Reads a formula by recursive descent and writes it as MathML.
struct MathMLParser {
  /// Thrown by what is not supported or not well-formed; the formula is then shown as it was written.
  struct Unsupported: Error {}

  private static let depthLimit = 24

  let tokens: [TeXToken]
  var index = 0
  private var depth = 0

  init(_ tex: String) { tokens = TeXToken.tokens(tex) }

  /// A piece of a formula: its markup, and whether what is written at its foot and head stands below and above.
  struct Piece {
    var markup: String
    var takesLimits = false
  }

  /// What ends a row of pieces.
  enum End: Equatable { case input, brace, bracket, right, cell }

  mutating func formula() throws -> String { try row(until: .input) }

  // MARK: - Rows

  /// Pieces side by side, as one element; empty for none.
  mutating func row(until end: End) throws -> String {
    depth += 1
    defer { depth -= 1 }
    guard depth <= MathMLParser.depthLimit else { throw Unsupported() }
    var pieces: [String] = []
    while true {
      skipSpaces()
      guard let next = peek else {
        guard end == .input else { throw Unsupported() }
        break
      }
      if ends(next, end) { break }
      if next == .command("displaystyle") || next == .command("textstyle") {
        index += 1
        let rest = try row(until: end)
        pieces.append("<mstyle displaystyle=\"\(next == .command("displaystyle"))\">\(rest)</mstyle>")
        break
      }
      pieces.append(try scripted().markup)
    }
    return pieces.count == 1 ? pieces[0] : pieces.isEmpty ? "" : "<mrow>\(pieces.joined())</mrow>"
  }

  private func ends(_ token: TeXToken, _ end: End) -> Bool {
    switch end {
    case .input: false
    case .brace: token == .character("}")
    case .bracket: token == .character("]")
    case .right: token == .command("right") || token == .command("middle")
    case .cell: token == .character("&") || token == .command("\\") || token == .command("end")
    }
  }

  // MARK: - Scripts

  /// A piece with what is written at its foot and head.
  private mutating func scripted() throws -> Piece {
    var base = Piece(markup: "<mrow></mrow>")
    if peek != .character("^"), peek != .character("_"), peek != .character("'") { base = try atom() }
    var foot: String?
    var head: String?
    var primes = 0
    scripts: while true {
      skipSpaces()
      switch peek {
      case .character("_"):
        guard foot == nil else { throw Unsupported() }
        index += 1
        foot = try argument()
      case .character("^"):
        guard head == nil else { throw Unsupported() }
        index += 1
        head = try argument()
      case .character("'"):
        guard head == nil else { throw Unsupported() }
        index += 1
        primes += 1
      case .command("limits"):
        index += 1
        base.takesLimits = true
      case .command("nolimits"):
        index += 1
        base.takesLimits = false
      default:
        break scripts
      }
    }
    if primes > 0 {
      let marks = "<mo>\(String(repeating: "′", count: primes))</mo>"
      head = head.map { "<mrow>\(marks)\($0)</mrow>" } ?? marks
    }
    let names = base.takesLimits ? ("munder", "mover", "munderover") : ("msub", "msup", "msubsup")
    switch (foot, head) {
    case (nil, nil): return base
    case (let foot?, nil): return Piece(markup: "<\(names.0)>\(base.markup)\(foot)</\(names.0)>")
    case (nil, let head?): return Piece(markup: "<\(names.1)>\(base.markup)\(head)</\(names.1)>")
    case (let foot?, let head?): return Piece(markup: "<\(names.2)>\(base.markup)\(foot)\(head)</\(names.2)>")
    }
  }

  // MARK: - Atoms

  private mutating func atom() throws -> Piece {
    skipSpaces()
    guard let token = peek else { throw Unsupported() }
    index += 1
    switch token {
    case .space: throw Unsupported()
    case .command(let name): return try command(name)
    case .character(let scalar): return Piece(markup: try character(scalar))
    }
  }

  private mutating func character(_ scalar: Unicode.Scalar) throws -> String {
    switch scalar {
    case "{":
      let row = try row(until: .brace)
      index += 1
      return row.isEmpty ? "<mrow></mrow>" : row
    case "}", "&", "#", "$", "^", "_": throw Unsupported()
    case "0"..."9": return number(scalar)
    case "~": return MathMLSymbols.space(0.333)
    case "-": return "<mo>−</mo>"
    case "*": return "<mo>∗</mo>"
    case "(", ")", "[", "]", "|", "/": return "<mo stretchy=\"false\">\(scalar)</mo>"
    default: break
    }
    if scalar.properties.generalCategory == .control { throw Unsupported() }
    let name = scalar.properties.isAlphabetic ? "mi" : "mo"
    return "<\(name)>\(MathML.escaped(String(scalar)))</\(name)>"
  }

  /// Digits, with points and commas between digits.
  private mutating func number(_ first: Unicode.Scalar) -> String {
    var text = String(first)
    while case .character(let scalar)? = peek {
      if ("0"..."9").contains(scalar) {
        text.unicodeScalars.append(scalar)
      } else if scalar == ".", index + 1 < tokens.count, case .character(let next) = tokens[index + 1],
        ("0"..."9").contains(next)
      {
        text.unicodeScalars.append(scalar)
      } else {
        break
      }
      index += 1
    }
    return "<mn>\(text)</mn>"
  }

  // MARK: - Arguments

  /// What a command or a script applies to: a group in braces, or the next single thing.
  mutating func argument() throws -> String {
    depth += 1
    defer { depth -= 1 }
    guard depth <= MathMLParser.depthLimit else { throw Unsupported() }
    skipSpaces()
    guard case .character(let scalar)? = peek, ("0"..."9").contains(scalar) else { return try atom().markup }
    index += 1
    return "<mn>\(scalar)</mn>"
  }

  /// The characters of a group in braces, as text.
  mutating func rawText() throws -> String {
    skipSpaces()
    guard peek == .character("{") else { throw Unsupported() }
    index += 1
    var text = ""
    var open = 1
    while let token = peek {
      index += 1
      switch token {
      case .space: text += " "
      case .character("{"): open += 1
      case .character("}"):
        open -= 1
        if open == 0 { return text }
      case .character("$"): throw Unsupported()
      case .character("~"): text += "\u{A0}"
      case .character(let scalar): text.unicodeScalars.append(scalar)
      case .command(let name):
        guard name.count == 1, let scalar = name.unicodeScalars.first,
          " {}$%&#_,".unicodeScalars.contains(scalar)
        else { throw Unsupported() }
        text.unicodeScalars.append(scalar == "," ? "\u{2009}" : scalar)
      }
    }
    throw Unsupported()
  }

  // MARK: - Tokens

  var peek: TeXToken? { index < tokens.count ? tokens[index] : nil }

  mutating func skipSpaces() { while peek == .space { index += 1 } }

  mutating func expect(_ token: TeXToken) throws {
    skipSpaces()
    guard peek == token else { throw Unsupported() }
    index += 1
  }
}
