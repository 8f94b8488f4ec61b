import Diagnostics
import Values
import Yams

/// A mapping of a description, or what stands in for one that is missing.
struct DescriptionSection {
  struct Entry {
    let name: String
    let range: SourceRange
    let node: Node
  }

  /// As a reader would name it, such as `countries.US`; empty at the top.
  let path: String
  let range: SourceRange
  let entries: [Entry]
  /// Whether it is there; in one that is not, nothing more is reported missing.
  let isPresent: Bool

  func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }
}

/// Reads the values of a YAML description and collects what is wrong with them; a value that is wrong is stood in
/// for, so that one reading reports all mistakes.
struct DescriptionReader {
  let source: SourceText
  private(set) var diagnostics: [Diagnostic] = []

  /// The most bytes of a description.
  private static let largestSize = 1 << 20

  init(_ source: SourceText) { self.source = source }

  var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  mutating func report(
    _ id: String, _ message: String, at range: SourceRange?, label: String = "", notes: [String] = [],
    hints: [String] = []
  ) {
    diagnostics.append(Diagnostic(id: id, message, at: range, label: label, notes: notes, hints: hints))
  }

  /// The mapping at the top.
  mutating func top(keys: [String]) -> DescriptionSection? {
    guard source.utf8.count <= Self.largestSize else {
      report("shop-yaml", "a description has at most \(Self.largestSize) bytes", at: nil)
      return nil
    }
    guard let text = String(validating: source.utf8, as: UTF8.self) else {
      report("shop-yaml", "a description is UTF-8", at: nil)
      return nil
    }
    if let reference = YAMLReferences.first(in: source.utf8) {
      report(
        "shop-yaml", "a description has no anchors and no aliases", at: reference,
        label: "an anchor", hints: ["write the value out; in a text, put a blank after the '&'"])
      return nil
    }
    do {
      guard let node = try Parser(yaml: text, encoding: .utf8).singleRoot() else {
        report("shop-yaml", "the description is empty", at: nil)
        return nil
      }
      let found = section(of: node, path: "", range: SourceRange(0, 0), keys: keys)
      return found.isPresent ? found : nil
    } catch let error as YamlError {
      report(error)
    } catch {
      report("shop-yaml", "the description is not YAML", at: nil)
    }
    return nil
  }

