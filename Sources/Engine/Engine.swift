import Functions
import Planning
import Values

/// Runs plans natively: a vectorised interpreter over event logs and tables.
public enum Engine {
  /// The table of each plan, or why it has none. Plans that read the same log share one pass over it. Results
  /// are the same to the last bit for every number of threads.
  public static func run(_ plans: [Plan], inputs: ExecutionInputs) -> [Result<Table, ExecutionError>] {
    run(plans, inputs: inputs, functions: .catalogue)
  }

  /// The value of an expression for each row of a table.
  public static func evaluate(
    _ expression: Expr, over table: Table, context: EvaluationContext
  ) throws(ExecutionError) -> Column {
    do {
      return try TableEvaluator(table, ExecutionInputs(context: context), .catalogue).column(expression)
    } catch { throw ExecutionError(error) }
  }

  /// The value of an aggregate over the rows of a table.
  public static func aggregate(
    _ call: AggregateCall, over table: Table, context: EvaluationContext
  ) throws(ExecutionError) -> Scalar {
    do {
      return try TableEvaluator(table, ExecutionInputs(context: context), .catalogue).scalar(call)
    } catch { throw ExecutionError(error) }
  }

  static func run(
    _ plans: [Plan], inputs: ExecutionInputs, functions: FunctionLibrary
  ) -> [Result<Table, ExecutionError>] {
    var graph = StageGraph()
    let facts = LogFacts { inputs.logs[$0] }
    let stages = plans.map { graph.stage(for: $0.narrowed(by: facts)) }
    var run = Run(graph, inputs: inputs, functions: functions)
    let results = run.run()
    return stages.map { results[$0] }
  }
}
