import Diagnostics

/// A pipe query: `from …`, then steps from top to bottom.
public struct Query: Hashable, Sendable {
  /// In the order of the pipe; the first one is `from` unless it could not be parsed.
  public let steps: [Step]
  /// From the first word to the last step's end.
  public let range: SourceRange

  /// A query from its steps.
  public init(steps: [Step], range: SourceRange) {
    self.steps = steps
    self.range = range
  }

  /// One step; the range is that of its operator's words.
  public struct Step: Hashable, Sendable {
    /// The operator with its operands.
    public let kind: Kind
    /// Where a diagnostic about the step as a whole points.
    public let range: SourceRange

    /// An operator at a place.
    public init(_ kind: Kind, _ range: SourceRange) {
      self.kind = kind
      self.range = range
    }
  }

  /// The pipe operators, each with what was written after its words.
  public indirect enum Kind: Hashable, Sendable {
    /// What could not be parsed; the rest of the query is still read.
    case error
    case from(RelationName)
    case filter(Expression)
    case extend([NamedExpression])
    case select([SelectItem], isDistinct: Bool)
    case set([Assignment])
    case drop([Identifier])
    case rename([Renaming])
    case activity(ActivitySyntax)
    case aggregate([NamedExpression], by: [NamedExpression])
    case attribute(AttributionSyntax)
    case order([SortKey])
    case limit(Int64, offset: Int64)
    case distinct
    case join(Join)
    case union([RelationName], isDistinct: Bool)
    case pivot(Pivot)
    case funnel(FunnelSyntax)
    case lifecycle(LifecycleSyntax)
    case retention(RetentionSyntax)
    case sessions(SessionsSyntax)
    case paths(PathsSyntax)
  }

  /// `events`, `eligible`, `sizing.eligible`.
  public struct RelationName: Hashable, Sendable {
    /// The imported document that the relation is of; nothing for this document's own.
    public let alias: Identifier?
    /// A query, a data block, a dimension or `events`.
    public let name: Identifier
    /// Another name that 'from' was given for the table, which was reported; columns may stand behind it.
    public var refusedName: Identifier?

    /// A name of this document unless an alias stands before it.
    public init(alias: Identifier? = nil, name: Identifier) {
      self.alias = alias
      self.name = name
    }

    /// From the alias, where there is one, to the name's end.
    public var range: SourceRange { alias.map { $0.range.joined(with: name.range) } ?? name.range }
  }

  /// An expression with `as name`, where one was given.
  public struct NamedExpression: Hashable, Sendable {
    /// What is computed.
    public let expression: Expression
    /// What stands after `as`; nothing where the name follows from the expression.
    public let name: Identifier?

    /// An expression with the name that was given, if any.
    public init(_ expression: Expression, as name: Identifier?) {
      self.expression = expression
      self.name = name
    }
  }

  /// One item between the commas of `select`.
  public enum SelectItem: Hashable, Sendable {
    /// `*`, with the columns of `except (…)` left out.
    case all(except: [Identifier], SourceRange)
    case expression(NamedExpression)
  }

  /// `name = expression`.
  public struct Assignment: Hashable, Sendable {
    /// A column that the input has.
    public let name: Identifier
    /// Over the input's columns; it sees the old value.
    public let value: Expression

    /// A column and its new value.
    public init(name: Identifier, value: Expression) {
      self.name = name
      self.value = value
    }
  }

  /// `old as new`.
  public struct Renaming: Hashable, Sendable {
    /// A column that the input has.
    public let old: Identifier
    /// What it is called from here on.
    public let new: Identifier

    /// A column and its new name.
    public init(old: Identifier, new: Identifier) {
      self.old = old
      self.new = new
    }
  }

  /// One item between the commas of `order by`.
  public struct SortKey: Hashable, Sendable {
    /// Over the input's columns.
    public let expression: Expression
    /// Whether `desc` was written.
    public let isDescending: Bool
    /// `nulls first` or `nulls last`; nothing when not said, then nulls are last.
    public let nullsFirst: Bool?

    /// A key with what was written after it.
    public init(_ expression: Expression, isDescending: Bool, nullsFirst: Bool?) {
      self.expression = expression
      self.isDescending = isDescending
      self.nullsFirst = nullsFirst
    }
  }

  /// `join events using (id)`, `left join users as u on u.id = user_id`.
  public struct Join: Hashable, Sendable {
    /// The word before `join`; a bare `join` is inner.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
      case inner, left, right, full, cross, semi, anti
    }
    /// How it is said which rows belong together.
    public enum Condition: Hashable, Sendable {
      case none
      case on(Expression)
      case using([Identifier])
    }

    /// Which rows are kept.
    public let kind: Kind
    /// What is joined to the rows so far.
    public let relation: RelationName
    /// `as name`, to tell columns of equal names apart: `name.column`.
    public let alias: Identifier?
    /// A cross join has none, and every other join has one.
    public let condition: Condition

