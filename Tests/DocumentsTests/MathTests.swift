import Diagnostics
import TestSupport
import Testing

@testable import Documents

@Suite struct MathTests {
  private func body(_ text: String) -> String { shape(read(text).document.body) }

  @Test(arguments: [
    ("$a_1*b*$ and *x*", "p(math(a_1*b*) and em(x))"),
    ("costs $5 and $6", "p(costs $5 and $6)"),
    ("($5) or ($6), US$7 and CA$8, $20,000 to $30k.", "p(($5) or ($6), US$7 and CA$8, $20,000 to $30k.)"),
    ("\\$a$ and \\$b\\$", "p($a$ and $b$)"),
    ("$a \\$ b$", "p(math(a \\$ b))"),
    ("`$a$` ``$b$``", "p(code($a$) code($b$))"),
    ("$a `b$ c` d$", "p($a code(b$ c) d$)"),
    ("$`a_*b*`$", "p(math(a_*b*))"),
    ("$ a$ $a $", "p($ a$ $a $)"),
    ("x $a$, ($b$) \"$c$\" – 変数$d$は", "p(x math(a), (math(b)) \"math(c)\" – 変数math(d)は)"),
    ("a$b$c", "p(a$b$c)"),
    ("$$x^2$$", "math(x^2)"),
    ("text $$x^2$$ text", "p(text math(x^2) text)"),
    (
      "$$\na\n+ b\n- c\n= d\n===\n> e\n# f\n1. g\n~~~\n$$", "math(a\n+ b\n- c\n= d\n===\n> e\n# f\n1. g\n~~~)"
    ),
    ("> $$\n> a\n> + b\n> $$\n\nx", "quote(math(a\n+ b)) p(x)"),
    ("$$\na\n\n+ b\n$$", "p($$⏎a) ul(li(p(b⏎$$)))"),
    ("```math\n\\frac a b\n```", "math(\\frac a b)"),
    ("**$a$** [$b$](x) | $", "p(strong(math(a)) a<x>(math(b)) | $)"),
    ("# On $x_1$", "h1#on-x_1(On math(x_1))"),
    ("a | b\n--|--\n$x_1$ | $y_1$", "table<nn>(a|b / math(x_1)|math(y_1))"),
    ("$$ $ $$$ $$$$ $", "p($$ $ $$$ $$$$ $)"),
    ("```\n$$\n- a\n$$\n```", "code<>($$\n- a\n$$)"),
    ("$a\nb$", "p(math(a\nb))"),
  ])
  func formulasInMarkdown(_ text: String, _ expected: String) {
    #expect(body(text) == expected)
  }

  @Test func displayFormulasKeepBlocksAfterThem() {
    let text = "$$\n- a\n$$\n\n```query q\nfrom events\n```\n"
    let block = read(text).document.blocks.first
    #expect(block?.body.source(0) == 22)
  }

