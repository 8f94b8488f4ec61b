import ADBC
import Values

extension ColumnSpool {
  /// Writes the column's files, narrow, of the given rows in the given order.
  ///
  /// - Parameter texts: of a text column, what its codes stand for.
  func finish(_ rows: [UInt32], _ texts: WrittenTexts?) throws(StoreError) -> StoreManifest.Column {
    let contents = try contents()
    // In the order of the log, so that it is looked up once: how many are null has to be known first.
    let validity = contents.validity(of: rows)
    var nulls = 0
    for byte in validity ?? [] where byte == 0 { nulls += 1 }
    let writer = ColumnWriter(
      field: field, path: path, rowCount: rows.count, nulls: nulls, range: range, texts: texts)
    return try writer.write { range in
      CodedColumn(
        values: contents.values(of: rows[range], as: field.type, texts?.ranks),
        validity: nulls == 0 ? nil : validity.map { Array($0[range]) })
    }
  }
}

extension ColumnSpool.Contents {
  fileprivate func validity(of rows: [UInt32]) -> [UInt8]? {
    guard let validity else { return nil }
    return withExtendedLifetime(validity) { gather(rows[...], validity.pointer(to: UInt8.self)) { $0 } }
  }

  /// - Parameter ranks: of texts, by code.
  fileprivate func values(
    of rows: ArraySlice<UInt32>, as type: ScalarType, _ ranks: [UInt32]?
  ) -> CodedColumn.Values {
    func integers<Stored: FixedWidthInteger & BitwiseCopyable>(_ stored: Stored.Type) -> CodedColumn.Values {
      .integers(gather(rows, values.pointer(to: stored)) { Int64($0) })
    }
    func codes<Stored: FixedWidthInteger & BitwiseCopyable>(_ stored: Stored.Type) -> CodedColumn.Values {
      guard let ranks else { preconditionFailure("a text column has a dictionary") }
      return ranks.withUnsafeBufferPointer { ranks in
        // What lies in the place of a null need not be a code.
        .codes(gather(rows, values.pointer(to: stored)) { Int($0) < ranks.count ? ranks[Int($0)] : 0 })
      }
    }
    return switch (type, values.width) {
    case (.boolean, _): .booleans(gather(rows, values.pointer(to: UInt8.self)) { $0 })
    case (.double, _): .doubles(gather(rows, values.pointer(to: Double.self)) { $0 })
    case (.text, .one): codes(UInt8.self)
    case (.text, .two): codes(UInt16.self)
    case (.text, .four), (.text, .eight): codes(UInt32.self)
    case (_, .one): integers(Int8.self)
    case (_, .two): integers(Int16.self)
    case (_, .four): integers(Int32.self)
    case (_, .eight): integers(Int64.self)
    }
  }

  @inline(__always)
  private func gather<Source: BitwiseCopyable, Target>(
    _ rows: ArraySlice<UInt32>, _ source: UnsafePointer<Source>, _ convert: (Source) -> Target
  ) -> [Target] {
    rows.withUnsafeBufferPointer { rows in
      [Target](unsafeUninitializedCapacity: rows.count) { target, initialized in
        for index in 0..<rows.count {
          target.initializeElement(at: index, to: convert(source[Int(rows[index])]))
        }
        initialized = rows.count
      }
    }
  }
}
