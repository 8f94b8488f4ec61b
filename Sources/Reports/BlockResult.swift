import Diagnostics
import Values

/// What a block gave.
public enum BlockResult: Sendable {
  case table(Table)
  case figure(Figure)
  /// The values of a compute block, in the order of its lines.
  case values([NamedValue])
  case expectations([Expectation])
  case decision(Decision)
  /// The block has no value; these say why.
  case failed([Diagnostic])
  /// The block was not run, for example since a block that it uses failed.
  case notRun(reason: String)
}

/// What an inline value gave.
public enum InlineResult: Sendable {
  case value(Value)
  case failed(Diagnostic)
  /// The value was not computed, for example since a block that it uses failed.
  case notRun(reason: String)
}

/// A value and the name it is bound to.
public struct NamedValue: Sendable {
  /// What documents call the value, such as `design`.
  public var name: String
  /// What the name is bound to.
  public var value: Value

  /// Binds a name to a value.
  public init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}

/// One condition of an expect block and whether it holds.
public struct Expectation: Sendable {
  /// Unknown is what has no value, such as a comparison with null.
  public enum Outcome: String, Hashable, Sendable { case passed, failed, unknown }

  /// The condition as it was written.
  public var text: String
  /// Whether the condition holds.
  public var outcome: Outcome
  /// What the author wants said where it does not hold.
  public var message: String?
  /// What was found, for example the values that were compared.
  public var findings: [String]

  /// A condition as it was written, and what became of it.
  public init(_ text: String, _ outcome: Outcome, message: String? = nil, findings: [String] = []) {
    self.text = text
    self.outcome = outcome
    self.message = message
    self.findings = findings
  }

  /// What was found, in one line of plain text.
  public var detail: String? { findings.isEmpty ? nil : findings.joined(separator: ", ") }

  /// What was found, in one line where no finding turns the others around.
  var shownDetail: String? {
    findings.isEmpty ? nil : findings.map(Isolation.isolated).joined(separator: ", ")
  }

  /// The author's words, where they are true: an expectation that holds is not what they are about.
  var remark: String? { outcome == .passed ? nil : message }
}
