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

  /// What other tools call a word of this language that stands in its place alone.
  static let foreignWords = [
    "ascending": "asc", "decay": "time decay", "descending": "desc", "even": "linear", "first_touch": "first",
    "last_click": "last", "last_touch": "last", "position_based": "position", "time_decay": "time decay",
    "u_shaped": "position", "ushaped": "position",
  ]

  /// Words with a meaning in their place alone, names everywhere else; beside them are those of clauses.
  private static let contextual: Set<String> = [
    "all", "any", "asc", "cast", "date", "decay", "desc", "except", "filter", "first", "half", "immediately",
    "interval", "last", "later", "life", "lifetime", "linear", "nulls", "otherwise", "outer", "over",
    "participation", "position", "prior", "seq", "strict", "time", "timestamp", "try_cast",
  ]

  /// Every single word with a meaning, in alphabetical order, for highlighting.
  public static let all: [String] = reserved.union(contextual)
    .union((operators + Clauses.all.flatMap(\.phrases)).flatMap { $0.split(separator: " ").map(String.init) })
    .sorted()
}
