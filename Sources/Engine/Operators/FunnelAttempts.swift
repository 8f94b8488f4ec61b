/// One attempt at a funnel: from a row of the first step on, until it converts, an exclusion leaves nothing
/// to go on from, or its window ends.
struct FunnelAttempt: Equatable {
  enum Exit: Equatable {
    case converted, excluded, timedOut
    /// Its window had not ended when the data ends.
    case open
  }

  var match: FunnelMatch
  var exit: Exit
}

extension FunnelMatcher {
  /// The attempts of an entity, one after another; with a shared value, one after another for each value.
  ///
  /// An attempt begins at the first row of the first step behind the attempt before. It is the match from
  /// there, and rows up to its end belong to no other, but for what follows a completed match. Where a match
  /// from the best entry is asked for, and an attempt does not convert, a later entry that gets further
  /// counts: in its place, or as the next attempt when an exclusion has ended this one. Rows of completed
  /// matches lose their steps.
  ///
  /// - Parameter watermark: the time up to which there is data.
  mutating func attempts(_ list: inout FunnelRows, _ entity: Range<Int>, watermark: Int64) -> [FunnelAttempt]
  {
    guard list.values.isEmpty else {
      return parts(list, entity).flatMap { part in
        var part = part
        return attempts(ofPart: &part, 0..<part.count, watermark: watermark)
      }
    }
    return attempts(ofPart: &list, entity, watermark: watermark)
  }

  private mutating func attempts(
    ofPart list: inout FunnelRows, _ range: Range<Int>, watermark: Int64
  ) -> [FunnelAttempt] {
    look(at: list, range)
    var reserve = FunnelReserve()
    // The rows' order cannot be told by the first of them.
    if rules.ties == .seq || !FunnelReserve.isNeeded(list, range) {
      return attempts(inOne: &list, range, &reserve, watermark: watermark)
    }
    var short = reserve.shortened(list, range, keeping: rules.stepCount)
    return attempts(inOne: &short, 0..<short.count, &reserve, watermark: watermark)
  }

  private mutating func attempts(
    inOne list: inout FunnelRows, _ entity: Range<Int>, _ reserve: inout FunnelReserve, watermark: Int64
  ) -> [FunnelAttempt] {
    var attempts: [FunnelAttempt] = []
    var from = entity.lowerBound
    var entry = self.entry(list, entity)
    while let place = entry {
      var match = FunnelMatch()
      let time = list.times[place]
      let ending = run(list, place..<entity.upperBound, entries: time...time, into: &match)
      if ending == .converted {
        if startsAnywhere, let last = match.times.last {
          match = FunnelMatch()
          _ = run(list, place..<entity.upperBound, entries: time...last, into: &match)
        }
        attempts.append(FunnelAttempt(match: match, exit: .converted))
        from = consume(&list, &reserve, place)
        entry = self.entry(list, from..<entity.upperBound)
        continue
      }
      let end: Int64
      let exit: FunnelAttempt.Exit
      if case .excluded(let time) = ending {
        (end, exit) = (time, .excluded)
      } else {
        end = rules.end(from: time) ?? .max
        exit = end >= watermark ? .open : .timedOut
      }
      let further = furtherEntry(list, place..<entity.upperBound, after: time, upTo: end, than: match.level)
      if further == nil || exit == .excluded { attempts.append(FunnelAttempt(match: match, exit: exit)) }
      if let further {
        entry = further
      } else {
        while from < entity.upperBound, list.times[from] <= end { from += 1 }
        entry = self.entry(list, from..<entity.upperBound)
      }
    }
    return attempts
  }

  /// Whether an attempt's match may start at a later entry than its first.
  private var startsAnywhere: Bool { rules.entry == .best && rules.order == .given }

  /// The place of an entry within some times from which the longest match is longer than another.
  private mutating func furtherEntry(
    _ list: borrowing FunnelRows, _ range: Range<Int>, after time: Int64, upTo end: Int64, than level: Int
  ) -> Int? {
    guard startsAnywhere, time < end, !isLongest(level) else { return nil }
    var match = FunnelMatch()
    _ = run(list, range, entries: (time + 1)...end, into: &match)
    guard match.level > level, let first = places.first else { return nil }
    return list.firstOfGroup(first, range.lowerBound)
  }

  /// Takes the steps from the rows of the match that was just found; gives the place behind them.
  private func consume(_ list: inout FunnelRows, _ reserve: inout FunnelReserve, _ first: Int) -> Int {
    for place in places {
      if let next = reserve.next(at: place) { list.rows[place] = next } else { list.steps[place] = 0 }
    }
    guard let last = places.last else { return first }
    return rules.ties == .seq ? last + 1 : list.firstOfGroup(last, first)
  }
}
