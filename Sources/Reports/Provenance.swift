/// What a report was made from: enough to say later whether it still holds. It has no time of making.
public struct Provenance: Hashable, Sendable {
  /// The data of one source, as it was when it was read.
  public struct Source: Hashable, Sendable {
    /// What the project file calls the source.
    public var name: String
    /// A hash of the source's files.
    public var fingerprint: String?
    /// How many rows were read.
    public var rows: Int64?
    /// How many distinct entities the rows have.
    public var entities: Int64?
    /// The times of the first and the last event, in microseconds since 1970.
    public var times: ClosedRange<Int64>?
    /// How rows were found to be whose, where the source says so by a device and a user.
    public var identity: Identity?
    /// What of the source's files is not among the rows; nothing where that is not known.
    public var leftOut: LeftOut?

    /// Numbers of what was found in files and left out.
    public struct LeftOut: Hashable, Sendable {
      /// Rows that were delivered before.
      public var duplicates: Int64
      /// Rows that could not be read.
      public var rows: Int64
      /// Values that could not be read, in rows that could.
      public var values: Int64

      /// The three numbers.
      public init(duplicates: Int64, rows: Int64, values: Int64) {
        self.duplicates = duplicates
        self.rows = rows
        self.values = values
      }
    }

    /// Numbers of rows, by what told whose they are.
    public struct Identity: Hashable, Sendable {
      /// Rows that name their user.
      public var user: Int64
      /// Rows of the user who was last on the device before them.
      public var previous: Int64
      /// Rows of the user who came next on the device.
      public var next: Int64
      /// Rows of a device without a user.
      public var device: Int64

      /// The four numbers, duplicates among them.
      public init(user: Int64, previous: Int64, next: Int64, device: Int64) {
        self.user = user
        self.previous = previous
        self.next = next
        self.device = device
      }
    }

    /// A source, with what is known of its data.
    public init(
      name: String, fingerprint: String? = nil, rows: Int64? = nil, entities: Int64? = nil,
      times: ClosedRange<Int64>? = nil, identity: Identity? = nil, leftOut: LeftOut? = nil
    ) {
      self.name = name
      self.fingerprint = fingerprint
      self.rows = rows
      self.entities = entities
      self.times = times
      self.identity = identity
      self.leftOut = leftOut
    }
  }

  /// The value that a parameter had.
  public struct Parameter: Hashable, Sendable {
    /// What the front matter calls the parameter.
    public var name: String
    /// The value as text; `null` where it has none.
    public var value: String

    /// A parameter and its value as text.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// In the order in which they are shown.
  public var sources: [Source]
  /// In the order of the front matter.
  public var parameters: [Parameter]
  /// A hash of the document's text.
  public var documentHash: String
  /// The program's version.
  public var toolVersion: String
  /// The version of the language's meaning: it changes when the same document and data may give other values.
  public var semanticVersion: String

  /// What a report was made from.
  public init(
    sources: [Source] = [], parameters: [Parameter] = [], documentHash: String, toolVersion: String,
    semanticVersion: String
  ) {
    self.sources = sources
    self.parameters = parameters
    self.documentHash = documentHash
    self.toolVersion = toolVersion
    self.semanticVersion = semanticVersion
  }
}
