import Values

extension ColumnSpool {
  /// Writes the column's files, narrow, of the given rows in the given order.
  ///
  /// - Parameters:
  ///   - rows: those of an earlier log have the first numbers, and ascend.
  ///   - texts: of a text column, what its codes stand for.
  func finish(_ rows: [UInt32], _ texts: WrittenTexts?) throws(StoreError) -> StoreManifest.Column {
    var rows = rows
    var column = StoreManifest.Column(
      name: field.name, type: field.type, encoding: .booleans, nulls: 0, parts: [:])
    // In the order of the log, so that it is looked up once for all parts.
    var valid: [UInt8]?
    if let found = try validity(of: rows) {
      for byte in found where byte == 0 { column.nulls += 1 }
      if Presence.isWorthIt(rows: rows.count, nulls: column.nulls) {
        let (words, present) = Presence.words(rows, found)
        rows = present
        let output = try OutputFile(path: "\(path).presence", .hashed)
        try output.write(words)
        column.parts["presence"] = try output.finish()
      } else if column.nulls > 0 {
        valid = found
        let output = try OutputFile(path: "\(path).validity", .hashed)
        try output.write(found)
        column.parts["validity"] = try output.finish()
      }
    }

    @inline(__always)
    func add<Known, Source: BitwiseCopyable, Target: BitwiseCopyable & Numeric>(
      _ part: String, _ known: (Column.Values) -> [Known], _ source: Source.Type,
      _ convertKnown: (Known) -> Target, _ convert: (Source) -> Target
    ) throws(StoreError) {
      let output = try OutputFile(path: "\(path).\(part)", .hashed)
      let file = try values.contents()
      try withExtendedLifetime(file) { () throws(StoreError) in
        try write(rows, valid, to: output, known, convertKnown, file.pointer(to: source), convert)
      }
      column.parts[part] = try output.finish()
    }
    func addIntegers<Stored: FixedWidthInteger & BitwiseCopyable>(_ type: Stored.Type) throws(StoreError) {
      try add("values", { $0.integers }, type, { Stored(truncatingIfNeeded: $0) }, { $0 })
    }

    switch field.type {
    case .boolean: try add("values", { $0.booleans }, UInt8.self, { $0 }, { $0 })
    case .double:
      column.encoding = .doubles
      try add("values", { $0.doubles }, Double.self, { $0 }, { $0 })
    case .timestamp where range.fitsSeconds:
      column.encoding = .seconds
      column.range = range
      let second = Calendar.microsecondsPerSecond
      let base = range.isEmpty ? 0 : Calendar.floorDivide(range.lowest, second) * second
      column.base = base
      func addTimes(_ part: String, _ convert: (Int64) -> UInt32) throws(StoreError) {
        try add(part, { $0.integers }, Int64.self, convert, convert)
      }
      try addTimes("values") { UInt32(truncatingIfNeeded: ($0 &- base) / second) }
      if range.hasMicroseconds {
        try addTimes("microseconds") { UInt32(truncatingIfNeeded: ($0 &- base) % second) }
      }
    case .integer, .date, .duration, .timestamp:
      column.range = range
      column.encoding = StoreManifest.Encoding(integersIn: range)
      try values.widen(to: column.encoding.width)
      switch values.width {
      case .one: try addIntegers(Int8.self)
      case .two: try addIntegers(Int16.self)
      case .four: try addIntegers(Int32.self)
      case .eight: try addIntegers(Int64.self)
      }
    case .text:
      guard let texts else { preconditionFailure("a text column has a dictionary") }
      column.texts = texts.count
      column.encoding = texts.count <= 1 << 8 ? .codes8 : texts.count <= 1 << 16 ? .codes16 : .codes32
      try texts.ranks.withUnsafeBufferPointer { (ranks) throws(StoreError) in
        func addCodes<Target: FixedWidthInteger & BitwiseCopyable>(_: Target.Type) throws(StoreError) {
          func addCodes<Source: FixedWidthInteger & BitwiseCopyable>(_ source: Source.Type) throws(StoreError)
          {
            try add(
              "values", { $0.codes }, source, { Target(truncatingIfNeeded: ranks[Int($0)]) },
              { Target(truncatingIfNeeded: ranks[Int($0)]) })
          }
          switch values.width {
          case .one: try addCodes(UInt8.self)
          case .two: try addCodes(UInt16.self)
          case .four, .eight: try addCodes(UInt32.self)
          }
        }
        switch column.encoding.width {
        case .one: try addCodes(UInt8.self)
        case .two: try addCodes(UInt16.self)
        case .four, .eight: try addCodes(UInt32.self)
        }
      }
      (column.parts["offsets"], column.parts["bytes"]) = (texts.offsets, texts.bytes)
    }
    return column
  }

