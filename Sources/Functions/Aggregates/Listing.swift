import Values

/// Aggregates that need to see which values there are: the most frequent one, and texts joined.
enum Listing {
  static let functions: [AggregateFunction] = [
    AggregateFunction(
      "mode", "The most frequent value; of several the smallest.",
      ScalarType.allCases.map { type in
        .init(
          [Parameter("x", type)], result: type,
          sql: { sql, rows in
            let values = rows.call("list", sql[0], where: "\(sql[0]) is not null")
            let mode = "list_aggregate(list_sort(\(values)), 'mode')"
            guard type == .double else { return mode }
            // SQL takes each of several NaN for another value.
            let refusal = SQLPiece.error("mode of what is not a number is another on this engine")
            return "case when \(rows.anyCall("bool_or", "isnan(\(sql[0]))")) then \(refusal) else \(mode) end"
          }
        ) { mode(type) }
      }, display: .argument(0),
      examples: [Example("mode(x)", "2", over: [.init("x", .integer, [2, 1, 2, 3].map { .integer($0) })])]),
    AggregateFunction(
      "string_agg", "The texts that are not null, in the order of the rows, with a separator between them.",
      [
        .init(
          [Parameter("x", .text), Parameter("separator", .text, .constant, default: .text(", "))],
          result: .text,
          sql: { sql, rows in
            rows.takesEach ? rows.call("string_agg", "\(sql[0]), \(sql[1]) order by \(rows.order)") : nil
          }
        ) { TextListState(.joined) }
      ],
      examples: [
        Example("string_agg(x, '-')", "b-a", over: [.init("x", .text, [.text("b"), .null, .text("a")])])
      ]),
  ]

  private static func mode(_ type: ScalarType) -> any AggregateState {
    if type == .text { return TextListState(.mode) }
    return ModeState(type)
  }
}

/// The most frequent value of a type that is not a text.
private final class ModeState: AggregateState {
  private let type: ScalarType
  private let values: CollectedValues

  init(_ type: ScalarType) {
    self.type = type
    values = CollectedValues(type)
  }

  var bytes: Int { values.bytes }

  func grow(to groupCount: Int) { values.grow(to: groupCount) }

  func update(groups: [UInt32], operands: [Operand]) { values.take(operands[0], groups: groups) }

  func merge(_ later: any AggregateState, mapping: [UInt32]) {
    values.merge(sameState(later).values, mapping: mapping)
  }

  func finish() -> Column {
    var scalars: [Scalar] = []
    values.forEachGroup { values in
      guard let mode = values.mode() else {
        scalars.append(.null)
        return
      }
      switch type {
      case .boolean: scalars.append(.boolean(mode != 0))
      case .double: scalars.append(.double(SortableDouble.value(mode)))
      default: scalars.append(Scalar(integral: mode, as: type))
      }
    }
    return Column(type, scalars)
  }
}

/// The values that occur most often in ascending values, ascending.
private func longestRuns<T: Comparable>(_ values: UnsafeMutableBufferPointer<T>) -> [T] {
  var best: [T] = []
  var longest = 0
  var start = 0
  for index in values.indices where index + 1 == values.count || values[index + 1] != values[index] {
    let length = index + 1 - start
    if length > longest { best.removeAll() }
    if length >= longest {
      best.append(values[index])
      longest = length
    }
    start = index + 1
  }
  return best
}

/// Keeps all texts of each group, by code in a dictionary of its own.
private final class TextListState: AggregateState {
  enum Result { case mode, joined }

  private let result: Result
  private var rows = CollectedRows<UInt32>()
  private var interner = TextInterner()
  /// Set by the first batch of joined texts.
  private var separator: String?

  init(_ result: Result) { self.result = result }

  var bytes: Int { rows.bytes + interner.byteCount }

  func grow(to groupCount: Int) { rows.grow(to: groupCount) }

  func update(groups: [UInt32], operands: [Operand]) {
    guard !groups.isEmpty else { return }
    if operands.count > 1, case .text(let text) = operands[1].scalar(0) { separator = text }
    let texts = TextLane(operands[0])
    var last: (code: UInt32, new: UInt32)?
    for row in groups.indices where !operands[0].isNull(row) {
      let code = texts.code(row)
      let new = last.flatMap { $0.code == code ? $0.new : nil } ?? interner.code(for: texts[row])
      last = (code, new)
      rows.append(new, group: groups[row])
    }
  }

  func merge(_ later: any AggregateState, mapping: [UInt32]) {
    let later = sameState(later)
    separator = separator ?? later.separator
    let dictionary = later.interner.dictionary()
    let codes = (0..<dictionary.count).map { interner.code(for: dictionary.utf8($0)) }
    rows.append(later.rows, mapping: mapping) { codes[Int($0)] }
  }

  func finish() throws -> Column {
    let dictionary = interner.dictionary()
    var builder = TextColumnBuilder(capacity: rows.groupCount)
    try rows.eachGroup { codes in
      guard !codes.isEmpty, result == .mode || separator != nil else {
        builder.appendNull()
        return
      }
      switch result {
      case .mode:
        codes.sort()
        let mode = longestRuns(codes).min {
          TextDictionary.compare(dictionary.utf8(Int($0)), dictionary.utf8(Int($1))) < 0
        }
        if let mode { builder.append(dictionary.utf8(Int(mode))) }
      case .joined:
        let joined = try joined(codes, dictionary)
        joined.withUnsafeBufferPointer { builder.append($0) }
        try builder.checkSize()
      }
    }
    return builder.build()
  }

  private func joined(
    _ codes: UnsafeMutableBufferPointer<UInt32>, _ dictionary: TextDictionary
  ) throws -> [UInt8] {
    var joined: [UInt8] = []
    for (index, code) in codes.enumerated() {
      if index > 0, let separator { joined.append(contentsOf: separator.utf8) }
      joined.append(contentsOf: dictionary.utf8(Int(code)))
      if joined.count > Text.longest { throw Text.tooLong() }
    }
    return joined
  }
}
