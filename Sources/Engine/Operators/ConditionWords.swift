import EventStore
import Values

/// Which of some conditions each row of a batch fulfils, as the bits of a word.
///
/// Conditions that ask the same text for its value, as most do of the event's name, are looked up together by its code;
/// the others are asked one by one.
final class ConditionWords<Word: FixedWidthInteger & UnsignedInteger> {
  private let tests: [(text: Node, bits: [(TextMembershipNode, Word)])]
  private let others: [(condition: Node, bit: Word)]
  /// For each test what was found out about a dictionary: the word of each of its texts.
  private var known: [(dictionary: TextDictionary, words: [Word])?]

  /// More texts than these are not looked up in a table.
  private let mostTexts = 1 << 16

  init(_ conditions: [Node]) {
    precondition(conditions.count <= Word.bitWidth, "each condition has a bit")
    var tests: [(text: Node, bits: [(TextMembershipNode, Word)])] = []
    var others: [(condition: Node, bit: Word)] = []
    for (index, condition) in conditions.enumerated() {
      let bit: Word = 1 << Word(index)
      guard let test = condition as? TextMembershipNode else {
        others.append((condition, bit))
        continue
      }
      if let place = tests.firstIndex(where: { $0.text === test.operand }) {
        tests[place].bits.append((test, bit))
      } else {
        tests.append((test.operand, [(test, bit)]))
      }
    }
    self.tests = tests
    self.others = others
    known = tests.map { _ in nil }
  }

  /// The words of a batch's rows.
  func words(_ batch: Batch) throws -> [Word] {
    var result: [Word]?
    for (index, test) in tests.enumerated() {
      if let found = try lookedUp(index, batch) {
        result = ConditionWords.union(result, found)
      } else {
        for (condition, bit) in test.bits { try ask(condition, bit, batch, &result) }
      }
    }
    for (condition, bit) in others { try ask(condition, bit, batch, &result) }
    return result ?? [Word](repeating: 0, count: batch.count)
  }

  private func ask(_ condition: Node, _ bit: Word, _ batch: Batch, _ result: inout [Word]?) throws {
    let mask = Truth(try batch.value(condition), count: batch.count).isTrue
    result = ConditionWords.union(result, mask.map { (0 &- Word($0)) & bit })
  }

  private static func union(_ words: [Word]?, _ others: [Word]) -> [Word] {
    guard let words else { return others }
    return zip(words, others).map { $0 | $1 }
  }

  /// The words that a text's codes tell; nothing where there are too many texts.
  private func lookedUp(_ index: Int, _ batch: Batch) throws -> [Word]? {
    let text = tests[index].text
    if let stored = batch.stored(text), let dictionary = stored.dictionary {
      guard let table = table(index, dictionary) else { return nil }
      let places = stored.places(of: batch.rows)
      var validity: UnsafePointer<UInt8>?
      if case .marked(let bytes) = stored.nulls { validity = bytes + places.lowerBound }
      let words =
        switch stored.encoding {
        case .codes8(let codes, _): looked(up: codes + places.lowerBound, places.count, table, validity)
        case .codes16(let codes, _): looked(up: codes + places.lowerBound, places.count, table, validity)
        case .codes32(let codes, _): looked(up: codes + places.lowerBound, places.count, table, validity)
        default: preconditionFailure("texts are stored as codes")
        }
      return stored.spread(words, over: batch.rows)
    }
    let column = try batch.column(text)
    let (codes, dictionary) = column.textValues
    guard let table = table(index, dictionary) else { return nil }
    return codes.withUnsafeBufferPointer { codes in
      guard let codes = codes.baseAddress else { return [] }
      guard let validity = column.validity else { return looked(up: codes, batch.count, table, nil) }
      return validity.withUnsafeBufferPointer { looked(up: codes, batch.count, table, $0.baseAddress) }
    }
  }

  private func looked<Code: FixedWidthInteger>(
    up codes: UnsafePointer<Code>, _ count: Int, _ table: [Word], _ validity: UnsafePointer<UInt8>?
  ) -> [Word] {
    table.withUnsafeBufferPointer { table in
      [Word](unsafeUninitializedCapacity: count) { target, initialized in
        if let validity {
          for row in 0..<count {
            target.initializeElement(at: row, to: table[Int(codes[row])] & (0 &- Word(validity[row])))
          }
        } else {
          for row in 0..<count { target.initializeElement(at: row, to: table[Int(codes[row])]) }
        }
        initialized = count
      }
    }
  }

  private func table(_ index: Int, _ dictionary: TextDictionary) -> [Word]? {
    if let known = known[index], known.dictionary === dictionary { return known.words }
    guard dictionary.count <= mostTexts else { return nil }
    // A null may have any code.
    var words = [Word](repeating: 0, count: Swift.max(1, dictionary.count))
    for (test, bit) in tests[index].bits {
      for (code, holds) in test.truths(of: dictionary).enumerated() where holds != 0 { words[code] |= bit }
    }
    known[index] = (dictionary, words)
    return words
  }
}
