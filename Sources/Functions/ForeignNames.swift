/// What other languages and tools call what is written otherwise here, for those who look for it by that name.
public enum ForeignNames {
  /// What to write for a function, a constant or an aggregate of another language; nothing for other names.
  public static func remedy(for name: String) -> String? {
    let folded = name.lowercased()
    if let form = forms[folded] { return "write '\(form)'" }
    if clocks.contains(folded) {
      return "a document cannot see the clock: give the day as a parameter, or take the log's last, 'max(ts)'"
    }
    if chances.contains(folded) { return "a document leaves nothing to chance: it gives the same each time" }
    return nil
  }

  /// The function of the catalogue that does what a name means elsewhere.
  public static func function(for name: String) -> String? {
    forms[name.lowercased()].map { String($0.prefix { $0 != "(" && $0 != " " }) }
  }

  /// All names that mean a function of the catalogue elsewhere, in alphabetical order.
  public static let all: [String] = forms.keys.sorted()

  private static let clocks: Set = [
    "current_date", "current_time", "current_timestamp", "curdate", "getdate", "localtime", "localtimestamp",
    "now",
    "sysdate", "today", "utcnow",
  ]

  private static let chances: Set = ["gen_random_uuid", "newid", "rand", "random", "uuid"]

  private static let forms = [
    "any_value": "first(x)", "approx_count_distinct": "count(distinct x)",
    "approx_percentile": "quantile(x, 0.9)",
    "argmax": "arg_max(x, y)", "argmin": "arg_min(x, y)", "array_agg": "string_agg(x, ', ')",
    "average": "avg(x)", "bool_and": "every(x)", "bool_or": "any(x)", "ceiling": "ceil(x)",
    "char_length": "length(x)", "count_distinct": "count(distinct x)", "countif": "count_if(condition)",
    "date_format": "format_date(x, 'd MMM yyyy')",
    "date_part": "year(x)", "dateadd": "date_add('day', 7, x)", "datediff": "date_diff('day', from, to)",
    "datetrunc": "date_trunc('week', x)", "dayofweek": "day_of_week(x)", "dayofyear": "day_of_year(x)",
    "endswith": "ends_with(x, 'text')", "first_value": "first(x)", "group_concat": "string_agg(x, ', ')",
    "iff": "if(condition, x, y)", "iif": "if(condition, x, y)",
    "is_null": "is null", "isnull": "coalesce(x, y)", "last_value": "last(x)", "lcase": "lower(x)",
    "len": "length(x)", "listagg": "string_agg(x, ', ')", "max_by": "arg_max(x, y)",
    "mean": "avg(x)", "min_by": "arg_min(x, y)", "nunique": "count(distinct x)", "nvl": "coalesce(x, y)",
    "p10": "quantile(x, 0.1)", "p25": "quantile(x, 0.25)", "p50": "median(x)", "p75": "quantile(x, 0.75)",
    "p90": "quantile(x, 0.9)", "p95": "quantile(x, 0.95)", "p99": "quantile(x, 0.99)",
    "percentile": "quantile(x, 0.9)", "percentile_cont": "quantile(x, 0.9)",
    "percentile_disc": "quantile(x, 0.9)", "pow": "power(x, y)", "quantile_cont": "quantile(x, 0.9)",
    "regexp_like": "regexp_matches(x, 'pattern')", "regexp_substr": "regexp_extract(x, 'pattern')",
    "sd": "stddev(x)", "startswith": "starts_with(x, 'text')", "std": "stddev(x)", "stdev": "stddev(x)",
    "strftime": "format_date(x, 'd MMM yyyy')", "string_length": "length(x)",
    "sumif": "sum(x) filter (where condition)", "timestamp_diff": "date_diff('hour', from, to)",
    "timestamp_trunc": "date_trunc('hour', x)", "to_char": "format_date(x, 'd MMM yyyy')",
    "to_date": "date(x)", "to_number": "double(x)", "to_timestamp": "timestamp(x)", "truncate": "trunc(x)",
    "ucase": "upper(x)", "uniq": "count(distinct x)", "unix_timestamp": "epoch(x)", "var": "variance(x)",
    "weekday": "day_of_week(x)", "weekofyear": "week_of_year(x)",
  ]
}
