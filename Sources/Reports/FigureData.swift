import Values

extension Figure {
  /// What is drawn, as tables: one for each layer, with a column for each channel.
  var tables: [(name: String, table: Table)] {
    layers.compactMap { layer in layer.table.map { (layer.mark.rawValue, $0) } }
  }
}

extension Layer {
  /// The layer's channels side by side; a channel with a single value has it in every row.
  fileprivate var table: Table? {
    let channels = [x, y, low, high, color, label, source, target].compactMap(\.self)
    guard let count = channels.map(\.column.count).max() else { return nil }
    var schema = Schema()
    var columns: [Column] = []
    for channel in channels where schema.position(of: channel.name) == nil {
      let column = channel.column
      guard column.count == count || column.count == 1 else { continue }
      schema.append(Field(channel.name, column.type, display: channel.display))
      columns.append(
        column.count == count ? column : Column(repeating: column[0], type: column.type, count: count))
    }
    return Table(schema: schema, columns: columns, count: count)
  }
}
