import Diagnostics
import Testing

@testable import Syntax

@Suite struct StatementTests {
  @Test func computationBindsNames() {
    let (computation, diagnostics) = Parser.computation(
      Fragment(
        """
        -- the design
        let baseline = first_purchase[step = 'purchased'].rate
        let design   = sample_size(
          baseline => baseline,
          lift => 5%)
        LET weeks = ceil(
            design.total
          / avg(eligible.users))
          + 1
        """))
    #expect(diagnostics == [])
    #expect(
      computation.bindings.map { "\($0.name.name) = \($0.value)" } == [
        "baseline = first_purchase[step = 'purchased'].rate",
        "design = sample_size(baseline => baseline, lift => 5%)",
        "weeks = ceil(design.total / avg(eligible.users)) + 1",
      ])
  }

  @Test func nothingIsAComputation() {
    for text in ["", "  \n", "-- nothing yet"] {
      #expect(Parser.computation(Fragment(text)).0.bindings.isEmpty)
      #expect(Parser.computation(Fragment(text)).1 == [])
      #expect(Parser.expectations(Fragment(text)).1 == [])
      #expect(Parser.decision(Fragment(text)).1 == [])
    }
  }

  @Test(
    arguments: [
      ("let a = 1\nb = 2\nlet c = 3", ["missing-let@b"], ["a", "b", "c"]),
      ("a = 1", ["missing-let@a"], ["a"]),
      ("let a := 1", ["wrong-operator@:="], ["a"]), ("let a == 1", ["wrong-operator@=="], ["a"]),
      ("let a 1\nlet b = 2", ["syntax@1"], ["b"]), ("let = 1\nlet b = 2", ["syntax@="], ["b"]),
      ("let a = (1\nlet b = 2)", ["unclosed-bracket@(", "unopened-bracket@)"], ["a", "b"]),
      ("let a = \nlet b = 2 3", ["syntax@=", "syntax@3"], ["a", "b"]), ("hello", ["syntax@hello"], []),
      ("let case = 1", ["reserved-word@case"], ["case"]), ("let a = 1, b = 2", ["syntax@,"], ["a"]),
      ("let", ["syntax@let"], []), ("let a = 5%\nlet b = 2", [], ["a", "b"]),
    ] as [(String, [String], [String])])
  func computationMistakes(text: String, expected: [String], names: [String]) {
    let (computation, diagnostics) = Parser.computation(Fragment(text))
    #expect(mistakes(diagnostics, in: text) == expected)
    #expect(computation.bindings.map(\.name.name) == names)
  }

  @Test func expectationsStandOneALine() {
    let (expectations, diagnostics) = Parser.expectations(
      Fragment(
        """
        users > 0
        -- between the two
        rate between 1% and 5%
          else 'the rate''s out of range'
        a = b
          and c
          or not d = e
        (x + 1) > 2 else 'y'
        f(
          a
        ) >
          3
        case x
          when 1 then true else false end
        not z
        y not
          in (1)
        count_if(a)
          over prior = 0
        """))
    #expect(diagnostics == [])
    #expect(
      expectations.conditions.map { "\($0.expression)" + ($0.message.map { ": \($0)" } ?? "") } == [
        "users > 0", "rate between 1% and 5%: the rate's out of range", "a = b and c or not d = e",
        "x + 1 > 2: y",
        "f(a) > 3", "case x when 1 then true else false end", "not z", "y not in (1)",
        "count_if(a) over prior = 0",
      ])
  }

  @Test(
    arguments: [
      ("a and\n\nb >", ["syntax@>"], 1), ("a > 1 b\nc < 2", ["syntax@b"], 2),
      ("a 'message'", ["syntax@'message'"], 1),
      ("a else \"message\"", ["double-quotes@\"message\""], 1), ("a else", ["syntax@else"], 1),
      ("a else b\nc", ["syntax@b"], 2), ("(a\nb)\n(c", ["syntax@b", "unclosed-bracket@("], 2),
      ("(a > 1\nb > 2", ["unclosed-bracket@("], 2),
      ("a = 'x\nb == 1", ["unclosed-text@'", "wrong-operator@=="], 2),
    ] as [(String, [String], Int)])
  func expectationMistakes(text: String, expected: [String], count: Int) {
    let (expectations, diagnostics) = Parser.expectations(Fragment(text))
    #expect(mistakes(diagnostics, in: text) == expected)
    #expect(expectations.conditions.count == count)
  }

  @Test func decisionRecommendsInOrder() {
    let (decision, diagnostics) = Parser.decision(
      Fragment(
        """
        ship 'video to everyone who is eligible'
          when education.converted[variant = 'video'].lift.low > 0 and education.refunded[variant = 'video'].safe
        target 'each their best strategy'
          when case x
            when 1 then a
            else b end
        stop when education.converted[variant = 'video'].lift.high < 1%
        otherwise continue 'two more weeks'
        """))
    #expect(diagnostics == [])
    #expect(decision.recommendations.map(\.action.name) == ["ship", "target", "stop", "continue"])
    #expect(
      decision.recommendations.map(\.text) == [
        "video to everyone who is eligible", "each their best strategy", nil, "two more weeks",
      ])
    #expect(
      decision.recommendations.map(\.condition?.description) == [
        "education.converted[variant = 'video'].lift.low > 0 and education.refunded[variant = 'video'].safe",
        "case x when 1 then a else b end", "education.converted[variant = 'video'].lift.high < 1%", nil,
      ])
  }

  @Test(
    arguments: [
      ("ship 'x'\nstop when a", ["syntax@'x'"], 1), ("ship 'x' a > 1\nstop when b", ["syntax@a"], 2),
      ("ship if a > 1", ["syntax@if"], 1), ("ship \"x\" when a", ["double-quotes@\"x\""], 1),
      ("ship when a\nstop b\nwait when c", ["syntax@stop"], 2),
      ("ship when\nstop when b", ["syntax@when"], 2),
      ("ship when a > \nstop when b >\notherwise wait", ["syntax@>", "syntax@>"], 3),
      ("otherwise wait\nship when a", ["otherwise-last@ship"], 2),
      ("otherwise wait when a", ["syntax@when"], 1),
      ("otherwise", ["syntax@otherwise"], 0), ("ship", ["syntax@ship"], 0), ("'x' when a", ["syntax@'x'"], 0),
    ] as [(String, [String], Int)])
  func decisionMistakes(text: String, expected: [String], count: Int) {
    let (decision, diagnostics) = Parser.decision(Fragment(text))
    #expect(mistakes(diagnostics, in: text) == expected)
    #expect(decision.recommendations.count == count)
  }

  @Test func keywordsAreSortedAndComplete() {
    #expect(Keywords.all == Keywords.all.sorted())
    #expect(
      Set(Keywords.all).isSuperset(of: ["aggregate", "by", "funnel", "within", "prior", "otherwise", "let"]))
    #expect(Keywords.all.allSatisfy { $0 == $0.lowercased() && !$0.contains(" ") })
  }
}
