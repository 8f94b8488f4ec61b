import Diagnostics
import Functions
import Planning
import Values

/// The catalogue of functions as text, for a terminal and for the manual.
public enum FunctionPages {
  /// The functions whose names contain a text, by family: signatures, what they do, examples.
  public static func text(matching part: String?) -> String {
    let entries = Entry.all.filter { entry in
      guard let part else { return entry.isListed }
      return entry.name.contains(part.lowercased()) || entry.name == ForeignNames.function(for: part)
    }
    return FunctionFamily.allCases.compactMap { family in
      let pages = entries.filter { $0.family == family }.map(\.text)
      return pages.isEmpty ? nil : "\(family.rawValue.uppercased())\n\n\(pages.joined(separator: "\n\n"))"
    }.joined(separator: "\n\n")
  }

  /// The names of all functions.
  public static let names = Entry.all.map(\.name).filter { $0.first?.isLetter ?? false }

  /// What to do instead of what a function of another language does, where no function of this one does it.
  public static func remedy(for name: String) -> String? { ForeignNames.remedy(for: name) }

  /// The manual's page of functions.
  public static func markdown() -> String {
    let entries = Entry.all.filter(\.isListed)
    let families = FunctionFamily.allCases.map { family in (family, entries.filter { $0.family == family }) }
    let contents = families.map { family, members in
      let title = title(of: family)
      let anchor = title.lowercased().replacing(" ", with: "-")
      let names = members.map { "`\($0.name)`" }.joined(separator: ", ")
      return "- [\(title)](#\(anchor)): \(names)"
    }
    let sections = families.map { family, members in
      "## \(title(of: family))\n\n\(members.map(\.markdown).joined(separator: "\n\n"))"
    }
    return ([introduction + contents.joined(separator: "\n")] + sections).joined(separator: "\n\n") + "\n"
  }

  private static let introduction = """
    # Functions

    All functions, operators and aggregates, with examples. This page is written by the program, with
    `throughline functions --format md`, and a test holds it to the catalogue that runs; another runs every example.

    `throughline functions NAME` shows the entries whose names contain a text. Arguments may be named:
    `sample_size(baseline => 10%, lift => 5%)`; those with a default may be left out. A null argument gives null
    unless the entry says otherwise. What decides how values are *shown* stands under
    [expressions](expressions.md#display-functions), what draws them under [charts](charts.md).


    """

  private static func title(of family: FunctionFamily) -> String {
    switch family {
    case .aggregate: "Aggregates"
    case .conditional: "Conditions"
    default: family.rawValue.prefix(1).uppercased() + family.rawValue.dropFirst()
    }
  }
}

/// One function as it is described.
private struct Entry {
  let name: String
  let family: FunctionFamily
  let summary: String
  let examples: [Example]
  let signatures: [String]
  /// The words that a parameter takes, where they are few enough to list.
  let choices: [String]

  /// Whether it is part of a full listing: `try_…` stands for `try_cast`, which is described under `cast`.
  var isListed: Bool { !name.hasPrefix("try_") }

  static let all: [Entry] =
    Catalogue.scalars.map { function in
      Entry(
        function.name, function.family, function.summary, function.examples,
        function.overloads.map { ($0.parameters, $0.isVariadic, $0.result) })
    }
    + Catalogue.aggregates.map { function in
      Entry(
        function.name, .aggregate, function.summary, function.examples,
        function.overloads.map { ($0.parameters, false, $0.result) })
    }
    + Catalogue.positionals.map { function in
      Entry(
        function.name, .lookUp, function.summary, function.examples,
        function.overloads.map { ($0.parameters, false, $0.result) })
    }
    + Catalogue.records.map { function in
      let members = function.result.map(\.name).joined(separator: ", ")
      return Entry(
        name: function.name, family: function.family, summary: function.summary, examples: function.examples,
        signatures: [
          form(function.name, function.parameters, false) { $0.type.rawValue } + " → {\(members)}"
        ],
        choices: Entry.choices(function.parameters))
    }

  private init(
    name: String, family: FunctionFamily, summary: String, examples: [Example], signatures: [String],
    choices: [String]
  ) {
    self.name = name
    self.family = family
    self.summary = summary
    self.examples = examples
    self.signatures = signatures
    self.choices = choices
  }

