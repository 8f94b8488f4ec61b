import Functions
import Syntax
import Values

/// Chooses the overload of a function that fits some arguments with the fewest conversions.
enum Overloads {
  struct Choice {
    let overload: Int
    /// For each argument of the overload, the position of the argument as written, or nothing for a fallback.
    let arguments: [Int?]
    let parameters: [Parameter]
    let cost: Int
  }

  /// An argument as far as the choice depends on it.
  struct Candidate {
    let label: String?
    let type: ScalarType?
    /// What was written in place: a text may stand for a date or a time, or choose the overload.
    var literal: Scalar?
    /// Whether it is one value for all rows.
    var isConstant = true

    var isTextLiteral: Bool { if case .text? = literal { true } else { false } }

    /// Whether it is what a parameter demands beside its type.
    func meets(_ demand: Parameter.Demand) -> Bool {
      switch demand {
      case .nothing: true
      case .constant: isConstant
      case .word(let words):
        switch literal {
        case .text(let word)?: words.contains(word.lowercased())
        case .null?: true
        default: false
        }
      }
    }
  }

  /// Whether arguments have to be what parameters demand beside their types.
  enum Demands { case heeded, ignored }

  static func choose(
    _ overloads: [(parameters: [Parameter], isVariadic: Bool)], for arguments: [Candidate],
    demands: Demands = .heeded
  ) -> Choice? {
    var best: Choice?
    for (index, overload) in overloads.enumerated() {
      guard let choice = match(index, overload, arguments, demands) else { continue }
      if let best, best.cost <= choice.cost { continue }
      best = choice
    }
    return best
  }

  private static func match(
    _ index: Int, _ overload: (parameters: [Parameter], isVariadic: Bool), _ arguments: [Candidate],
    _ demands: Demands
  ) -> Choice? {
    var slots: [Int?] = Array(repeating: nil, count: overload.parameters.count)
    var parameters = overload.parameters
    for (position, argument) in arguments.enumerated() {
      if let label = argument.label {
        guard let slot = parameters.firstIndex(where: { $0.name == label.lowercased() }), slots[slot] == nil
        else { return nil }
        slots[slot] = position
      } else if position < slots.count, slots[position] == nil {
        slots[position] = position
      } else if overload.isVariadic, let last = overload.parameters.last {
        slots.append(position)
        parameters.append(last)
      } else {
        return nil
      }
    }
    var cost = 0
    for (slot, parameter) in zip(slots, parameters) {
      guard let slot else {
        if parameter.fallback == nil { return nil }
        continue
      }
      guard demands == .ignored || arguments[slot].meets(parameter.demand) else { return nil }
      guard let conversion = conversionCost(arguments[slot], to: parameter.type) else { return nil }
      cost += conversion
    }
    return Choice(overload: index, arguments: slots, parameters: parameters, cost: cost)
  }

  /// How far an argument is from a parameter's type; nothing when it does not convert by itself.
  private static func conversionCost(_ argument: Candidate, to type: ScalarType) -> Int? {
    guard let given = argument.type else { return 0 }
    if given == type { return 0 }
    switch (given, type) {
    case (.integer, .double): return 1
    case (.date, .timestamp): return 1
    case (.text, .timestamp), (.text, .date), (.text, .duration): return argument.isTextLiteral ? 3 : nil
    default: return nil
    }
  }
}
