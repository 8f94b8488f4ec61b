/// Where a log's events are, and what their columns stand for: an entry of the project file.
public struct SourceDescription: Hashable, Sendable {
  /// A file of facts about entities or things, one row for each key.
  public struct Dimension: Hashable, Sendable {
    /// Relative to the source's folder.
    public var file: String
    /// The column that identifies a row.
    public var key: String
    /// The types of columns that are not told by their values.
    public var types: DeclaredTypes

    /// A dimension in a file, with its key.
    public init(file: String, key: String, types: DeclaredTypes = DeclaredTypes()) {
      self.file = file
      self.key = key
      self.types = types
    }
  }

  /// The source's name in the project, which names its store.
  public var name: String
  /// Paths of event files with `*`, `?` and `[…]`, relative to `folder`.
  public var events: [String]
  /// What the columns stand for.
  public var roles: LogRoles
  /// The types of columns that are not told by their values.
  public var types: DeclaredTypes
  /// By name.
  public var dimensions: [String: Dimension]
  /// The time zone of times that name none, by its IANA name.
  public var timeZone: String
  /// The folder that paths start from.
  public var folder: String

  /// A source of the project whose files lie below a folder.
  public init(
    name: String, events: [String], roles: LogRoles, types: DeclaredTypes = DeclaredTypes(),
    dimensions: [String: Dimension] = [:], timeZone: String = "UTC", folder: String
  ) {
    self.name = name
    self.events = events
    self.roles = roles
    self.types = types
    self.dimensions = dimensions
    self.timeZone = timeZone
    self.folder = folder
  }
}
