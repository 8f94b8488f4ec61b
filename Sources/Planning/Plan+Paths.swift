import Syntax
import Values

/// Which event follows which: for each entity, or each of its sessions, one path of events in the order of time and
/// sequence.
///
/// A path is made of the rows that have an event and are not hidden. From the first of these that satisfies the anchor
/// it goes on, or to it it leads up, over as many events as the depth says; of rows of one event that follow each other
/// the first counts, where repeats are collapsed. An entity without a row that satisfies the anchor has no path.
public struct PathsPlan: Hashable, Sendable {
  /// The row that positions are counted from.
  public enum Anchor: Hashable, Sendable {
    /// The first row there is.
    case beginning
    /// The first row for which this is true: the path goes on from it.
    case from(Expr)
    /// The first row for which this is true: the path leads up to it.
    case to(Expr)
  }
  /// Whether rows of one event that follow each other are one place of a path.
  public enum Repeats: Hashable, Sendable { case collapsed, kept }

  /// A log.
  public let input: Plan
  /// Over the input's columns, of type text: what a row is called; null is no place of a path.
  public let event: Expr
  /// Where paths begin or end.
  public let anchor: Anchor
  /// How many events of a path are looked at, from 1.
  public let depth: Int64
  /// Rows of an entity with one value are one path, null being a value like others; nothing for one path an entity.
  public let session: Expr?
  /// Applied after rows are hidden.
  public let repeats: Repeats
  /// Rows that paths are made without, as though they were not there.
  public let hidden: Expr?

  /// Without options one path for each entity, with repeats collapsed and nothing hidden.
  public init(
    input: Plan, event: Expr, anchor: Anchor = .beginning, depth: Int64, session: Expr? = nil,
    repeats: Repeats = .collapsed, hidden: Expr? = nil
  ) {
    self.input = input
    self.event = event
    self.anchor = anchor
    self.depth = depth
    self.session = session
    self.repeats = repeats
    self.hidden = hidden
  }
}

extension PathsPlan {
  /// One row for each step that some path takes, in ascending order of position, source and target, nulls last.
  ///
  /// `position` is that of the source. Forward it counts from 1, and a null target is where paths end or are no longer
  /// looked at; `rate` is the share of the paths that are at the source there. Of paths that lead up to something the
  /// last event has position 0, the one before it -1, and a null source is where paths begin or are not yet looked at;
  /// `rate` is the share of the paths that are at the target.
  var schema: Schema {
    [
      Field("position", .integer, display: .plain), Field("source", .text), Field("target", .text),
      Field("paths", .integer), Field("rate", .double, display: .percent(decimals: 1)),
    ]
  }

  /// The operator as it would be written.
  var summary: String {
    let schema = input.schema
    let start =
      switch anchor {
      case .beginning: "paths depth \(depth)"
      case .from(let condition): "paths from \(condition.text(schema)), depth \(depth)"
      case .to(let condition): "paths to \(condition.text(schema)), depth \(depth)"
      }
    return start + (session == nil ? "" : " per session") + (repeats == .kept ? " keep repeats" : "")
      + (hidden.map { " hide \($0.text(schema))" } ?? "")
  }
}
