import Values

/// A checked expression of the document itself: over its names, their tables, columns and members.
public indirect enum Term: Hashable, Sendable {
  /// An expression whose columns are the values of the terms, row by row; a plain value holds for all rows.
  case expression(Expr, [Term], Display)
  /// What a name is bound to; a name of an imported document is `alias.name`.
  case name(String)
  /// The column at a position of a table.
  case column(Term, Int)
  /// The rows of a table for which the condition over its columns is true.
  case rows(Term, Expr)
  /// The member at a position of a record.
  case member(Term, Int)
  /// How many rows a table has.
  case count(Term)
  /// An aggregate whose arguments' columns are the values of the terms.
  case aggregate(AggregateCall, [Term])
  /// A function of the catalogue that gives a record.
  case record(String, [Term])
  case figure(FigureTerm)
}

/// A checked figure.
public indirect enum FigureTerm: Hashable, Sendable {
  case layer(LayerTerm)
  /// Figures over each other.
  case sum(FigureTerm, FigureTerm)
  /// The figure that a table comes with, by its kind: a funnel, a retention.
  case plot(Term, Table.Kind)
  /// A name that is bound to a figure.
  case name(String)
  case titled(FigureTerm, FigureTitles)
}

/// The texts around a figure; each a plain text.
public struct FigureTitles: Hashable, Sendable {
  /// Above the figure.
  public var title: Term?
  /// In smaller type below the title.
  public var subtitle: Term?
  /// Along the horizontal axis, in place of the channel's name.
  public var xLabel: Term?
  /// Along the vertical axis, in place of the channel's name.
  public var yLabel: Term?

  /// No texts: axes are labelled with their channels' names.
  public init() {}

  /// Whether none of the texts is given.
  public var isEmpty: Bool { title == nil && subtitle == nil && xLabel == nil && yLabel == nil }
}

/// One layer: a mark and its channels. Channels are expressions over the table's columns, or over the document's names
/// where there is no table.
public struct LayerTerm: Hashable, Sendable {
  /// The visual properties that an expression can be drawn as.
  public enum Channel: String, Hashable, Sendable, CaseIterable { case x, y, low, high, color, label }

  /// One channel with the expression that it shows.
  public struct Encoding: Hashable, Sendable {
    /// The property; each occurs once in a layer.
    public let channel: Channel
    /// The label of its axis or legend.
    public let name: String
    /// How the values are written at ticks and in legends.
    public let display: Display
    /// Over the table's columns; over `leaves` when there is no table.
    public let expression: Expr
    /// What the expression's columns are when there is no table.
    public let leaves: [Term]
  }

  /// What is drawn for each row.
  public let mark: Layer.Mark
  /// The rows; a rule may do without.
  public let table: Term?
  /// In the order they are written in.
  public let encodings: [Encoding]
  /// Whether bars of several colours stand on top of each other.
  public let isStacked: Bool
  /// How many bins a histogram has, 1 to 1000; nothing for as many as the data suggest.
  public let bins: Int?
}

/// A term that an expression of the document is made of, and what it is.
struct Leaf: Hashable {
  let term: Term
  let type: ScalarType
  let display: Display
  let isColumn: Bool
}
