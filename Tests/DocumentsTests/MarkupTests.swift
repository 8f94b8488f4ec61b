import Diagnostics
import Testing

@testable import Documents

@Suite struct MarkupTests {
  private func body(_ text: String) -> String { shape(read(text).document.body) }

  @Test func nothingIsADocument() {
    let (document, diagnostics) = read("")
    #expect(document.body.isEmpty && document.blocks.isEmpty && diagnostics.isEmpty)
  }

  @Test(arguments: [
    ("plain *em* **strong** ~~gone~~ ~one~", "p(plain em(em) strong(strong) del(gone) del(one))"),
    ("a\nb  \nc\\\nd", "p(a⏎b⏎⏎c⏎⏎d)"),
    ("- a\n- b\n", "ul(li(p(a)) li(p(b)))"),
    ("3. a\n\n4. b\n", "ol3-loose(li(p(a)) li(p(b)))"),
    ("- [ ] a\n- [x] b\n- c", "ul([ ]li(p(a)) [x]li(p(b)) li(p(c)))"),
    ("> q\n> - x", "quote(p(q) ul(li(p(x))))"),
    ("a | b | c | d\n--|:-:|:-|-:\n1 | *2* | 3 |\n", "table<nclr>(a|b|c|d / 1|em(2)|3|)"),
    ("```swift\nlet a = 1\n\n```\n", "code<swift>(let a = 1\n)"),
    ("    indented\n", "code<>(indented)"),
    ("<div>\n<b>x</b>\n</div>\n\na <i>b</i>", "html(<div>\n<b>x</b>\n</div>) p(a html(<i>)bhtml(</i>))"),
    ("***", "hr"),
    ("&lt;b&gt; &amp; \\*", "p(<b> & *)"),
    (
      "www.example.com and a@example.com",
      "p(a<http://www.example.com>(www.example.com) and a<mailto:a@example.com>(a@example.com))"
    ),
    ("[a][r] ![alt *text*](p.png 'T')\n\n[r]: b.md \"t\"", "p(a<b.md 't'>(a) img<p.png 'T'>(alt text))"),
    ("a_b_c snake_case", "p(a_b_c snake_case)"),
    ("a\rb\r\rc", "p(a⏎b) p(c)"),
    ("\u{FEFF}# a", "h1#a(a)"),
    ("日本語 **강조** 🙂", "p(日本語 strong(강조) 🙂)"),
  ])
  func markdown(_ text: String, _ expected: String) {
    #expect(body(text) == expected)
    #expect(read(text).diagnostics.isEmpty)
  }

  @Test func anchorsAreGitHubs() {
    let text = """
      # Is it *worth* it?
      ## Is it worth it
      ## is-it-worth-it-1
      ### `code` & snake_case 2.0
      ### Größe — ß
      ### 日本語 見出し
      ### !!!
      ### ???
      """
    let ids = read(text).document.body.map { block -> String in
      if case .heading(_, let id, _) = block { return id }
      return ""
    }
    #expect(
      ids == [
        "is-it-worth-it", "is-it-worth-it-1", "is-it-worth-it-1-1", "code--snake_case-20", "größe--ß",
        "日本語-見出し", "section", "section-1",
      ])
  }

  @Test(arguments: [
    ("> [!NOTE]\n> text", "note!(p(text))"),
    ("> [!warning]  \n> a\n>\n> b", "warning!(p(a) p(b))"),
    ("> [!Tip]\n>\n> - x", "tip!(ul(li(p(x))))"),
    ("> [!IMPORTANT]\n> *a*", "important!(p(em(a)))"),
    ("> [!CAUTION]\n> ```\n> x\n> ```", "caution!(code<>(x))"),
    ("> [!NOTE] text", "quote(p([!NOTE] text))"),
    ("> [!NOTE]", "quote(p([!NOTE]))"),
    ("> [!OTHER]\n> x", "quote(p([!OTHER]⏎x))"),
    ("> a\n> [!NOTE]", "quote(p(a⏎[!NOTE]))"),
  ])
  func callouts(_ text: String, _ expected: String) {
    #expect(body(text) == expected)
  }

  @Test func footnotesAreNumberedByReference() {
    let (simple, _) = read(
      "a[^n1] b[^zö] c[^n1] [^gone]\n\n[^zö]: zz `= v`\n[^n1]: nn\n\n    more\n[^un]: `= x`\n")
    #expect(shape(simple.body) == "p(anote<n1 1 1> bnote<zö 2 1> cnote<n1 1 2> [^gone])")
    #expect(simple.footnotes.map(\.label) == ["n1", "zö"])
    #expect(simple.footnotes.map(\.number) == [1, 2])
    #expect(simple.footnotes.map(\.references) == [2, 1])
    #expect(simple.footnotes.map { shape($0.body) } == ["p(nn) p(more)", "p(zz value0)"])
    #expect(simple.inlineValues.map(\.expression.text) == [" v"])
  }

  @Test(arguments: [
    ("a.md", "a.md"), ("#x", "#x"), ("/a/b?c=d:e", "/a/b?c=d:e"), ("HTTPS://x.example", "HTTPS://x.example"),
    ("mailto:a@b.example", "mailto:a@b.example"), ("//host/x", "https://host/x"), ("a%3Ab", "a%3Ab"),
    ("./x:y", "./x:y"), ("<a b.md>", "a%20b.md"), ("\\\\host", "%5Chost"),
  ])
  func safeLinks(_ written: String, _ destination: String) {
    #expect(body("[t](\(written))") == "p(a<\(destination)>(t))")
  }

  @Test(arguments: [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
    "java&Tab;script:x", "&#106;avascript:x", "javascript&colon;x", "<java\tscript:x>", "&#1;javascript:x",
    "javascript&#10;:x", "<  javascript:x>", "blob:x", "x:y", ":x", "java\u{200B}script:x",
    "\u{00A0}javascript:x",
  ])
  func unsafeLinks(_ written: String) {
    let (document, diagnostics) = read("a\n\n[t](\(written))")
    #expect(shape(document.body) == "p(a) p(a<->(t))")
    #expect(diagnostics.map(\.id) == ["unsafe-link"])
    let place = (diagnostics.first?.range).map { document.source.text(in: $0) } ?? ""
    // The destination itself, or where it is written with references the line.
    #expect(place == "[t](\(written))" || (place.count > 1 && written.contains(place)))
  }

  @Test(arguments: [("p/a.svg", "p/a.svg"), ("https://x.example/a.png", "https://x.example/a.png")])
  func safeImages(_ written: String, _ source: String) {
    #expect(body("![t](\(written))") == "p(img<\(source)>(t))")
  }

  @Test(arguments: ["http://x.example/a.png", "data:image/png;base64,AA", "javascript:x", "mailto:x"])
  func unsafeImages(_ written: String) {
    #expect(body("![t](\(written))") == "p(img<->(t))")
  }
}
