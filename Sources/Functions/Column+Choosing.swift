import Values

extension Column {
  /// Row by row the value of one of several columns of the same type: `choice[row]` is its position, and a
  /// negative one gives null.
  public init(choosing choice: [Int32], from operands: [Operand], count: Int) {
    precondition(choice.count == count && !operands.isEmpty, "one column is chosen for each row")
    let type = operands[0].column.type
    var validity = [UInt8](repeating: 1, count: count)
    var hasNull = false
    for row in 0..<count where choice[row] < 0 || operands[Int(choice[row])].isNull(row) {
      validity[row] = 0
      hasNull = true
    }
    switch type {
    case .boolean:
      let values = Column.chosen(choice, operands, UInt8.self)
      self = .booleans(values, validity: hasNull ? validity : nil)
    case .double:
      let values = Column.chosen(choice, operands, Double.self)
      self = .doubles(values, validity: hasNull ? validity : nil)
    case .integer, .timestamp, .date, .duration:
      let values = Column.chosen(choice, operands, Int64.self)
      self = .integers(values, as: type, validity: hasNull ? validity : nil)
    case .text:
      self = Column.chosenTexts(choice, operands, validity: validity, hasNull: hasNull)
    }
  }

  private static func chosen<T: Native>(_ choice: [Int32], _ operands: [Operand], _ type: T.Type) -> [T] {
    let lanes = operands.map { Lane<T>($0) }
    return choice.indices.map { row in choice[row] < 0 ? T.blank : lanes[Int(choice[row])][row] }
  }

  private static func chosenTexts(
    _ choice: [Int32], _ operands: [Operand], validity: [UInt8], hasNull: Bool
  ) -> Column {
    let lanes = operands.map { TextLane($0) }
    if lanes.allSatisfy({ $0.dictionary === lanes[0].dictionary }) {
      let codes = choice.indices.map { row in validity[row] == 0 ? 0 : lanes[Int(choice[row])].code(row) }
      return .texts(codes, lanes[0].dictionary, validity: hasNull ? validity : nil)
    }
    // Neighbouring rows often have the same text: its code in the new dictionary is remembered for each lane.
    var last = [(code: UInt32, new: UInt32)?](repeating: nil, count: lanes.count)
    var interner = TextInterner()
    let codes = choice.indices.map { row -> UInt32 in
      guard validity[row] != 0 else { return 0 }
      let lane = Int(choice[row])
      let code = lanes[lane].code(row)
      if let known = last[lane], known.code == code { return known.new }
      let new = interner.code(for: lanes[lane][row])
      last[lane] = (code, new)
      return new
    }
    return .texts(codes, interner.dictionary(), validity: hasNull ? validity : nil)
  }
}
