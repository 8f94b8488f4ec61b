/// How a log's entities are told by two columns: the device, and the user, who is known at times.
///
/// A row with a user is the user's. One without is the user's who was last seen on the device before it; where there
/// was none, and `backfill` asks for it, the one's who is seen next; else it is the device's own. Rows of two users are
/// never one entity.
public struct IdentityColumns: Hashable, Sendable, Codable {
  /// The column of devices, browsers, installations.
  public var device: String
  /// The column of those who logged in; null, or an empty text, where nobody did.
  public var user: String
  /// Whether what a device did before its first user is that user's.
  public var backfill: Bool

  /// Two columns of the files.
  public init(device: String, user: String, backfill: Bool = true) {
    self.device = device
    self.user = user
    self.backfill = backfill
  }
}

/// How the entity of a row became known.
public enum IdentityBasis: Int, Hashable, Sendable, CaseIterable {
  /// The row names the user.
  case user
  /// By the user who was last on the device.
  case previous
  /// By the user who came next on the device.
  case next
  /// Nobody is known: it is the device's own.
  case device
}
