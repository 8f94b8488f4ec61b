import Values

/// A checked query: what to compute, and nothing about how. The one form that every engine takes.
public indirect enum Plan: Hashable, Sendable {
  /// The events of a source, in the order (entity, time, sequence).
  case events(EventsPlan)
  /// A table that the engine is given by name: a dimension, a data block, another query's result.
  case relation(String, Schema)
  /// Rows for which the condition is true.
  case filter(Plan, Expr)
  /// The input's columns and after them the given ones.
  case extend(Plan, [NamedExpr])
  /// The given columns alone.
  case project(Plan, [NamedExpr])
  /// The input's columns and after them one for each window; the input is a log.
  case windows(Plan, [WindowCall])
  /// One row for each combination of the keys, in ascending order of the keys with nulls last; without keys one row.
  /// The keys come first, then the aggregates.
  case aggregate(Plan, keys: [NamedExpr], [AggregateCall])
  case activity(ActivityPlan)
  case attribute(AttributionPlan)
  /// A stable sort.
  case sort(Plan, [SortPlan])
  case limit(Plan, count: Int64, offset: Int64)
  /// Rows without repetitions, in ascending order of all columns with nulls last.
  case distinct(Plan)
  case join(JoinPlan)
  /// The rows of the plans one after another; the schemas have equal types.
  case union([Plan])
  case funnel(FunnelPlan)
  case lifecycle(LifecyclePlan)
  case retention(RetentionPlan)
  case sessions(SessionsPlan)
  case paths(PathsPlan)
}

/// A source's log and its columns.
public struct EventsPlan: Hashable, Sendable {
  /// The name of the source, or of the data block that stands for one.
  public let source: String
  /// All columns of the log, in the order of the source.
  public let schema: Schema
  /// Where entity, time and event stand in the schema.
  public let log: LogColumns
  /// The names of the events that are read, ascending; nothing for all, with those that have no name.
  public let names: [ExactText]?

  /// The event column is known here, since nothing has been projected away yet.
  public init(source: String, schema: Schema, log: LogColumns, names: [ExactText]? = nil) {
    self.source = source
    self.schema = schema
    self.log = log
    self.names = names
  }
}

/// Which columns of a relation are the entity, time and event of a log.
public struct LogColumns: Hashable, Sendable {
  /// The position of whose event it is.
  public let entity: Int
  /// The position of when it happened; never null.
  public let time: Int
  /// Nothing where the event's name was projected away.
  public let event: Int?

  /// Positions count from 0 in the relation's schema.
  public init(entity: Int, time: Int, event: Int?) {
    self.entity = entity
    self.time = time
    self.event = event
  }
}

/// One key of a sort; later keys decide among rows that are equal in the earlier ones.
public struct SortPlan: Hashable, Sendable {
  /// Over the input's columns; of any type.
  public let expression: Expr
  /// Largest first; nulls stay where `nullsFirst` puts them.
  public let isDescending: Bool
  /// Where rows without a value go, whatever the direction.
  public let nullsFirst: Bool

  /// A key with its direction and the place of nulls.
  public init(_ expression: Expr, isDescending: Bool, nullsFirst: Bool) {
    self.expression = expression
    self.isDescending = isDescending
    self.nullsFirst = nullsFirst
  }
}

/// A join by equal keys and a further condition. Rows come in the order of the left side, then of the right; right
/// rows without a partner come last.
public struct JoinPlan: Hashable, Sendable {
  /// Which rows are kept when they have no partner; `semi` and `anti` keep left rows with and without one,
  /// once each.
  public enum Kind: String, Hashable, Sendable { case inner, left, right, full, semi, anti }

  /// What happens to rows without a partner.
  public let kind: Kind
  /// The side whose order the result follows.
  public let left: Plan
  /// The side whose rows are looked up.
  public let right: Plan
  /// Over the left and the right side's columns respectively, of equal types; a null key has no partner. Without keys
  /// every pair is a candidate.
  public let leftKeys: [Expr]
  /// As many as there are left keys, and in their order.
  public let rightKeys: [Expr]
  /// Over the columns of the left and then of the right side.
  public let condition: Expr?
  /// The columns of the result, over the columns of the left and then of the right side; `semi` and `anti` have the
  /// left side's columns alone.
  public let output: [NamedExpr]

  /// Keys of the same position belong together.
  public init(
    kind: Kind, left: Plan, right: Plan, leftKeys: [Expr], rightKeys: [Expr], condition: Expr?,
    output: [NamedExpr]
  ) {
    self.kind = kind
    self.left = left
    self.right = right
    self.leftKeys = leftKeys
    self.rightKeys = rightKeys
    self.condition = condition
    self.output = output
  }
}

/// How far each entity gets through some steps. Rules: each row fills one step of a match; times do not decrease under
/// the tie rule; the last step is within the window of the first, inclusive.
public struct FunnelPlan: Hashable, Sendable {
  /// One condition that a row of the match satisfies.
  public struct Step: Hashable, Sendable {
    /// Unique in the funnel; the value of the `step` column.
    public let name: String
    /// Over the input's columns.
    public let condition: Expr
    /// No other row of the input lies strictly between the previous step's time and this one's.
    public let isImmediate: Bool

    /// A condition under its name.
    public init(name: String, condition: Expr, isImmediate: Bool) {
      self.name = name
      self.condition = condition
      self.isImmediate = isImmediate
    }
  }
  /// Rows that spoil a match where they lie within it.
  public struct Exclusion: Hashable, Sendable {
    /// Over the input's columns.
    public let condition: Expr
    /// Positions of steps, from 0: no such row lies strictly between the times of these.
    public let after: Int
    /// The later of the two steps.
    public let before: Int

