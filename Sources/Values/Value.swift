/// What a name of a document is bound to.
public indirect enum Value: Sendable {
  case scalar(Scalar, Display = .automatic)
  case column(Column, Display = .automatic)
  case table(Table)
  case record(Record)
  case figure(Figure)
}

/// Named values that belong together, such as the parts of a sample size.
public struct Record: Sendable {
  /// One value under its name.
  public struct Member: Sendable {
    /// Unique in the record.
    public var name: String
    /// What the name stands for; in the results of functions a plain value.
    public var value: Value

    /// A value under a name.
    public init(_ name: String, _ value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// What kind of record it is, such as `sample size`.
  public var kind: String
  /// In the order they are shown in.
  public var members: [Member]

  /// Values of a kind, in the order they are shown in.
  public init(kind: String, members: [Member]) {
    self.kind = kind
    self.members = members
  }

  /// The value of the member with exactly this name, if there is one.
  public subscript(name: String) -> Value? { members.first { $0.name == name }?.value }
}
