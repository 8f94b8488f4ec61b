import Diagnostics
import Documents
import Planning
import Syntax
import Values

/// Something of a document that is checked and run on its own: a block, a line of a compute block, an inline value.
struct Node {
  enum Kind {
    case parameter(FrontMatter.Parameter)
    case data(block: Int)
    case query(block: Int)
    case sql(block: Int)
    /// A line of a compute block.
    case binding(block: Int, line: Int)
    case chart(block: Int)
    case expect(block: Int)
    case decide(block: Int)
    case inline(Int)
  }

  let kind: Kind
  /// The name that it binds.
  let name: String?
  /// Where its mistakes are shown when they have no place of their own.
  let range: SourceRange
  var state = State.unchecked
  /// Where the mistakes start that were found when it was read, in order. With one it is checked as far as it was
  /// understood, and not run.
  var mistakes: [Int] = []
  var isDamaged: Bool { !mistakes.isEmpty }
  /// The nodes whose values it needs.
  var dependencies: [Int] = []

  enum State {
    case unchecked
    /// Being checked: meeting it again is a cycle.
    case checking
    case checked(Meaning)
    /// It has a mistake, which was reported.
    case failed
  }

  /// What a checked node is.
  enum Meaning {
    case value(Scalar, ValueType)
    case table(Table)
    case query(Plan, eventNames: [String])
    /// SQL of the document's own, and its columns.
    case sql(String, Schema)
    case term(Term, ValueType)
    case conditions([Condition])
    case recommendations([Recommendation])
  }

  /// A condition of an `expect` block or of a recommendation, and the values that it is about.
  struct Condition {
    let text: String
    let message: String?
    let term: Term
    let operands: [(text: String, term: Term)]
    /// What the condition is about, where that can be said.
    let subject: Term?
    /// What the subject is compared with, where that is not a constant.
    let bound: (sign: String, term: Term)?
  }

  struct Recommendation {
    let action: String
    let text: String
    let conditions: [Condition]
  }

  var isInline: Bool { if case .inline = kind { true } else { false } }

  /// Whether a mistake that was found when it was read lies in a range.
  func hasMistake(in range: SourceRange) -> Bool {
    var low = 0
    var high = mistakes.count
    while low < high {
      let middle = (low + high) / 2
      if mistakes[middle] < range.lower { low = middle + 1 } else { high = middle }
    }
    return low < mistakes.count && mistakes[low] < max(range.upper, range.lower + 1)
  }

  /// The block that the node belongs to.
  var block: Int? {
    switch kind {
    case .data(let block), .query(let block), .sql(let block), .chart(let block), .expect(let block),
      .decide(let block),
      .binding(let block, _):
      block
    case .parameter, .inline: nil
    }
  }
}
