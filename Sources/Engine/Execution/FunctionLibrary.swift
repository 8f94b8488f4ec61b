import Functions

/// Where the engine finds the functions that plans name.
struct FunctionLibrary: Sendable {
  let scalar: @Sendable (String) -> ScalarFunction?
  let aggregate: @Sendable (String) -> AggregateFunction?

  static let catalogue = FunctionLibrary(scalar: Catalogue.scalar, aggregate: Catalogue.aggregate)

  func scalar(_ name: String, overload: Int) -> ScalarFunction.Overload {
    guard let function = scalar(name), function.overloads.indices.contains(overload) else {
      preconditionFailure("a checked plan names functions of the catalogue, not '\(name)'")
    }
    return function.overloads[overload]
  }

  func aggregate(_ name: String, overload: Int) -> AggregateFunction.Overload {
    guard let function = aggregate(name), function.overloads.indices.contains(overload) else {
      preconditionFailure("a checked plan names aggregates of the catalogue, not '\(name)'")
    }
    return function.overloads[overload]
  }
}
