/// Sentences about series of values, for those who do not see the chart.
enum Summary {
  typealias Datum = (place: Double, value: Double)

  /// What some series show: range, peak and, along time or numbers, the last value; one sentence each for a
  /// few.
  static func sentences(_ kind: String, _ groups: [(series: Int, data: [Datum])], of plot: Plot) -> [String] {
    let all = groups.flatMap(\.data)
    let places = Span(all.map(\.place))
    guard !places.isEmpty else { return [] }
    var opening = kind + heading(plot)
    if plot.place.isCategory {
      let count = Set(all.map(\.place)).count
      opening += ", \(count) \(count == 1 ? "category" : "categories")"
    } else if places.low < places.high {
      opening += ", from \(plot.place.text(places.low)) to \(plot.place.text(places.high))"
    }
    if groups.count > 6 {
      return ["\(opening), \(groups.count) series.", sentence("All", all, of: plot)]
    }
    return [opening + "."]
      + groups.map { group in
        let name = plot.series[group.series].name
        return sentence(name.isEmpty ? plot.valueTitle : name, group.data, of: plot)
      }
  }

  /// What is shown by what, such as ` of users by week`.
  static func heading(_ plot: Plot) -> String {
    let value = plot.valueTitle.isEmpty ? "" : " of \(plot.valueTitle)"
    return plot.placeTitle.isEmpty ? value : value + " by \(plot.placeTitle)"
  }

  private static func sentence(_ name: String, _ data: [Datum], of plot: Plot) -> String {
    guard let lowest = data.min(by: { $0.value < $1.value }),
      let highest = data.max(by: { $0.value < $1.value }),
      let last = data.max(by: { $0.place < $1.place })
    else { return "\(name): no values." }
    func text(_ datum: Datum) -> String {
      "\(plot.value.text(datum.value)) (\(plot.place.text(datum.place)))"
    }
    if data.count == 1 { return "\(name): \(text(last))." }
    let range = "\(name): lowest \(text(lowest)), highest \(text(highest))"
    return plot.place.isCategory ? range + "." : "\(range), last \(plot.value.text(last.value))."
  }
}

extension LayerRows {
  /// The rows that have a place and a value, for each colour that has any.
  var data: [(series: Int, data: [Summary.Datum])] {
    groups.compactMap { group in
      let data = group.rows.compactMap { row -> Summary.Datum? in
        place[row].isFinite && value[row].isFinite ? (place[row], value[row]) : nil
      }
      return data.isEmpty ? nil : (group.series, data)
    }
  }

  /// The rows of each colour in order of their places, rows without a place left out.
  var groups: [(series: Int, rows: [Int])] {
    var rowsOf: [Int: [Int]] = [:]
    for row in 0..<count where place[row].isFinite { rowsOf[series[row], default: []].append(row) }
    return rowsOf.keys.sorted().map { key in
      let rows = rowsOf[key] ?? []
      return (key, rows.sorted { (place[$0], $0) < (place[$1], $1) })
    }
  }
}
