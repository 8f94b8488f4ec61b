import EventStore
import Functions
import Values

/// Whether a text is one of some constants. Asked of codes: each text of a dictionary is compared once.
final class TextMembershipNode: Node {
  let operand: Node
  private let texts: TextPool
  private let isNegated: Bool
  /// Null instead of false.
  private let orNull: Bool
  /// What was found out about a dictionary: one byte for each of its texts.
  private var known: (dictionary: TextDictionary, isMember: [UInt8], only: UInt32?)?

  init(_ id: Int, _ operand: Node, _ texts: [String], isNegated: Bool = false, orNull: Bool = false) {
    self.operand = operand
    var pool = TextPool()
    for var text in texts { _ = text.withUTF8 { pool.number($0) } }
    self.texts = pool
    self.isNegated = isNegated
    self.orNull = orNull
    super.init(id, .boolean)
  }

  override var isSimple: Bool { operand.isSimple }

  override func compute(_ batch: Batch) throws -> Operand {
    if isCertain(of: batch.source) { return Operand(constant: .boolean(true), type: .boolean) }
    if let stored = batch.stored(operand), let mask = storedMask(batch) {
      return Operand(finished(mask, validity: stored.validity(of: batch.rows)))
    }
    let value = try batch.value(operand)
    let (codes, dictionary) = value.column.textValues
    let mask: [UInt8]
    if dictionary.count > 4 * codes.count + 1024, known?.dictionary !== dictionary, !dictionary.isSorted {
      // Reading a whole dictionary for a few rows would cost more than comparing their texts.
      mask = codes.indices.map { row in
        !value.column.isNull(row) && texts.known(dictionary.utf8(Int(codes[row]))) != nil ? 1 : 0
      }
    } else {
      let (isMember, only) = members(of: dictionary)
      if let only {
        mask = codes.map { $0 == only ? 1 : 0 }
      } else if isMember.isEmpty {
        mask = [UInt8](repeating: 0, count: codes.count)
      } else {
        mask = codes.map { isMember[Int($0)] }
      }
    }
    return Operand(finished(mask, validity: value.column.validity), isConstant: value.isConstant)
  }

  /// Compares the codes of a log as they lie there, where no more than one text is looked for: one byte a row, 1 where it
  /// is the text.
  private func storedMask(_ batch: Batch) -> [UInt8]? {
    guard let column = operand as? SourceNode, case let stored = batch.source.log?.columns[column.position],
      let dictionary = stored?.dictionary
    else { return nil }
    let (isMember, only) = members(of: dictionary)
    if let only { return batch.equalityMask(operand, code: only) }
    return isMember.isEmpty ? [UInt8](repeating: 0, count: batch.count) : nil
  }

  /// An excerpt has no events of other names than its own.
  override func isCertain(of source: RowSource) -> Bool {
    guard !isNegated, case .excerpt(let excerpt) = source,
      (operand as? SourceNode)?.position == excerpt.log.eventPosition,
      let dictionary = excerpt.log.columns[excerpt.log.eventPosition]?.dictionary
    else { return false }
    let (isMember, only) = members(of: dictionary)
    return excerpt.codes.allSatisfy { $0 == only || (!isMember.isEmpty && isMember[Int($0)] == 1) }
  }

  override func trueMask(_ batch: Batch) -> [UInt8]? { isNegated ? nil : storedMask(batch) }

  /// One byte for each text of a dictionary: 1 where the condition is true of it.
  func truths(of dictionary: TextDictionary) -> [UInt8] {
    let (isMember, only) = members(of: dictionary)
    var truths = isMember.isEmpty ? [UInt8](repeating: 0, count: dictionary.count) : isMember
    if let only { truths[Int(only)] = 1 }
    return isNegated ? truths.map { $0 ^ 1 } : truths
  }

  private func finished(_ mask: [UInt8], validity: [UInt8]?) -> Column {
    var validity = validity
    if orNull { validity = validity.map { zipped($0, mask) { $0 & $1 } } ?? mask }
    return .booleans(isNegated ? mask.map { $0 ^ 1 } : mask, validity: validity)
  }

  /// One byte for each text of a dictionary, nothing when no text is a member; and its code where one alone
  /// is.
  private func members(of dictionary: TextDictionary) -> ([UInt8], UInt32?) {
    if let known, known.dictionary === dictionary { return (known.isMember, known.only) }
    var codes: [Int] = []
    if dictionary.isSorted {
      let wanted = texts.dictionary()
      codes = (0..<wanted.count).compactMap { dictionary.code(of: wanted.text($0)) }
    } else {
      codes = (0..<dictionary.count).filter { texts.known(dictionary.utf8($0)) != nil }
    }
    var isMember: [UInt8] = []
    if codes.count > 1 {
      isMember = [UInt8](repeating: 0, count: dictionary.count)
      for code in codes { isMember[code] = 1 }
    }
    let only = codes.count == 1 ? UInt32(codes[0]) : nil
    known = (dictionary, isMember, only)
    return (isMember, only)
  }
}

/// Whether a number, a time or a boolean is one of some constants.
final class ValueMembershipNode: Node {
  private let operand: Node
  private let keys: [Int64]
  private let orNull: Bool

  init(_ id: Int, _ operand: Node, _ constants: [Scalar], orNull: Bool) {
    self.operand = operand
    self.orNull = orNull
    keys = Set(constants.map { ValueMembershipNode.key(of: $0, as: operand.type) }).sorted()
    super.init(id, .boolean)
  }

  override var isSimple: Bool { operand.isSimple }

  override func compute(_ batch: Batch) throws -> Operand {
    let value = try batch.value(operand)
    let column = value.column
    let mask: [UInt8] =
      switch column.values {
      case .booleans(let values): values.map { contains(Int64($0)) ? 1 : 0 }
      case .integers(let values): values.map { contains($0) ? 1 : 0 }
      case .doubles(let values): values.map { contains($0.keyBits) ? 1 : 0 }
      case .texts: preconditionFailure("texts have a node of their own")
      }
    var validity = column.validity
    if orNull { validity = validity.map { zipped($0, mask) { $0 & $1 } } ?? mask }
    return Operand(.booleans(mask, validity: validity), isConstant: value.isConstant)
  }

  @inline(__always) private func contains(_ key: Int64) -> Bool {
    var low = 0
    var high = keys.count
    while low < high {
      let middle = (low &+ high) / 2
      if keys[middle] < key { low = middle &+ 1 } else { high = middle }
    }
    return low < keys.count && keys[low] == key
  }

  private static func key(of scalar: Scalar, as type: ScalarType) -> Int64 {
    switch type {
    case .boolean: scalar == .boolean(true) ? 1 : 0
    case .double: (scalar.number ?? 0).keyBits
    case .integer, .timestamp, .date, .duration, .text: scalar.integral ?? 0
    }
  }
}

extension Double {
  /// Bits that are equal for equal numbers: both zeros are one, and all that are not numbers are one.
  @inline(__always) var keyBits: Int64 {
    if self != self { return Int64(bitPattern: Double.nan.bitPattern) }
    return self == 0 ? 0 : Int64(bitPattern: bitPattern)
  }
}
