/// Where marks of several colours stand beside each other at one place.
struct Dodge {
  private let slots: [Int]
  /// How much of the distance between two places the marks take together.
  private let breadth = 0.76

  /// The colours that stand side by side: those of all bars that are not stacked, and of points and intervals
  /// at names. When no place has two of them, there is nothing to set apart.
  init(_ rows: [LayerRows], isCategorical: Bool) {
    var used: [Double: Set<Int>] = [:]
    for layer in rows {
      switch layer.layer.mark {
      case .bar where !layer.layer.isStacked, .funnel: break
      case .point where isCategorical, .interval where isCategorical: break
      default: continue
      }
      for (place, series) in zip(layer.place, layer.series) where place.isFinite {
        used[place, default: []].insert(series)
      }
    }
    let isCrowded = used.values.contains { $0.count > 1 }
    slots = isCrowded ? used.values.reduce(into: Set<Int>()) { $0.formUnion($1) }.sorted() : []
  }

  var count: Int { max(1, slots.count) }

  /// The width of one mark, as a share of the distance between places.
  var width: Double { breadth / Double(count) }

  /// How far the middle of a mark is from its place, as a share of the distance between places.
  func offset(_ series: Int) -> Double {
    guard let slot = slots.firstIndex(of: series) else { return 0 }
    return (Double(slot) + 0.5) * width - breadth / 2
  }
}