  private typealias Overload = (parameters: [Parameter], isVariadic: Bool, result: ScalarType)

  private init(
    _ name: String, _ family: FunctionFamily, _ summary: String, _ examples: [Example],
    _ overloads: [Overload]
  ) {
    self.init(
      name: name, family: family, summary: summary, examples: examples,
      signatures: Entry.signatures(name, overloads), choices: Entry.choices(overloads.flatMap(\.parameters)))
  }

  /// One line for each overload; those that differ in a type which may be any are one line.
  private static func signatures(_ name: String, _ overloads: [Overload]) -> [String] {
    var shapes: [[String]] = []
    for overload in overloads {
      let shape = overload.parameters.map(\.name)
      if !shapes.contains(shape) { shapes.append(shape) }
    }
    return shapes.flatMap { shape in
      let members = overloads.filter { $0.parameters.map(\.name) == shape }
      let isAny = shape.indices.map { position in
        Set(members.map { $0.parameters[position].type }).count == ScalarType.allCases.count
      }
      guard isAny.contains(true) else {
        return members.map { member in
          form(name, member.parameters, member.isVariadic) { $0.type.rawValue }
            + " → \(member.result.rawValue)"
        }
      }
      let generic = shape.indices.first { position in
        isAny[position] && members.allSatisfy { $0.parameters[position].type == $0.result }
      }
      let result = generic.map { "type of \(shape[$0])" } ?? members[0].result.rawValue
      let line = form(name, members[0].parameters, members[0].isVariadic) { parameter in
        let position = shape.firstIndex(of: parameter.name) ?? 0
        return isAny[position] ? "any" : parameter.type.rawValue
      }
      return ["\(line) → \(result)"]
    }
  }

  /// A call, or an operator between its operands.
  private static func form(
    _ name: String, _ parameters: [Parameter], _ isVariadic: Bool, type: (Parameter) -> String
  ) -> String {
    let types = parameters.map(type)
    if name == "not" || name == "unary -" { return (name == "not" ? "not " : "-") + types[0] }
    let isOperator =
      ["and", "or", "like"].contains(name) || name.hasPrefix("is ") || name.allSatisfy { !$0.isLetter }
    if isOperator { return types.count == 1 ? "\(types[0]) \(name)" : "\(types[0]) \(name) \(types[1])" }
    let list = zip(parameters, types).map { parameter, type in
      let fallback = parameter.fallback.map { $0 == .null ? "?" : " = \(ValueFormatter.machine($0))" }
      return "\(parameter.name) \(type)\(fallback ?? "")"
    }
    return "\(name)(\(list.joined(separator: ", "))\(isVariadic ? ", …" : ""))"
  }

  /// A sentence for each parameter that takes certain words alone; overloads may take different ones.
  private static func choices(_ parameters: [Parameter]) -> [String] {
    var choices: [(name: String, words: [String])] = []
    for parameter in parameters {
      guard case .word(let words) = parameter.demand else { continue }
      if let known = choices.firstIndex(where: { $0.name == parameter.name }) {
        choices[known].words += words.filter { !choices[known].words.contains($0) }
      } else {
        choices.append((parameter.name, words))
      }
    }
    return choices.map { name, words in
      "`\(name)` is one of \(words.map { "'\($0)'" }.joined(separator: ", "))."
    }
  }

  /// The examples, each with the columns that it is over; null is written out.
  private var lines: [String] {
    examples.map { example in
      let inputs = example.input.map { input in
        "\(input.name): \(input.values.map { $0 == .null ? "null" : ValueFormatter.machine($0) }.joined(separator: ", "))"
      }
      let over = inputs.isEmpty ? "" : "   -- of \(inputs.joined(separator: "; "))"
      return "\(example.expression)  →  \(example.result.isEmpty ? "null" : example.result)\(over)"
    }
  }

  var text: String {
    let sentences = ([summary] + choices.map { $0.replacing("`", with: "") }).flatMap { $0.lines(upTo: 94) }
    return (signatures.map { "  \($0)" } + (sentences + lines).map { "      \($0)" }).joined(separator: "\n")
  }

  var markdown: String {
    let code = (signatures + [""] + lines).joined(separator: "\n")
    return "### `\(name)`\n\n\(([summary] + choices).joined(separator: " "))\n\n```text\n\(code)\n```"
  }
}
