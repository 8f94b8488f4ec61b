import Values

/// The distinct names on a categorical axis or of a colour, in order.
struct CategoryList {
  private(set) var names: [String] = []
  private var indices: [String: Int] = [:]

  /// The values of some channels.
  ///
  /// - Parameter isOrdered: whether they are in the order of the values, instead of the order of appearance.
  init(_ channels: [Layer.Channel], isOrdered: Bool, rules: TimeZoneRules) {
    var keys: [Double] = []
    for channel in channels {
      for row in 0..<channel.column.count {
        let name = channel.text(at: row, rules) ?? ChartText.missing
        if indices[name] != nil { continue }
        indices[name] = names.count
        names.append(name)
        let key = channel.number(at: row)
        keys.append(key.isFinite ? key : .infinity)
      }
    }
    guard isOrdered else { return }
    let order = names.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
    keep(order)
  }

  /// The position of a name.
  func index(of name: String) -> Int? { indices[name] }

  /// Leaves only the names at the given positions, in that order.
  mutating func keep(_ order: [Int]) { set(order.map { names[$0] }) }

  /// Where all names have several parts and those that begin alike stand together, puts a name of that beginning before
  /// them. Returns where these stand.
  mutating func addHeadings() -> Set<Int> {
    let groups = names.map { $0.ranges(of: ChartText.joint).last.map { joint in joint.lowerBound } }
    var listed: [String] = []
    var headings: [String: Int] = [:]
    var last: String?
    for (name, end) in zip(names, groups) {
      guard let end else { return [] }
      let group = String(name[..<end])
      if group != last {
        if headings.updateValue(listed.count, forKey: group) != nil { return [] }
        listed.append(group)
      }
      listed.append(name)
      last = group
    }
    guard headings.count < names.count else { return [] }
    set(listed)
    return Set(headings.values)
  }

  private mutating func set(_ names: [String]) {
    self.names = names
    indices = [:]
    for (index, name) in names.enumerated() { indices[name] = index }
  }
}
