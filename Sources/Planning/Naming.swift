import Syntax

/// The names that columns get when none was given.
enum Naming {
  /// A column's own name, a function's name, or the unit of a calendar function; nothing for other expressions.
  static func name(of written: Expression) -> String? {
    switch written.kind {
    case .name(let name): return name.name
    case .member(_, let member): return member.name
    case .cast(let operand, _, _): return name(of: operand)
    case .rows(let base, _): return name(of: base)
    case .call(let call):
      let function = call.function.name.lowercased()
      if function == "date_trunc", case .text(let unit)? = call.arguments.first?.value.kind { return unit }
      if ["percent", "number", "money", "plain", "date"].contains(function), let first = call.arguments.first
      {
        return name(of: first.value) ?? function
      }
      return function
    default: return nil
    }
  }
}