  @Test(arguments: [
    ("x", "<mi>x</mi>"),
    ("12.5", "<mn>12.5</mn>"),
    ("a-b*2", "<mrow><mi>a</mi><mo>−</mo><mi>b</mi><mo>∗</mo><mn>2</mn></mrow>"),
    ("a<b", "<mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow>"),
    ("x_1^2", "<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>"),
    ("x^{10}", "<msup><mi>x</mi><mn>10</mn></msup>"),
    ("x^10", "<mrow><msup><mi>x</mi><mn>1</mn></msup><mn>0</mn></mrow>"),
    ("f''", "<msup><mi>f</mi><mo>′′</mo></msup>"),
    ("\\frac{a}{b}", "<mfrac><mi>a</mi><mi>b</mi></mfrac>"),
    ("\\frac12", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
    ("\\sqrt x", "<msqrt><mi>x</mi></msqrt>"),
    ("\\sqrt[3]{x}", "<mroot><mi>x</mi><mn>3</mn></mroot>"),
    (
      "\\alpha\\Gamma\\infty",
      "<mrow><mi>α</mi><mi mathvariant=\"normal\">Γ</mi><mi mathvariant=\"normal\">∞</mi></mrow>"
    ),
    (
      "\\sum_{i=1}^n",
      "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>"
    ),
    ("\\int_0^1", "<msubsup><mo>∫</mo><mn>0</mn><mn>1</mn></msubsup>"),
    ("\\int\\limits_0", "<munder><mo>∫</mo><mn>0</mn></munder>"),
    (
      "\\lim_{x\\to 0}",
      "<munder><mo movablelimits=\"true\">lim</mo><mrow><mi>x</mi><mo>→</mo><mn>0</mn></mrow></munder>"
    ),
    ("\\hat p", "<mover accent=\"true\"><mi>p</mi><mo stretchy=\"false\">^</mo></mover>"),
    (
      "\\bar{\\tilde x}",
      "<mover accent=\"true\"><mover accent=\"true\"><mi>x</mi><mo stretchy=\"false\">~</mo></mover><mo stretchy=\"false\">‾</mo></mover>"
    ),
    (
      "\\left(\\frac a b\\right]",
      "<mrow><mo fence=\"true\" stretchy=\"true\">(</mo><mfrac><mi>a</mi><mi>b</mi></mfrac><mo fence=\"true\" stretchy=\"true\">]</mo></mrow>"
    ),
    ("\\left.x\\right|", "<mrow><mi>x</mi><mo fence=\"true\" stretchy=\"true\">|</mo></mrow>"),
    ("\\text{if a<b}", "<mtext>if a&lt;b</mtext>"),
    ("\\mathrm{Var}", "<mi mathvariant=\"normal\">Var</mi>"),
    ("\\mathbf{x}\\mathbb R", "<mrow><mi>𝐱</mi><mi>ℝ</mi></mrow>"),
    (
      "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}",
      "<mrow><mo fence=\"true\" stretchy=\"true\">(</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr><mtr><mtd><mn>3</mn></mtd><mtd><mn>4</mn></mtd></mtr></mtable><mo fence=\"true\" stretchy=\"true\">)</mo></mrow>"
    ),
    (
      "\\begin{cases}a&b\\\\\\end{cases}",
      "<mrow><mo fence=\"true\" stretchy=\"true\">{</mo><mtable><mtr><mtd style=\"text-align: left\"><mi>a</mi></mtd><mtd style=\"text-align: left\"><mi>b</mi></mtd></mtr></mtable></mrow>"
    ),
    ("\\le\\neq\\not=\\Rightarrow", "<mrow><mo>≤</mo><mo>≠</mo><mo>≠</mo><mo>⇒</mo></mrow>"),
    ("a\\,b", "<mrow><mi>a</mi><mspace width=\"0.167em\"></mspace><mi>b</mi></mrow>"),
    (
      "50\\% \\$",
      "<mrow><mn>50</mn><mi mathvariant=\"normal\">%</mi><mi mathvariant=\"normal\">$</mi></mrow>"
    ),
    ("{}_2", "<msub><mrow></mrow><mn>2</mn></msub>"),
    ("ä", "<mi>ä</mi>"),
  ])
  func mathML(_ tex: String, _ expected: String) {
    #expect(MathML.translated(tex, .inline) == "<math>\(expected)</math>")
    #expect(MathML.translated(tex, .block) == "<math display=\"block\">\(expected)</math>")
  }

  @Test(arguments: [
    "", " ", "\\unknown", "{", "}", "a_", "a^", "a_1_2", "a^1^2", "\\frac a", "\\left( a", "\\right)",
    "\\begin{x}\\end{x}",
    "\\begin{matrix}a", "\\begin{matrix}a\\end{cases}", "a & b", "a \\\\ b", "\\", "#", "\\sqrt[3",
    "\\text{a", "\\text a",
    "\\href{javascript:x}{y}", "\\def\\x{\\x\\x}", "\\mathbb{+}", "\\left", "\\not", "\\big", "\\middle|",
    "a^'{",
  ])
  func notSupportedIsShownAsWritten(_ tex: String) {
    #expect(MathML.translated(tex, .inline) == nil)
  }

  @Test func everythingIsEscaped() {
    for tex in ["\\text{<script>&\"'}", "<>", "\\mathrm{<b>}", "\\operatorname{<b>}", "\\lt \\not<", "\\&"] {
      let markup = MathML.translated(tex, .inline) ?? ""
      #expect(
        !markup.isEmpty && !markup.contains("<script") && !markup.contains("<b>") && !markup.contains("<>"))
    }
  }

  @Test func elementsAreBalanced() {
    let pieces = [
      "x", "_", "^", "{", "}", "\\frac", "\\sqrt", "[", "]", "\\left(", "\\right)", "\\hat", "\\sum", "'",
      "&", "\\\\",
      "\\begin{cases}", "\\end{cases}", "\\text{a}", "\\mathbf", "1", " ", "\\limits", "\\not",
      "\\displaystyle",
    ]
    var random = Dice(7)
    var translated = 0
    for _ in 0..<20_000 {
      let tex = (0..<Int.random(in: 1...9, using: &random)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &random)]
      }
      guard let markup = MathML.translated(tex.joined(), .inline) else { continue }
      translated += 1
      #expect(isBalanced(markup), "\(tex.joined())")
    }
    #expect(translated > 1000)
  }

  private func isBalanced(_ markup: String) -> Bool {
    var open: [Substring] = []
    for part in markup.split(separator: "<").map({ $0.prefix { $0 != ">" } }) {
      if part.hasPrefix("/") {
        guard open.popLast() == part.dropFirst() else { return false }
      } else {
        open.append(part.prefix { $0 != " " })
      }
    }
    return open.isEmpty
  }

  @Test func deepAndLongFormulas() {
    #expect(
      MathML.translated(
        String(repeating: "{", count: 3000) + "x" + String(repeating: "}", count: 3000), .inline) == nil)
    #expect(MathML.translated(String(repeating: "\\hat", count: 1900) + " x", .inline) == nil)
    #expect(MathML.translated(String(repeating: "x^{", count: 1900), .inline) == nil)
    #expect(MathML.translated(String(repeating: "\\sqrt\\left(", count: 700), .inline) == nil)
    #expect(MathML.translated(String(repeating: "\\displaystyle", count: 600) + "x", .inline) == nil)
    #expect(MathML.translated(String(repeating: "x", count: 9000), .inline) == nil)
    #expect(MathML.translated(String(repeating: "x", count: 7000), .inline) != nil)
  }
}
