import Diagnostics

@testable import Syntax

/// A tree as text in which every operation stands in brackets, so that precedence can be seen.
func shape(_ expression: Expression) -> String {
  switch expression.kind {
  case .binary(let binary, _, let left, let right): "(\(shape(left)) \(binary.rawValue) \(shape(right)))"
  case .unary(let sign, let operand): "(\(sign.rawValue) \(shape(operand)))"
  case .isNull(let operand, let isNegated): "(\(shape(operand)) is\(isNegated ? " not" : "") null)"
  case .isIn(let operand, let items, let isNegated):
    "(\(shape(operand))\(isNegated ? " not" : "") in [\(items.map(shape).joined(separator: ", "))])"
  case .isBetween(let operand, let low, let high, let isNegated):
    "(\(shape(operand))\(isNegated ? " not" : "") between \(shape(low)) & \(shape(high)))"
  case .isLike(let operand, let pattern, let isNegated):
    "(\(shape(operand))\(isNegated ? " not" : "") like \(shape(pattern)))"
  case .member(let base, let name): "\(shape(base)).\(name.name)"
  case .rows(let base, let condition): "\(shape(base))[\(shape(condition))]"
  default: expression.description
  }
}

/// What a fragment's diagnostics are, each as `id@the marked text`.
func mistakes(_ diagnostics: [Diagnostic], in text: String) -> [String] {
  let source = SourceText(name: "test", text: text)
  return diagnostics.map { diagnostic in
    diagnostic.id + "@" + (diagnostic.range.map { source.text(in: $0) } ?? "nowhere")
  }
}

func expressionMistakes(_ text: String) -> [String] {
  mistakes(Parser.expression(Fragment(text)).1, in: text)
}

func queryMistakes(_ text: String) -> [String] { mistakes(Parser.query(Fragment(text)).1, in: text) }
