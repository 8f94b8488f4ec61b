import Values

extension StoredColumn {
  /// The number behind the value in a row: of a text its code, of a double its bits; nothing for null.
  func number(_ row: Int) -> Int64? {
    var place = row
    switch nulls {
    case .nowhere: break
    case .marked(let validity): if validity[row] == 0 { return nil }
    case .leftOut(let presence):
      place = presence.place(of: row)
      if presence.place(of: row + 1) == place { return nil }
    }
    switch encoding {
    case .booleans(let values): return Int64(values[place])
    case .integers8(let values): return Int64(values[place])
    case .integers16(let values): return Int64(values[place])
    case .integers32(let values): return Int64(values[place])
    case .integers64(let values): return values[place]
    case .seconds(let seconds, let base, let microseconds):
      return base + Int64(seconds[place]) * Calendar.microsecondsPerSecond + Int64(microseconds?[place] ?? 0)
    case .doubles(let values): return Int64(bitPattern: values[place].bitPattern)
    case .codes8(let codes, _): return Int64(codes[place])
    case .codes16(let codes, _): return Int64(codes[place])
    case .codes32(let codes, _): return Int64(codes[place])
    }
  }
}
