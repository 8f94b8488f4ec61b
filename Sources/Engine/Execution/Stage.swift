import Planning
import Values

/// A step of a run that ends in a table: what needs all rows of its input before it can give the first.
struct Stage {
  enum Work {
    /// Rows of a source through a pipeline into a sink. `stream` is the plan of the rows, `source` the part
    /// of it that is the source.
    case scan(stream: Plan, source: Source, SinkSpec)
    /// A table that was given.
    case relation(String, Schema)
    /// The rows in order, all or some of the first.
    case sort(input: Int, [SortPlan], RowLimit?)
    case union(inputs: [Int], Schema)
    /// A join that also keeps right rows without a partner.
    case outerJoin(JoinPlan, left: Int, right: Int)
  }

  /// What a pipeline reads.
  enum Source {
    case log(String, Plan)
    case relation(String, Plan)
    case stage(Int, Plan)

    /// What stands for the source within a plan.
    var plan: Plan {
      switch self {
      case .log(_, let plan), .relation(_, let plan), .stage(_, let plan): plan
      }
    }
  }

  let work: Work
  /// Stages whose tables are the right sides of joins within the stream.
  let rightSides: [JoinPlan: Int]
  /// What is read of its table.
  fileprivate(set) var demand = Demand.nothing

  /// The stages whose tables are needed first.
  var dependencies: [Int] {
    switch work {
    case .scan(_, let source, _):
      if case .stage(let stage, _) = source { [stage] + rightSides.values } else { Array(rightSides.values) }
    case .relation: []
    case .sort(let input, _, _): [input]
    case .union(let inputs, _): inputs
    case .outerJoin(_, let left, let right): [left, right]
    }
  }
}

/// Plans cut into stages; equal parts of plans are one stage.
struct StageGraph {
  private(set) var stages: [Stage] = []
  private var known: [Plan: Int] = [:]

  /// The stage that gives the table of a plan, of which so much is read.
  mutating func stage(for plan: Plan, reading demand: Demand = .everything) -> Int {
    let stage: Int
    if let place = known[plan] {
      stage = place
    } else {
      let made = makeStage(for: plan)
      stage = stages.count
      stages.append(made)
      known[plan] = stage
    }
    stages[stage].demand.add(demand)
    return stage
  }

  private mutating func makeStage(for plan: Plan) -> Stage {
    switch plan {
    case .relation(let name, let schema):
      return Stage(work: .relation(name, schema), rightSides: [:])
    case .events, .filter, .extend, .project, .windows, .sessions:
      return scan(plan, .collect(schema: plan.schema, limit: nil))
    case .limit(let input, let count, let offset):
      let limit = RowLimit(count: Int(max(0, count)), offset: Int(max(0, offset)))
      if case .sort(let unsorted, let keys) = input {
        let input = stage(for: unsorted, reading: .first(FirstRows(keys: keys, count: limit.end)))
        return Stage(work: .sort(input: input, keys, limit), rightSides: [:])
      }
      return scan(input, .collect(schema: plan.schema, limit: limit))
    case .activity(let activity): return scan(activity.input, .activity(activity))
    case .aggregate(let input, let keys, let calls):
      return scan(input, .aggregate(keys: keys, calls: calls, schema: plan.schema))
    case .attribute(let attribution): return scan(attribution.input, .attribute(attribution))
    case .distinct(let input):
      let schema = plan.schema
      let keys = schema.enumerated().map { NamedExpr($1, .column($0, $1.type)) }
      return scan(input, .aggregate(keys: keys, calls: [], schema: schema))
    case .funnel(let funnel): return scan(funnel.input, .funnel(funnel))
    case .lifecycle(let lifecycle): return scan(lifecycle.input, .lifecycle(lifecycle))
    case .retention(let retention): return scan(retention.input, .retention(retention))
    case .paths(let paths): return scan(paths.input, .paths(paths))
    case .sort(let input, let keys):
      return Stage(work: .sort(input: stage(for: input), keys, nil), rightSides: [:])
    case .union(let inputs):
      return Stage(work: .union(inputs: inputs.map { stage(for: $0) }, plan.schema), rightSides: [:])
    case .join(let join):
      switch join.kind {
      case .inner, .left, .semi, .anti: return scan(plan, .collect(schema: plan.schema, limit: nil))
      case .right, .full:
        let (left, right) = (stage(for: join.left), stage(for: join.right))
        return Stage(work: .outerJoin(join, left: left, right: right), rightSides: [:])
      }
    }
  }

  private mutating func scan(_ stream: Plan, _ sink: SinkSpec) -> Stage {
    var rightSides: [JoinPlan: Int] = [:]
    let source = source(of: stream, reading: nil, &rightSides)
    return Stage(work: .scan(stream: stream, source: source, sink), rightSides: rightSides)
  }

  /// What the rows of a plan stream from, and the right sides of the joins on their way.
  ///
  /// - Parameter columns: those that are read of the rows; nothing for all.
  private mutating func source(
    of plan: Plan, reading columns: Set<Int>?, _ rightSides: inout [JoinPlan: Int]
  ) -> Stage.Source {
    switch plan {
    case .events(let events): return .log(events.source, plan)
    case .relation(let name, _): return .relation(name, plan)
    case .filter(let input, let condition):
      return source(of: input, reading: columns?.union(condition.columns), &rightSides)
    case .extend(let input, let added):
      let read = columns?.union(added.flatMap(\.expression.columns))
      return source(of: input, reading: read, &rightSides)
    case .project(let input, let chosen):
      return source(of: input, reading: Set(chosen.flatMap(\.expression.columns)), &rightSides)
    case .windows(let input, _): return source(of: input, reading: nil, &rightSides)
    case .sessions(let sessions): return source(of: sessions.input, reading: nil, &rightSides)
    case .join(let join) where join.kind != .right && join.kind != .full:
      rightSides[join] = stage(for: join.right)
      return source(of: join.left, reading: nil, &rightSides)
    case .join, .activity, .aggregate, .attribute, .sort, .limit, .distinct, .union, .funnel, .lifecycle,
      .paths, .retention:
      return .stage(stage(for: plan, reading: .columns(columns)), plan)
    }
  }
}
