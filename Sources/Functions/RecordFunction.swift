import Values

/// A function of plain values that gives a record of named values, such as a sample size.
public struct RecordFunction: Sendable {
  /// Lower case.
  public let name: String
  /// Where the manual lists it.
  public let family: FunctionFamily
  /// One sentence for the manual.
  public let summary: String
  /// In the order of unnamed arguments.
  public let parameters: [Parameter]
  /// The members of the record, in order.
  public let result: [Field]
  /// Computes the members from one argument for each parameter, defaults filled in.
  public let evaluate: @Sendable (_ arguments: [Scalar]) throws -> [Scalar]
  /// At least one, of a single member.
  public let examples: [Example]

  /// An entry as it stands in the catalogue.
  public init(
    _ name: String, _ family: FunctionFamily, _ summary: String, parameters: [Parameter], result: [Field],
    examples: [Example], evaluate: @escaping @Sendable (_ arguments: [Scalar]) throws -> [Scalar]
  ) {
    self.name = name
    self.family = family
    self.summary = summary
    self.parameters = parameters
    self.result = result
    self.evaluate = evaluate
    self.examples = examples
  }
}
