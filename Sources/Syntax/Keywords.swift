/// The words that the language gives a meaning to, all in lower case; in a document their case does not
/// matter.
public enum Keywords {
  /// Words that are names only in quotes.
  public static let reserved: Set<String> = [
    "and", "as", "between", "by", "case", "distinct", "else", "end", "false", "from", "in", "is", "let",
    "like",
    "not", "null", "or", "select", "then", "true", "when", "where",
  ]

  /// The operators of queries, as they are written after `|>`.
  public static let operators = [
    "activity", "aggregate", "anti join", "attribute", "cross join", "distinct", "drop", "extend", "from",
    "full join", "funnel", "inner join", "join", "left join", "lifecycle", "limit", "order by", "paths",
    "pivot",
    "rename", "retention", "right join", "select", "semi join", "sessions", "set", "union", "where",
  ]

  /// What other languages call an operator of this one.
  static let foreignOperators = [
    "arrange": "order by", "churn": "lifecycle", "cohort": "retention", "cohorts": "retention",
    "stickiness": "activity", "sessionize": "sessions", "assign": "set", "filter": "where", "having": "where",
    "head": "limit",
    "mutate": "extend", "orderby": "order by", "project": "select", "qualify": "where", "sort": "order by",
    "summarise": "aggregate", "summarize": "aggregate", "take": "limit", "transform": "extend",
    "with": "extend",
  ]

  /// Words with a meaning in their place alone, names everywhere else.
  private static let contextual: Set<String> = [
    "all", "any", "asc", "at", "attempt", "calendar", "cast", "collapse", "credit", "daily", "date", "decay",
    "depth", "desc", "each", "entry", "ever", "except", "excluding", "filter", "first", "for", "gap", "group",
    "half", "hide", "immediately", "interval", "keep", "key", "last", "later", "life", "lifetime", "linear",
    "max",
    "nulls", "offset", "on", "order", "otherwise", "outer", "over", "participation", "per", "position",
    "prior",
    "range", "recurring", "repeats", "return", "rolling", "same", "seq", "session", "split", "start",
    "strict",
    "ties", "time", "timestamp", "to", "try_cast", "using", "value", "within",
  ]

  /// Every single word with a meaning, in alphabetical order, for highlighting.
  public static let all: [String] = reserved.union(contextual)
    .union(operators.flatMap { $0.split(separator: " ").map(String.init) }).sorted()
}
