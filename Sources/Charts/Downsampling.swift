/// Leaves out points of a line that nobody could see.
enum Downsampling {
  /// The first, the lowest, the highest and the last point of each unit of the view box. Points are in order
  /// of x.
  static func keepingExtremes(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    guard points.count > 1000 else { return points }
    var kept: [(x: Double, y: Double)] = []
    var start = 0
    while start < points.count {
      let column = points[start].x.rounded(.down)
      var end = start
      var lowest = start
      var highest = start
      while end < points.count, points[end].x.rounded(.down) == column {
        if points[end].y < points[lowest].y { lowest = end }
        if points[end].y > points[highest].y { highest = end }
        end += 1
      }
      var last = -1
      for index in [start, lowest, highest, end - 1].sorted() where index != last {
        kept.append(points[index])
        last = index
      }
      start = end
    }
    return kept
  }
}
