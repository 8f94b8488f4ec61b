import Documents

/// The options in the braces of a block that change how a report shows it.
public enum BlockOption: String, Hashable, Sendable, CaseIterable {
  /// The block runs and is not shown, unless something is wrong with it.
  case hide
  /// The result is folded away.
  case fold
  /// What stands under the result's number: `{caption: "Weekly users"}`.
  case caption
  /// How many rows of a table are shown: `{rows: 50}`.
  case rows
  /// The block's values are key numbers at the top of the page, all of them, or those that are named:
  /// `{key: "weeks, design.total"}`.
  case key
}

extension CodeBlock {
  /// How many rows are shown where the block does not say.
  static let defaultRows = 20

  func has(_ option: BlockOption) -> Bool { self.option(option.rawValue) != nil }

  /// An option's value without blanks around it; nothing where it is missing or empty.
  func text(_ option: BlockOption) -> String? {
    let text = self.option(option.rawValue)?.trimmed
    return text?.isEmpty == false ? text : nil
  }

  /// How many rows of a table are shown; at least none.
  var rowLimit: Int { text(.rows).flatMap { Int($0) }.map { max(0, $0) } ?? CodeBlock.defaultRows }

  /// Whether a value of the block is a key number: `name` is `weeks` or `design.total`.
  func isKeyNumber(_ name: String) -> Bool {
    guard has(.key) else { return false }
    guard let names = text(.key) else { return true }
    return names.split(separator: ",").contains { String($0).trimmed == name }
  }
}

extension String {
  /// The text without white space at its ends.
  var trimmed: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
