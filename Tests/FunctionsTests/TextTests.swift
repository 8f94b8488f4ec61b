import TestSupport
import Testing
import Values

@testable import Functions

struct TextTests {
  private func text(_ name: String, _ arguments: Scalar...) throws -> Scalar? {
    let operands = arguments.map { Operand(constant: $0, type: $0.type ?? .text) }
    let overload = Catalogue.scalar(name)?.overloads.first {
      $0.parameters.map(\.type) == operands.map(\.column.type)
    }
    return try overload?.kernel(operands, 1, ExampleRunner.context)[0]
  }

  @Test func positionsCountCodePoints() throws {
    #expect(try text("length", .text("日本🤦🏼‍♂️")) == .integer(7))
    #expect(try text("length", .text("")) == .integer(0))
    #expect(try text("substr", .text("日本語"), .integer(2), .integer(1)) == .text("本"))
    #expect(try text("substr", .text("abc"), .integer(-2)) == .text("bc"))
    #expect(try text("substr", .text("abc"), .integer(0), .integer(2)) == .text("a"))
    #expect(try text("substr", .text("abc"), .integer(9)) == .text(""))
    #expect(try text("left", .text("éa"), .integer(1)) == .text("é"))
    #expect(try text("right", .text("日本"), .integer(1)) == .text("本"))
    #expect(try text("right", .text("ab"), .integer(9)) == .text("ab"))
    #expect(try text("strpos", .text("日本語"), .text("語")) == .integer(3))
    #expect(try text("lpad", .text("日"), .integer(3), .text("本語")) == .text("本語日"))
    #expect(try text("lpad", .text("abc"), .integer(2)) == .text("ab"))
    #expect(try text("reverse", .text("e\u{301}a")) == .text("ae\u{301}"))
  }

  @Test func partsOfTexts() throws {
    #expect(try text("split_part", .text("a,b"), .text(","), .integer(3)) == .text(""))
    #expect(try text("split_part", .text("a,b"), .text(""), .integer(1)) == .text("a,b"))
    #expect(try text("replace", .text("aaa"), .text("aa"), .text("b")) == .text("ba"))
    #expect(try text("replace", .text("abc"), .text(""), .text("x")) == .text("abc"))
    #expect(try text("trim", .text("\u{A0} a\t\n")) == .text("a"))
    #expect(try text("rtrim", .text("xyx"), .text("x")) == .text("xy"))
    #expect(throws: EvaluationError.self) { try text("split_part", .text("a"), .text(","), .integer(0)) }
  }

  @Test func aTextHasALimit() throws {
    #expect(throws: EvaluationError("a text has at most 16777216 bytes")) {
      try text("repeat", .text("ab"), .integer(.max))
    }
    #expect(throws: EvaluationError.self) { try text("lpad", .text("a"), .integer(.max)) }
    #expect(try text("repeat", .text(""), .integer(.max)) == .text(""))
  }

  // MARK: Like

  /// Tries everything; for short texts.
  private func naive(_ text: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    switch first {
    case "%": return (text.startIndex...text.endIndex).contains { naive(text[$0...], pattern.dropFirst()) }
    case "_": return !text.isEmpty && naive(text.dropFirst(), pattern.dropFirst())
    case "\\" where pattern.count > 1:
      return text.first == pattern.dropFirst().first && naive(text.dropFirst(), pattern.dropFirst(2))
    default: return text.first == first && naive(text.dropFirst(), pattern.dropFirst())
    }
  }

  @Test func likeMatchesAsTheNaiveWay() {
    var generator = Dice(7)
    let letters: [Unicode.Scalar] = ["a", "b", "é", "%", "_", "\\", "日"]
    func random(_ longest: Int) -> [Unicode.Scalar] {
      (0..<Int.random(in: 0...longest, using: &generator)).map { _ in
        letters.randomElement(using: &generator) ?? "a"
      }
    }
    var matches = 0
    for _ in 0..<20_000 {
      let (text, pattern) = (random(6), random(5))
      let bytes = (text.flatMap { Array(String($0).utf8) }, pattern.flatMap { Array(String($0).utf8) })
      let fast = bytes.0.withUnsafeBufferPointer { text in
        bytes.1.withUnsafeBufferPointer { LikePattern($0).matches(text) }
      }
      if fast { matches += 1 }
      #expect(
        fast == naive(text[...], pattern[...]), "\(String(String.UnicodeScalarView(text))) like \(pattern)")
    }
    #expect(matches > 500)
  }

  @Test func likeDoesNotBlowUp() throws {
    let text = String(repeating: "a", count: 20_000) + "b"
    let pattern = String(repeating: "a%", count: 200) + "c"
    #expect(try self.text("like", .text(text), .text(pattern)) == .boolean(false))
  }

  @Test func findingIsExact() {
    var generator = Dice(3)
    for _ in 0..<5_000 {
      let text = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        UInt8.random(in: 97...98, using: &generator)
      }
      let part = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
        UInt8.random(in: 97...98, using: &generator)
      }
      let found = text.withUnsafeBufferPointer { text in
        part.withUnsafeBufferPointer { UTF8Text.find($0, in: text, from: 0) }
      }
      let expected = (0...max(0, text.count)).first { text[$0...].starts(with: part) }
      #expect(found == expected)
    }
  }

  // MARK: Regular expressions

  @Test func aHostilePatternTakesLinearTime() throws {
    let text = String(repeating: "a", count: 50_000) + "!"
    #expect(try self.text("regexp_matches", .text(text), .text("^(a+)+$")) == .boolean(false))
  }

  @Test func aBadPatternSaysWhy() {
    #expect(throws: EvaluationError("'(a' is not a regular expression: missing ): (a")) {
      try text("regexp_matches", .text("a"), .text("(a"))
    }
    #expect(throws: EvaluationError("the pattern 'a' has 0 groups, not a group 1")) {
      try text("regexp_extract", .text("a"), .text("a"), .integer(1))
    }
    #expect(throws: EvaluationError("the pattern 'a' has no group 1, which the replacement names")) {
      try text("regexp_replace", .text("a"), .text("a"), .text("\\1"))
    }
  }

  @Test func matchesOfRegularExpressions() throws {
    #expect(try text("regexp_extract", .text("abc"), .text("x")) == .null)
    #expect(try text("regexp_extract", .text("ab"), .text("a(x)?b"), .integer(1)) == .null)
    #expect(try text("regexp_replace", .text("日本"), .text(""), .text("-")) == .text("-日-本-"))
    #expect(try text("regexp_replace", .text("aab"), .text("a*"), .text("x")) == .text("xbx"))
    #expect(try text("regexp_count", .text("日本語"), .text(".")) == .integer(3))
    #expect(try text("regexp_count", .text(""), .text("a*")) == .integer(1))
    #expect(try text("regexp_replace", .text("a.b"), .text("\\."), .text("\\\\")) == .text("a\\b"))
  }
}
