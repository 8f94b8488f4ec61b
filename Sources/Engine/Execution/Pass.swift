import Dispatch
import Planning
import Synchronization
import Values

/// One reading of a source for several stages, by several threads.
///
/// Workers take morsels in order. Each stage's partial results are merged in the order of the morsels, by
/// whichever worker brings the one whose turn it is.
final class Pass: Sendable {
  struct Member {
    let stream: Plan
    let sink: SinkSpec
    /// What is read of the sink's table.
    let demand: Demand
  }

  private let morsels: [Range<Int>]
  private let nextMorsel = Atomic<Int>(0)
  private let merging: Mutex<Merging>
  private let threads: Int
  /// One pipeline for each worker, each used by one thread at a time.
  private let pipelines: [UncheckedBox<Pipeline>]

  init(
    _ source: RowSource, sourcePlan: Plan, members: [Member], joins: [JoinPlan: JoinIndex],
    inputs: ExecutionInputs, functions: FunctionLibrary
  ) {
    func makePipeline() -> Pipeline {
      let pipeline = Pipeline(
        source, sourcePlan: sourcePlan, joins: joins, graph: NodeGraph(inputs, functions: functions))
      for member in members { pipeline.add(member) }
      return pipeline
    }
    let first = makePipeline()
    let rowsBeside = first.graph.rowsBeside
    morsels = source.morsels(inputs.chunking, rowsBeside: rowsBeside)
    // A few rows are read before another thread has begun.
    let batchCount = (source.rowCount + rowsBeside) / inputs.chunking.batchRows
    threads = max(1, min(inputs.limits.threads, morsels.count, batchCount))
    pipelines = [UncheckedBox(first)] + (1..<threads).map { _ in UncheckedBox(makePipeline()) }
    merging = Mutex(Merging(sinkCount: members.count))
  }

  /// The table of each stage.
  func run() -> [Result<Table, ExecutionError>] {
    if threads == 1 {
      work(0)
    } else {
      DispatchQueue.concurrentPerform(iterations: threads) { work($0) }
    }
    let sinks = pipelines[0].value.sinks
    return merging.withLock { merging in
      sinks.indices.map { sink in
        switch merging.state(of: sink) {
        case .failure(let error): .failure(error)
        case .success(let merged): Result { try sinks[sink].finish(merged) }.mapError { ExecutionError($0) }
        }
      }
    }
  }

  private func work(_ worker: Int) {
    let pipeline = pipelines[worker].value
    while true {
      let morsel = nextMorsel.wrappingAdd(1, ordering: .relaxed).oldValue
      guard morsel < morsels.count else { return }
      let isWanted = merging.withLock { $0.isWanted }
      guard isWanted.contains(true) else { return }
      let partials = UncheckedBox(pipeline.run(morsels[morsel], isWanted: isWanted))
      merging.withLock { $0.add(partials.value, of: morsel) }
    }
  }
}

/// Carries a value to another thread that uses it alone.
struct UncheckedBox<Value>: @unchecked Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }
}

/// The partial results of a pass: those that are merged, and those whose turn has not come.
private struct Merging: @unchecked Sendable {
  /// Nothing in the place of a sink that was not wanted any more.
  typealias Partials = [Result<any SinkPartial, ExecutionError>?]

  private var merged: [(any SinkPartial)?]
  private var errors: [ExecutionError?]
  /// Sinks that later morsels cannot change.
  private(set) var isWanted: [Bool]
  private var waiting: [Int: Partials] = [:]
  private var next = 0

  init(sinkCount: Int) {
    merged = [(any SinkPartial)?](repeating: nil, count: sinkCount)
    errors = [ExecutionError?](repeating: nil, count: sinkCount)
    isWanted = [Bool](repeating: true, count: sinkCount)
  }

  func state(of sink: Int) -> Result<(any SinkPartial)?, ExecutionError> {
    errors[sink].map { .failure($0) } ?? .success(merged[sink])
  }

  mutating func add(_ partials: Partials, of morsel: Int) {
    waiting[morsel] = partials
    while let partials = waiting.removeValue(forKey: next) {
      for sink in partials.indices where isWanted[sink] { merge(partials[sink], sink) }
      next += 1
    }
  }

  private mutating func merge(_ partial: Result<any SinkPartial, ExecutionError>?, _ sink: Int) {
    switch partial {
    case nil: preconditionFailure("a sink is wanted until an earlier morsel settles it")
    case .failure(let error):
      errors[sink] = error
      isWanted[sink] = false
    case .success(let partial):
      guard let earlier = merged[sink] else {
        merged[sink] = partial
        isWanted[sink] = !partial.isFull
        return
      }
      do {
        try earlier.merge(partial)
        isWanted[sink] = !earlier.isFull
      } catch {
        errors[sink] = ExecutionError(error)
        isWanted[sink] = false
      }
    }
  }
}
