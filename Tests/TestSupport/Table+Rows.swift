import Values

extension Table {
  /// A table of rows.
  public init(_ fields: [Field], rows: [[Scalar]]) {
    self.init(
      schema: Schema(fields),
      columns: fields.indices.map { index in Column(fields[index].type, rows.map { $0[index] }) },
      count: rows.count)
  }
}