  private mutating func report(_ error: YamlError) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      report("shop-yaml", "the description is not YAML: \(problem)", at: place(mark, length: 1))
    case .duplicatedKeysInMapping(let names, let context):
      let name = names.first ?? ""
      report(
        "shop-yaml", "the key '\(name)' stands more than once in a mapping",
        at: place(context.mark, length: name.utf8.count), label: "the first of them")
    case .reader(let problem, _, _, _):
      report("shop-yaml", "the description is not YAML: \(problem)", at: nil)
    case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      report("shop-yaml", "the description is not YAML", at: nil)
    }
  }

  // MARK: Places

  private func place(_ mark: Mark?, length: Int) -> SourceRange {
    guard let mark else { return SourceRange(0, 0) }
    let line = source.range(ofLine: mark.line)
    // A column counts Unicode scalars: every byte that does not continue one starts one.
    var offset = line.lower
    var passed = 0
    while offset < line.upper, passed < mark.column - 1 {
      offset += 1
      while offset < line.upper, source.utf8[offset] & 0xC0 == 0x80 { offset += 1 }
      passed += 1
    }
    return SourceRange(offset, min(offset + max(length, 1), max(line.upper, offset)))
  }

  func range(of node: Node) -> SourceRange {
    guard case .scalar(let scalar) = node else { return place(node.mark, length: 1) }
    let quotes = scalar.style == .singleQuoted || scalar.style == .doubleQuoted ? 2 : 0
    return place(scalar.mark, length: scalar.string.utf8.count + quotes)
  }

  /// Where the value of a key stands.
  func valueRange(_ name: String, of section: DescriptionSection) -> SourceRange? {
    section.entry(name).map { range(of: $0.node) }
  }

  // MARK: Sections

  /// A section of fixed keys.
  mutating func section(_ name: String, of parent: DescriptionSection, keys: [String]) -> DescriptionSection {
    guard let entry = required(name, of: parent) else { return absent(name, of: parent) }
    return section(of: entry.node, path: join(parent, name), range: entry.range, keys: keys)
  }

  /// A section of fixed keys that may be left out.
  mutating func optionalSection(
    _ name: String, of parent: DescriptionSection, keys: [String]
  ) -> DescriptionSection? {
    parent.entry(name).map {
      section(of: $0.node, path: join(parent, name), range: $0.range, keys: keys)
    }
  }

  /// A section whose keys are names that the description gives: the names and what stands under each.
  mutating func named(
    _ name: String, of parent: DescriptionSection, count: ClosedRange<Int>, what: String
  ) -> DescriptionSection {
    guard let entry = required(name, of: parent) else { return absent(name, of: parent) }
    let found = section(of: entry.node, path: join(parent, name), range: entry.range, keys: nil)
    if found.isPresent, !count.contains(found.entries.count) {
      report(
        "shop-value", "'\(found.path)' names \(count.lowerBound) to \(count.upperBound) \(what)",
        at: entry.range, label: "names \(found.entries.count)")
    }
    for entry in found.entries { check(entry.name, at: entry.range) }
    return found
  }

  /// The section under a name that the description gives.
  mutating func section(
    _ entry: DescriptionSection.Entry, of parent: DescriptionSection, keys: [String]
  ) -> DescriptionSection {
    section(of: entry.node, path: join(parent, entry.name), range: entry.range, keys: keys)
  }

  private mutating func section(
    of node: Node, path: String, range: SourceRange, keys: [String]?
  ) -> DescriptionSection {
    guard case .mapping(let mapping) = node else {
      let what = path.isEmpty ? "a description" : "'\(path)'"
      let notes = keys.map { ["its keys are \(list($0))"] } ?? []
      report(
        "shop-value", "\(what) is a mapping", at: self.range(of: node), label: "not a mapping", notes: notes)
      return DescriptionSection(path: path, range: range, entries: [], isPresent: false)
    }
    var entries: [DescriptionSection.Entry] = []
    for (key, value) in mapping {
      let place = self.range(of: key)
      guard case .scalar(let name) = key else {
        report("shop-value", "a key is text", at: place)
        continue
      }
      if let keys, !keys.contains(name.string) {
        let home = path.isEmpty ? "in a description" : "in '\(path)'"
        let meant = NearestName.of(name.string, among: keys)
        report(
          "shop-no-key", "no key named '\(name.string)' \(home)", at: place, label: "not among the keys here",
          notes: ["the keys here are \(list(keys))"], hints: meant.map { ["did you mean '\($0)'?"] } ?? [])
        // What was meant is read as such, so that it is not reported missing too.
        if let meant, mapping[meant] == nil { entries.append(.init(name: meant, range: place, node: value)) }
        continue
      }
      entries.append(.init(name: name.string, range: place, node: value))
    }
    return DescriptionSection(path: path, range: range, entries: entries, isPresent: true)
  }

  private func absent(_ name: String, of parent: DescriptionSection) -> DescriptionSection {
    DescriptionSection(path: join(parent, name), range: parent.range, entries: [], isPresent: false)
  }

  private mutating func required(
    _ name: String, of parent: DescriptionSection
  ) -> DescriptionSection.Entry? {
    if let entry = parent.entry(name) { return entry }
    guard parent.isPresent else { return nil }
    let home = parent.path.isEmpty ? "the description" : "'\(parent.path)'"
    report("shop-missing-key", "\(home) has no '\(name)'", at: parent.range, label: "'\(name)' belongs here")
    return nil
  }

  private func join(_ parent: DescriptionSection, _ name: String) -> String {
    parent.path.isEmpty ? name : "\(parent.path).\(name)"
  }

  private func list(_ names: [String]) -> String {
    names.map { "'\($0)'" }.joined(separator: ", ")
  }

  // MARK: Values

  /// A number within bounds, written plainly or as a percentage.
  mutating func number(
    _ name: String, of parent: DescriptionSection, in bounds: ClosedRange<Double>,
    default standard: Double? = nil
  ) -> Double {
    if let standard, parent.entry(name) == nil { return standard }
    guard let entry = required(name, of: parent) else { return bounds.lowerBound }
    return number(entry.node, named: join(parent, name), in: bounds) ?? bounds.lowerBound
  }

  /// A share or rate in 0...1.
  mutating func share(
    _ name: String, of parent: DescriptionSection, default standard: Double? = nil
  ) -> Double {
    number(name, of: parent, in: 0...1, default: standard)
  }

  mutating func number(_ node: Node, named name: String, in bounds: ClosedRange<Double>) -> Double? {
    guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any,
      let value = Self.decimal(scalar.string)
    else {
      report(
        "shop-value", "'\(name)' is a number", at: range(of: node), label: "not a number",
        hints: ["a number is written like 0.25 or 25%"])
      return nil
    }
    guard bounds.contains(value) else {
      report(
        "shop-value", "'\(name)' lies between \(plain(bounds.lowerBound)) and \(plain(bounds.upperBound))",
        at: range(of: node), label: "out of bounds")
      return nil
    }
    return value
  }

  /// Numbers of a list of fixed length.
  mutating func numbers(
    _ name: String, of parent: DescriptionSection, count: Int, in bounds: ClosedRange<Double>
  ) -> [Double] {
    let stand = [Double](repeating: 1, count: count)
    guard let entry = required(name, of: parent) else { return stand }
    guard case .sequence(let nodes) = entry.node, nodes.count == count else {
      report(
        "shop-value", "'\(join(parent, name))' is a list of \(count) numbers", at: entry.range,
        label: "not such a list")
      return stand
    }
    return nodes.map { number($0, named: join(parent, name), in: bounds) ?? 1 }
  }

  mutating func integer(
    _ name: String, of parent: DescriptionSection, in bounds: ClosedRange<Int>, default standard: Int? = nil
  ) -> Int {
    if let standard, parent.entry(name) == nil { return standard }
    guard let entry = required(name, of: parent) else { return bounds.lowerBound }
    if case .scalar(let scalar) = entry.node,
      let value = Int(scalar.string.replacing("_", with: "")), bounds.contains(value)
    {
      return value
    }
    report(
      "shop-value",
      "'\(join(parent, name))' is a whole number between \(bounds.lowerBound) and \(bounds.upperBound)",
      at: range(of: entry.node), label: "not such a number")
    return bounds.lowerBound
  }

  /// A day such as 2026-06-28, between the years 1971 and 2199.
  mutating func day(_ name: String, of parent: DescriptionSection) -> Int64? {
    required(name, of: parent).flatMap { day($0.node, named: join(parent, name)) }
  }

  mutating func day(_ node: Node, named name: String) -> Int64? {
    if case .scalar(let scalar) = node {
      let parts = scalar.string.split(separator: "-", omittingEmptySubsequences: false)
      let numbers = parts.compactMap { part in
        part.utf8.allSatisfy { $0 >= 48 && $0 <= 57 } ? Int64(part) : nil
      }
      if parts.map(\.count) == [4, 2, 2], numbers.count == 3, (1971...2199).contains(numbers[0]) {
        let day = Calendar.day(year: numbers[0], month: numbers[1], day: numbers[2])
        if Calendar.date(day) == (numbers[0], numbers[1], numbers[2]) { return day }
      }
    }
    report(
      "shop-value", "'\(name)' is a date", at: range(of: node), label: "not a date",
      hints: ["a date is written like 2026-06-28"])
    return nil
  }

  mutating func text(_ name: String, of parent: DescriptionSection) -> String {
    guard let entry = required(name, of: parent) else { return "" }
    return text(entry.node, named: join(parent, name))
  }

  mutating func text(_ node: Node, named name: String) -> String {
    guard case .scalar(let scalar) = node else {
      report("shop-value", "'\(name)' is text", at: range(of: node), label: "not text")
      return ""
    }
    check(scalar.string, at: range(of: node))
    return scalar.string
  }

  mutating func texts(
    _ name: String, of parent: DescriptionSection, count: ClosedRange<Int>, isOptional: Bool = false
  ) -> [String] {
    if isOptional, parent.entry(name) == nil { return [] }
    guard let entry = required(name, of: parent) else { return [] }
    guard case .sequence(let nodes) = entry.node, count.contains(nodes.count) else {
      report(
        "shop-value",
        "'\(join(parent, name))' is a list of \(count.lowerBound) to \(count.upperBound) texts",
        at: entry.range, label: "not such a list")
      return []
    }
    return nodes.map { text($0, named: join(parent, name)) }
  }

  /// Reports shares that do not add up to one, unless something was wrong since there were `mistakes` others.
  mutating func check(sum shares: [Double], of name: String, at range: SourceRange, since mistakes: Int) {
    let sum = shares.reduce(0, +)
    guard !shares.isEmpty, diagnostics.count == mistakes, abs(sum - 1) > 1e-6 else { return }
    report(
      "shop-shares", "the \(name) add up to 100%", at: range,
      label: "add up to \(plain((sum * 1e6).rounded() / 1e4))%")
  }

  private mutating func check(_ text: String, at range: SourceRange) {
    guard text.isEmpty || text.utf8.count > 200 else { return }
    report("shop-value", "a name or text has 1 to 200 bytes", at: range, label: "has \(text.utf8.count)")
  }

  private static func decimal(_ text: String) -> Double? {
    let percentage = text.hasSuffix("%")
    let digits = (percentage ? String(text.dropLast()) : text).replacing("_", with: "")
    let allowed = digits.utf8.allSatisfy { ($0 >= 48 && $0 <= 57) || $0 == 45 || $0 == 43 || $0 == 46 }
    guard allowed, digits.utf8.count <= 40, let value = Double(digits), value.isFinite else { return nil }
    return percentage ? value / 100 : value
  }

  private func plain(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
  }
}