  /// One byte for each of some rows, 1 where there is a value; nothing where none can be null.
  private func validity(of rows: [UInt32]) throws(StoreError) -> [UInt8]? {
    let spooled = try validity?.contents()
    guard spooled != nil || earlier?.canBeNull == true else { return nil }
    defer { withExtendedLifetime(spooled) {} }
    let bytes = spooled?.pointer(to: UInt8.self)
    let count = earlier?.count ?? 0
    return [UInt8](unsafeUninitializedCapacity: rows.count) { target, initialized in
      rows.withUnsafeBufferPointer { rows in
        for piece in pieces(of: 0..<rows.count) {
          let range = earlierRows(among: rows[piece])
          let known =
            earlier?.column.map { $0.validity(of: range) ?? [UInt8](repeating: 1, count: range.count) }
            ?? [UInt8](repeating: 0, count: range.count)
          for index in piece {
            let row = Int(rows[index])
            let isValid = row < count ? known[row &- range.lowerBound] : bytes.map { $0[row &- count] } ?? 1
            target.initializeElement(at: index, to: isValid)
          }
        }
      }
      initialized = rows.count
    }
  }

  /// Writes what some rows have; nulls are 0, so that the store's bytes are the same from run to run.
  ///
  /// - Parameter known: how what is read of an earlier log lies in memory.
  @inline(__always)
  private func write<Known, Source: BitwiseCopyable, Target: BitwiseCopyable & Numeric>(
    _ rows: [UInt32], _ valid: [UInt8]?, to output: OutputFile, _ known: (Column.Values) -> [Known],
    _ convertKnown: (Known) -> Target, _ source: UnsafePointer<Source>, _ convert: (Source) -> Target
  ) throws(StoreError) {
    let count = earlier?.count ?? 0
    try output.write(count: rows.count) { (target: UnsafeMutableBufferPointer<Target>, first) in
      rows.withUnsafeBufferPointer { rows in
        for piece in pieces(of: first..<first + target.count) {
          let range = earlierRows(among: rows[piece])
          let found = range.isEmpty ? [] : earlier?.column.map { known($0.read(range).values) } ?? []
          found.withUnsafeBufferPointer { found in
            @inline(__always)
            func fill(_ place: Int) {
              let row = Int(rows[place])
              target.initializeElement(
                at: place &- first,
                to: row < count ? convertKnown(found[row &- range.lowerBound]) : convert(source[row &- count])
              )
            }
            guard let valid else {
              for place in piece { fill(place) }
              return
            }
            valid.withUnsafeBufferPointer { valid in
              for place in piece {
                if valid[place] != 0 {
                  fill(place)
                } else {
                  target.initializeElement(at: place &- first, to: 0)
                }
              }
            }
          }
        }
      }
    }
  }

  /// Parts of a range that are few enough rows for what is read of them to stay near the processor.
  private func pieces(of range: Range<Int>) -> some Sequence<Range<Int>> {
    stride(from: range.lowerBound, to: range.upperBound, by: 1 << 14).lazy.map {
      $0..<Swift.min($0 + 1 << 14, range.upperBound)
    }
  }

  /// The least range that holds those of some rows that are of the earlier log, which ascend.
  private func earlierRows(among rows: Slice<UnsafeBufferPointer<UInt32>>) -> Range<Int> {
    guard let count = earlier?.count, let first = rows.first(where: { $0 < count }),
      let last = rows.last(where: { $0 < count })
    else { return 0..<0 }
    return Int(first)..<Int(last) + 1
  }
}

/// How columns that are read lie in memory.
extension Column.Values {
  fileprivate var booleans: [UInt8] {
    guard case .booleans(let values) = self else { preconditionFailure("the column is of booleans") }
    return values
  }

  fileprivate var integers: [Int64] {
    guard case .integers(let values) = self else { preconditionFailure("the column is of integers") }
    return values
  }

  fileprivate var doubles: [Double] {
    guard case .doubles(let values) = self else { preconditionFailure("the column is of doubles") }
    return values
  }

  fileprivate var codes: [UInt32] {
    guard case .texts(let codes, _) = self else { preconditionFailure("the column is of texts") }
    return codes
  }
}
