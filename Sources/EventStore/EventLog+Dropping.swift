import ADBC
import Values

extension EventLog {
  /// Writes the columns of a log's store anew, without some rows, and says what the store holds then.
  ///
  /// - Parameter dropped: one byte a row, 1 where it goes; those behind the end stay.
  func written(
    without dropped: [UInt8], _ manifest: StoreManifest, to folder: String
  ) throws(StoreError) -> StoreManifest {
    var manifest = manifest
    let kept = (0..<rowCount).filter { $0 >= dropped.count || dropped[$0] == 0 }
    for (position, column) in columns.enumerated() {
      guard let column, let known = manifest.columns[position] else { continue }
      manifest.columns[position] = try column.written(kept, known, to: "\(folder)/column\(position)")
    }
    var starts: [UInt64] = []
    var next = 0
    for entity in 0...entityCount {
      while next < kept.count, kept[next] < offsets[entity] { next += 1 }
      starts.append(UInt64(next))
    }
    // What is mapped stays as it was: a file is replaced, and not written over.
    StoreFolder.remove("\(folder)/offsets")
    let output = try OutputFile(path: "\(folder)/offsets", .hashed)
    try output.write(starts)
    manifest.offsets = try output.finish()
    manifest.rowCount = kept.count
    return manifest
  }
}

extension StoredColumn {
  /// Writes some rows of a column, in the place of the files that have all of them.
  fileprivate func written(
    _ rows: [Int], _ known: StoreManifest.Column, to path: String
  ) throws(StoreError) -> StoreManifest.Column {
    let texts = known.texts.flatMap { count in
      known.parts["offsets"].flatMap { offsets in
        known.parts["bytes"].map { WrittenTexts(ranks: [], count: count, offsets: offsets, bytes: $0) }
      }
    }
    for part in known.parts.keys where texts == nil || (part != "offsets" && part != "bytes") {
      StoreFolder.remove("\(path).\(part)")
    }
    let nulls = rows.reduce(0) { $0 + (number($1) == nil ? 1 : 0) }
    let writer = ColumnWriter(
      field: Field(known.name, known.type), path: path, rowCount: rows.count, nulls: nulls,
      range: known.range ?? StoreManifest.Range(), texts: texts)
    return try writer.write { places in
      let first = rows[places.lowerBound]
      return CodedColumn(read(places.map { Int32(rows[$0] - first) }, from: first))
    }
  }
}
