import Diagnostics
import Testing

@testable import Syntax

/// What people do to text while they type: it is cut off, and its pieces are lost, doubled and swapped.
@Suite struct MutationTests {
  private static let query = """
    from shop.events -- the log
    |> where event = 'it''s' and count_if(x) filter (where y) over (prior 30 days) > 5% or not a in (1, 2.5e3)
    |> extend case when a is not null then -b else c || 'ü' end as `d e`, try_cast(f as date) as g, h::integer as i
    |> set a = if(b, 1, 2) % 3 /* note */, c = date '2026-03-01'
    |> select distinct * except (a, b), t[x between 1 and 2].y as z
    |> drop a, b |> rename c as d |> limit 10 offset 5
    |> left join sizing.users as u using (id)
    |> union all (more), others
    |> pivot (sum(x) as total for country in ('US' as us, 'DE'))
    |> aggregate count(distinct u) as n, first(x, by => ts) group by date_trunc('week', ts) as week
    |> order by week desc nulls first, n
    |> funnel a = 1 as x, immediately b as y within 7 days ties seq entry first
       excluding c = 2 between x and y same p, q any order each attempt group by k at step y
    |> retention start a, return b each week for 8 weeks rolling on or after first in range group by k
    |> sessions gap 30 minutes max 24 hours split daily key device
    |> paths from a = 1, depth 5 per session collapse repeats hide b is null
    """
  private static let decision = """
    ship 'to everyone' when e.converted[variant = 'video'].lift.low > 0 and e.safe
    stop when e.converted.lift.high < 1%
    otherwise continue 'two more weeks'
    """
  private static let computation = "let a = f(b => 5%, c)\nlet d = a.e / avg(t.u)"
  private static let corpus = [
    query, decision, computation, "users > 0 else 'none'\nrate in (1%, 2%)\n or b",
  ]

  /// Reads the text as everything there is, and checks what holds of all text.
  private func read(_ fragment: Fragment) {
    var all = Parser.query(fragment).1
    all += Parser.computation(fragment).1 + Parser.expectations(fragment).1 + Parser.decision(fragment).1
    let (expression, diagnostics) = Parser.expression(fragment)
    #expect(expression.range.upper <= fragment.utf8.count)
    for diagnostic in all + diagnostics {
      let range = diagnostic.range ?? SourceRange(-1, -1)
      #expect(range.lower >= 0 && range.upper <= fragment.utf8.count, "\(diagnostic) in \(fragment.text)")
      #expect(!diagnostic.label.isEmpty && !diagnostic.message.contains("\n"), "\(diagnostic)")
    }
    if diagnostics.isEmpty {
      let again = Parser.expression(Fragment(expression.description))
      #expect(again.0.description == expression.description && again.1 == [], "\(expression)")
    } else if case .error = expression.kind {
    } else if expression.range.upper == 0 {
      Issue.record("an expression without a place: \(fragment.text)")
    }
  }

  @Test func theCorpusIsRight() {
    #expect(queryMistakes(Self.query) == [])
    #expect(mistakes(Parser.decision(Fragment(Self.decision)).1, in: Self.decision) == [])
    #expect(mistakes(Parser.computation(Fragment(Self.computation)).1, in: Self.computation) == [])
  }

  @Test func truncatedAtEveryByte() {
    for text in Self.corpus {
      let bytes = Array(text.utf8)
      for count in 0...bytes.count { read(Fragment(utf8: Array(bytes[..<count]), lines: [])) }
    }
  }

  @Test func theQueryCutInsideAnOperandHasAMistake() {
    for ending in [
      "where", "and count_if(x", "'it''s", "case when a", "except (a", "between x", "each", "gap",
    ] {
      guard let range = Self.query.firstRange(of: ending) else {
        Issue.record("not in the corpus: \(ending)")
        continue
      }
      #expect(queryMistakes(String(Self.query[..<range.upperBound])) != [], "\(ending)")
    }
  }

  @Test func mutatedTokens() {
    var random = Xorshift(state: 20_260_301)
    let all =
      Self.corpus.flatMap { text in
        let lexer = Lexer(Fragment(text))
        return lexer.tokens.dropLast().map {
          String(decoding: Array(text.utf8)[$0.lower..<$0.upper], as: UTF8.self)
        }
      } + [
        "(", ")", "[", "]", "|>", "'", "\"", "`", "/*", "--", ",", "%", "\n", "\u{0}", "é",
        "999999999999999999999",
      ]
    for text in Self.corpus {
      let utf8 = Array(text.utf8)
      let pieces = Lexer(Fragment(text)).tokens.dropLast().map { token in
        (token.startsLine ? "\n" : " ") + String(decoding: utf8[token.lower..<token.upper], as: UTF8.self)
      }
      for _ in 0..<250 {
        var mutated = pieces
        for _ in 0...random.next(below: 4) where !mutated.isEmpty {
          let index = random.next(below: mutated.count)
          switch random.next(below: 4) {
          case 0: mutated.remove(at: index)
          case 1: mutated.insert(mutated[index], at: index)
          case 2: mutated.swapAt(index, random.next(below: mutated.count))
          default: mutated[index] = " " + all[random.next(below: all.count)]
          }
        }
        read(Fragment(mutated.joined()))
      }
    }
  }

  @Test func mutatedBytes() {
    var random = Xorshift(state: 7)
    for text in Self.corpus {
      for _ in 0..<250 {
        var bytes = Array(text.utf8)
        for _ in 0...random.next(below: 6) {
          bytes[random.next(below: bytes.count)] = UInt8(truncatingIfNeeded: random.next(below: 256))
        }
        read(Fragment(utf8: bytes, lines: []))
      }
    }
  }
}

/// A small generator with a fixed seed, so that every run mutates alike.
private struct Xorshift {
  var state: UInt64

  mutating func next(below bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(bound))
  }
}
