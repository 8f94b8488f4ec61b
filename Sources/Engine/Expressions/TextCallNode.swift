import Functions
import Values

/// A function of one text and of constants: computed once for each text of a small dictionary, and not for rows.
final class TextCallNode: CallNode {
  private let operand: Node
  private let valuesOfTexts: (Column) throws -> Column
  /// What was found out about a dictionary: the value of each of its texts, and behind them that of null; nothing where
  /// one of them has none, which a row need not have.
  private var known: (dictionary: TextDictionary, values: Column?)?

  /// About as many texts as a batch has rows.
  private static let mostTexts = 1 << 11

  /// Nothing for a function of something else.
  init?(
    _ id: Int, ofText overload: ScalarFunction.Overload, _ arguments: [Node], _ context: EvaluationContext
  ) {
    let varying = arguments.indices.filter { arguments[$0].constant == nil }
    guard varying.count == 1, let place = varying.first, arguments[place].type == .text else { return nil }
    operand = arguments[place]
    let constants = arguments.map(\.constant)
    valuesOfTexts = { texts in
      try overload.kernel(constants.map { $0 ?? Operand(texts) }, texts.count, context)
    }
    super.init(id, overload, arguments, context)
  }

  override func compute(_ batch: Batch) throws -> Operand {
    let value = try batch.value(operand)
    let (codes, dictionary) = value.column.textValues
    guard !value.isConstant, let values = values(of: dictionary) else { return try super.compute(batch) }
    let null = Int32(dictionary.count)
    guard let validity = value.column.validity else {
      return Operand(values.gathered(codes.map { Int32(truncatingIfNeeded: $0) }))
    }
    let places = zipped(codes, validity) { $1 == 0 ? null : Int32(truncatingIfNeeded: $0) }
    return Operand(values.gathered(places))
  }

  private func values(of dictionary: TextDictionary) -> Column? {
    if let known, known.dictionary === dictionary { return known.values }
    guard dictionary.count <= TextCallNode.mostTexts else { return nil }
    let codes = (0..<dictionary.count).map { UInt32($0) } + [0]
    let validity = [UInt8](repeating: 1, count: dictionary.count) + [0]
    let values = try? valuesOfTexts(.texts(codes, dictionary, validity: validity))
    known = (dictionary, values)
    return values
  }
}