    /// A join as it was written.
    public init(kind: Kind, relation: RelationName, alias: Identifier?, condition: Condition) {
      self.kind = kind
      self.relation = relation
      self.alias = alias
      self.condition = condition
    }
  }

  /// `pivot (sum(x) as total for country in ('US' as us, 'DE'))`.
  public struct Pivot: Hashable, Sendable {
    /// What is computed for each value.
    public let aggregates: [NamedExpression]
    /// The column whose values become columns.
    public let column: Identifier
    /// Constants, each with the name of its column where one was given.
    public let values: [NamedExpression]

    /// A pivot as it was written.
    public init(aggregates: [NamedExpression], column: Identifier, values: [NamedExpression]) {
      self.aggregates = aggregates
      self.column = column
      self.values = values
    }
  }

  /// `funnel … as …, … as … within 7 days` with its options.
  public struct FunnelSyntax: Hashable, Sendable {
    /// One condition of the sequence.
    public struct Step: Hashable, Sendable {
      /// Over the rows of the log.
      public let condition: Expression
      /// What stands after `as`; nothing where the name follows from the condition.
      public let name: Identifier?
      /// `immediately` before the condition: no other row lies strictly between in time.
      public let isImmediate: Bool

      /// A step as it was written.
      public init(condition: Expression, name: Identifier?, isImmediate: Bool) {
        self.condition = condition
        self.name = name
        self.isImmediate = isImmediate
      }
    }
    /// `excluding COND [between a and b]`; the words are names of steps.
    public struct Exclusion: Hashable, Sendable {
      /// Over the rows of the log.
      public let condition: Expression
      /// The earlier step's name; nothing means the first step.
      public let after: Identifier?
      /// The later step's name; nothing means the last step.
      public let before: Identifier?

      /// An exclusion as it was written.
      public init(condition: Expression, after: Identifier?, before: Identifier?) {
        self.condition = condition
        self.after = after
        self.before = before
      }
    }
    /// The word after `ties`: whether rows of equal times may fill steps in any order, in the log's order, or
    /// not at all.
    public enum Ties: String, Hashable, Sendable, CaseIterable { case any, seq, strict }
    /// The word after `entry`: whether a match may start at any entry, or at the first one alone.
    public enum Entry: String, Hashable, Sendable, CaseIterable { case best, first }
    /// Where the values of `group by` are read: `at first`, `at last` (step reached), `at NAME` of a step.
    public enum Breakdown: Hashable, Sendable {
      case first, last
      case step(Identifier)
    }

    /// At least one, in order.
    public var steps: [Step]
    /// A duration, or the name of one; nothing when not said.
    public var within: Expression?
    /// What rows of equal times may do for each other.
    public var ties: Ties = .any
    /// Where a match may start.
    public var entry: Entry = .best
    /// In the order they are written in.
    public var exclusions: [Exclusion] = []
    /// Properties whose values all rows of a match share.
    public var same: [Identifier] = []
    /// Whether `any order` was written.
    public var isAnyOrder = false
    /// Whether `each attempt` was written: attempts are counted, and not entities.
    public var isEachAttempt = false
    /// What stands after `group by`; empty without it.
    public var groups: [NamedExpression] = []
    /// At the first step unless said otherwise.
    public var breakdown: Breakdown = .first

    /// A funnel without options.
    public init(steps: [Step]) { self.steps = steps }
  }

  /// `retention start …, return … each week for 8` with its options.
  public struct RetentionSyntax: Hashable, Sendable {
    /// The word after `each`.
    public enum Unit: String, Hashable, Sendable, CaseIterable { case hour, day, week, month, quarter, year }
    /// Whether periods are the calendar's, or whole spans from each start.
    public enum Mode: String, Hashable, Sendable, CaseIterable { case calendar, rolling }
    /// `on` counts a return in its own period, `on or after` in all periods up to it.
    public enum Criterion: Hashable, Sendable { case on, onOrAfter }
    /// `first ever`, `first in range` and `recurring`: which starts make a member.
    public enum Cohort: Hashable, Sendable { case firstEver, firstInRange, recurring }

    /// What makes a member.
    public var start: Expression
    /// What stands after `return`.
    public var comeback: Expression
    /// How long a period is.
    public var unit: Unit
    /// The number after `for`: the last period, counting from 0.
    public var periods: Int64
    /// Calendar periods unless said otherwise.
    public var mode: Mode = .calendar
    /// In its own period unless said otherwise.
    public var criterion: Criterion = .on
    /// The first start in all history unless said otherwise.
    public var cohort: Cohort = .firstEver
    /// What stands after `group by`; empty without it.
    public var groups: [NamedExpression] = []

    /// A retention without options.
    public init(start: Expression, comeback: Expression, unit: Unit, periods: Int64) {
      self.start = start
      self.comeback = comeback
      self.unit = unit
      self.periods = periods
    }
  }

  /// `sessions gap 30 minutes` with its options.
  public struct SessionsSyntax: Hashable, Sendable {
    /// A duration, or the name of one.
    public var gap: Expression
    /// `max …`, as `gap`; nothing when not said.
    public var maximum: Expression?
    /// `split daily`: also cut at local midnight.
    public var isSplitDaily = false
    /// `key property`: also cut where this value changes.
    public var key: Identifier?

    /// Sessions that only a gap separates.
    public init(gap: Expression) { self.gap = gap }
  }

  /// `paths from …, depth 5` with its options.
  public struct PathsSyntax: Hashable, Sendable {
    /// `from` and a condition, `to` and a condition, or neither.
    public enum Anchor: Hashable, Sendable {
      case beginning
      case from(Expression)
      case to(Expression)
    }
    /// `collapse repeats` or `keep repeats`.
    public enum Repeats: Hashable, Sendable { case collapsed, kept }

    /// Where paths begin or end.
    public var anchor: Anchor
    /// How many events of a path are looked at, from 1.
    public var depth: Int64
    /// `per session`: a path for each session, and not for each entity.
    public var isPerSession = false
    /// Collapsed unless said otherwise.
    public var repeats: Repeats = .collapsed
    /// What stands after `hide`: rows that paths are made without.
    public var hidden: Expression?

    /// Paths without options.
    public init(anchor: Anchor, depth: Int64) {
      self.anchor = anchor
      self.depth = depth
    }
  }
}
