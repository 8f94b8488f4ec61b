import Functions
import Values

/// A function's signature as text: `round(x double, digits integer = 0) → double`.
public enum Signature {
  /// A parameter that may be left out is marked `?`.
  public static func text(_ name: String, _ parameters: [Parameter], isVariadic: Bool = false) -> String {
    let list = parameters.map { parameter in
      "\(parameter.name) \(parameter.type.rawValue)\(parameter.fallback == nil ? "" : "?")"
    }
    return "\(name)(\(list.joined(separator: ", "))\(isVariadic ? ", …" : ""))"
  }
}