    /// From one step to a later one, by position.
    public init(condition: Expr, after: Int, before: Int) {
      self.condition = condition
      self.after = after
      self.before = before
    }
  }
  /// Which row's time may follow which: `any` order at equal times, `seq` the rows' order, `strict` later times only.
  public enum Ties: String, Hashable, Sendable { case any, seq, strict }
  /// The longest match over all entries, or the match from the first entry.
  public enum Entry: String, Hashable, Sendable { case best, first }
  /// The row at which breakdown values are read.
  public enum Breakdown: Hashable, Sendable {
    case first, last
    /// The row of the step at this position; entities that do not reach it are left out.
    case step(Int)
  }
  /// Whether steps come one after another, or in whatever order gets furthest.
  public enum Order: Hashable, Sendable { case given, any }
  /// What is counted: entities by their longest match, or every attempt.
  public enum Counting: Hashable, Sendable { case entities, attempts }

  /// How many steps, and how many exclusions, a funnel may have.
  public static let limit = 64

  /// A log.
  public let input: Plan
  /// From one to `limit`.
  public let steps: [Step]
  /// In microseconds.
  public let within: Int64?
  /// Who wins where times are equal.
  public let ties: Ties
  /// Where a match may start.
  public let entry: Entry
  /// They limit how far a match gets, and drop no entity.
  public let exclusions: [Exclusion]
  /// Columns that have one and the same value, not null, on all rows of a match.
  public let same: [Expr]
  /// In the order of the steps unless said otherwise; in any order no step is immediate, and exclusions hold for the
  /// whole match.
  public let order: Order
  /// What the numbers of the result are numbers of.
  public let counting: Counting
  /// The breakdown: one funnel for each combination of values; empty for one funnel.
  public let groups: [NamedExpr]
  /// Which row's values decide the group; without groups it does not matter.
  public let breakdown: Breakdown

  /// Without options: order as given, any order at equal times, no window, each entity once.
  public init(
    input: Plan, steps: [Step], within: Int64?, ties: Ties = .any, entry: Entry = .best,
    exclusions: [Exclusion] = [], same: [Expr] = [], order: Order = .given, counting: Counting = .entities,
    groups: [NamedExpr] = [], breakdown: Breakdown = .first
  ) {
    self.input = input
    self.steps = steps
    self.within = within
    self.ties = ties
    self.entry = entry
    self.exclusions = exclusions
    self.same = same
    self.order = order
    self.counting = counting
    self.groups = groups
    self.breakdown = breakdown
  }

  /// What the rows of the result are called: by the step that is reached, or by how many are, where it may be any.
  public var rowNames: [String] {
    switch order {
    case .given: steps.map(\.name)
    case .any: steps.indices.map { $0 == 0 ? "1 step" : "\($0 + 1) steps" }
    }
  }
}

/// Who comes back, by cohort and period.
public struct RetentionPlan: Hashable, Sendable {
  /// How long a period is; calendar units follow the time zone.
  public enum Unit: String, Hashable, Sendable { case hour, day, week, month, quarter, year }
  /// Local calendar periods, or whole spans from the start.
  public enum Mode: String, Hashable, Sendable { case calendar, rolling }
  /// Whether a return counts in the period it lies in alone, or in every period up to it.
  public enum Criterion: Hashable, Sendable { case on, onOrAfter }
  /// Which start makes an entity a member: its first in all history, its first in the range, or each one.
  public enum Cohort: Hashable, Sendable { case firstEver, firstInRange, recurring }

  /// A log.
  public let input: Plan
  /// Which rows start a membership.
  public let start: Expr
  /// Which rows are a return; a row is never its own return.
  public let comeback: Expr
  /// The length of a period, and of what cohorts are cut into.
  public let unit: Unit
  /// The last period; periods count from 0.
  public let periods: Int64
  /// How periods are cut.
  public let mode: Mode
  /// In which periods a return counts.
  public let criterion: Criterion
  /// Who belongs to a cohort.
  public let cohort: Cohort
  /// Which rows lie in the range that is looked at; `firstEver` reads the others too, to know what was the first.
  public let range: Expr?
  /// The breakdown, read at the start; empty for none.
  public let groups: [NamedExpr]

  /// Without options: calendar periods, returns within the period, members by their first start in all
  /// history.
  public init(
    input: Plan, start: Expr, comeback: Expr, unit: Unit, periods: Int64, mode: Mode = .calendar,
    criterion: Criterion = .on, cohort: Cohort = .firstEver, range: Expr? = nil, groups: [NamedExpr] = []
  ) {
    self.input = input
    self.start = start
    self.comeback = comeback
    self.unit = unit
    self.periods = periods
    self.mode = mode
    self.criterion = criterion
    self.cohort = cohort
    self.range = range
    self.groups = groups
  }
}

/// Splits each entity's rows into sessions: a new one when the gap is greater than the limit, the key changes, the
/// session would be longer than the maximum, or a local day begins.
public struct SessionsPlan: Hashable, Sendable {
  /// Whether a session ends with the local day.
  public enum Split: Hashable, Sendable { case none, daily }

  /// A log.
  public let input: Plan
  /// In microseconds.
  public let gap: Int64
  /// The longest that a session may last, in microseconds; nothing for no limit.
  public let maximum: Int64?
  /// Follows the time zone of the run.
  public let split: Split
  /// A change of this value starts a session; null is a value like others.
  public let key: Expr?

  /// Without options only the gap separates sessions.
  public init(input: Plan, gap: Int64, maximum: Int64? = nil, split: Split = .none, key: Expr? = nil) {
    self.input = input
    self.gap = gap
    self.maximum = maximum
    self.split = split
    self.key = key
  }
}
