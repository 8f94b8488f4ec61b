import Values

/// The values of a key for some rows, as narrow as they are at hand.
struct KeyColumn {
  let lane: KeyLane
  /// What the codes of texts point into.
  let dictionary: TextDictionary?

  /// Values that need no widening; of texts codes in a dictionary.
  init(_ lane: KeyLane, _ dictionary: TextDictionary? = nil) {
    self.lane = lane
    self.dictionary = dictionary
  }

  init(_ column: Column) {
    switch column.values {
    case .booleans(let values):
      lane = KeyLane(.bytes(values), column.validity, known: 0...1)
      dictionary = nil
    case .integers(let values):
      lane = KeyLane(.integers(values), column.validity)
      dictionary = nil
    case .doubles(let values):
      lane = KeyLane(.integers(values.map(\.keyBits)), column.validity)
      dictionary = nil
    case .texts(let codes, let own):
      lane = KeyLane(.codes(codes), column.validity)
      dictionary = own
    }
  }

  /// The codes of a column of texts.
  func texts(_ dictionary: TextDictionary) -> Column {
    let codes: [UInt32] =
      switch lane.values {
      case .bytes(let codes): codes.map(UInt32.init)
      case .shorts(let codes): codes.map(UInt32.init)
      case .codes(let codes): codes
      case .integers: preconditionFailure("codes of texts have 32 bits")
      }
    return .texts(codes, dictionary, validity: lane.validity)
  }
}
