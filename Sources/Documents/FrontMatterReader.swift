import Diagnostics
import Yams

/// Reads what front matter says out of its YAML.
struct FrontMatterReader {
  let utf8: [UInt8]
  let content: SourceRange
  private let lines: LineTable
  var frontMatter = FrontMatter()
  var diagnostics: [Diagnostic] = []

  private static let types = ["string", "integer", "number", "boolean", "date", "timestamp", "duration"]

  init(utf8: [UInt8], content: SourceRange) {
    self.utf8 = utf8
    self.content = content
    lines = LineTable(Array(utf8[..<content.upper]), from: content.lower)
  }

  mutating func read() {
    let text = String(decoding: utf8[content.lower..<content.upper], as: UTF8.self)
    do {
      guard let root = try Yams.compose(yaml: text, .default, .default, .utf8) else { return }
      guard let mapping = root.mapping else {
        report(root, "front matter is a list of keys and values", label: "not a key with a value")
        return
      }
      for (key, value) in mapping { read(key, value) }
    } catch let error as YamlError {
      report(error)
    } catch {
      diagnostics.append(
        Diagnostic(
          id: "front-matter", "the front matter is not YAML", at: SourceRange(content.lower, content.lower)))
    }
  }

  private mutating func read(_ key: Node, _ value: Node) {
    let keys = ["title", "description", "author", "date", "source", "params", "imports"]
    switch key.scalar?.string {
    case "title": frontMatter.title = text(value, "title")
    case "description": frontMatter.description = text(value, "description")
    case "author": frontMatter.author = text(value, "author")
    case "date": frontMatter.date = text(value, "date")
    case "source":
      frontMatter.source = text(value, "source")
      frontMatter.sourceRange = frontMatter.source == nil ? nil : range(value)
    case "params": readParams(value)
    case "imports": readImports(value)
    case let name?:
      let nearest = NearestName.of(name, among: keys)
      report(
        key, "front matter has no key '\(name.quotable)'", label: "not read", severity: .warning,
        hints: nearest.map { ["did you mean '\($0)'?"] } ?? [])
    case nil:
      report(key, "a key of front matter is a word", label: "not a word")
    }
  }

  private mutating func readParams(_ value: Node) {
    guard !isNull(value) else { return }
    guard let params = value.mapping else {
      report(value, "'params' is a list of names with a default value each", label: "not names with values")
      return
    }
    for (key, value) in params {
      guard let name = name(key, "parameter") else { continue }
      var parameter = FrontMatter.Parameter(name: name, type: nil, value: nil, range: range(key))
      if let parts = value.mapping {
        readParts(of: &parameter, parts)
      } else {
        read(&parameter, value)
      }
      frontMatter.params.append(parameter)
    }
  }

  private mutating func readParts(of parameter: inout FrontMatter.Parameter, _ parts: Node.Mapping) {
    for (key, value) in parts {
      switch key.scalar?.string {
      case "type":
        guard let type = text(value, "type") else { continue }
        guard FrontMatterReader.types.contains(type) else {
          let nearest = NearestName.of(type, among: FrontMatterReader.types)
          report(
            value, "no type of parameter is named '\(type.quotable)'", label: "not a type",
            notes: ["the types are \(FrontMatterReader.types.map { "'\($0)'" }.joined(separator: ", "))"],
            hints: nearest.map { ["did you mean '\($0)'?"] } ?? [])
          continue
        }
        parameter.type = type
      case "default":
        let type = parameter.type
        read(&parameter, value)
        parameter.type = type ?? parameter.type
      default:
        report(
          key,
          "a parameter has 'type' and 'default', and no '\((key.scalar?.string ?? "…").quotable)'",
          label: "not read", severity: .warning)
      }
    }
  }

  private mutating func read(_ parameter: inout FrontMatter.Parameter, _ value: Node) {
    guard let scalar = value.scalar else {
      report(value, "the default of parameter '\(parameter.name)' is one value", label: "more than one value")
      return
    }
    guard !isNull(value) else { return }
    parameter.value = scalar.string
    parameter.valueRange = range(value)
    if scalar.style != .plain, scalar.style != .any { parameter.type = "string" }
  }

  private mutating func readImports(_ value: Node) {
    guard !isNull(value) else { return }
    guard let imports = value.mapping else {
      report(value, "'imports' is a list of names with a document's path each", label: "not names with paths")
      return
    }
    for (key, value) in imports {
      guard let alias = name(key, "import"), let path = text(value, "imports") else { continue }
      frontMatter.imports.append(FrontMatter.Import(alias: alias, path: path, range: range(value)))
    }
  }

  // MARK: - Values

  private mutating func name(_ key: Node, _ what: String) -> String? {
    if let name = key.scalar?.string, FenceHeader.isName(name) { return name }
    report(
      key,
      "the name of \(what == "import" ? "an" : "a") \(what) is letters, digits and underscores, and does not start with a digit",
      label: "not a name")
    return nil
  }

  private mutating func text(_ value: Node, _ key: String) -> String? {
    if isNull(value) { return nil }
    if let scalar = value.scalar { return scalar.string.trimmingBlanks() }
    report(value, "'\(key)' is one text", label: "more than one value")
    return nil
  }

  private func isNull(_ value: Node) -> Bool {
    guard let scalar = value.scalar, scalar.style == .plain || scalar.style == .any else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }

  // MARK: - Places

  private mutating func report(
    _ node: Node, _ message: String, label: String, severity: Severity = .error, notes: [String] = [],
    hints: [String] = []
  ) {
    diagnostics.append(
      Diagnostic(
        severity, id: "front-matter", message, at: range(node), label: label, notes: notes, hints: hints))
  }

  private mutating func report(_ error: YamlError) {
    let mistake = YAMLMistake(error)
    let offset = mistake.mark.map { self.offset($0) } ?? content.lower
    let start = min(offset, max(content.lower, content.upper - 1))
    diagnostics.append(
      Diagnostic(
        id: "front-matter", "the front matter is not YAML: \(mistake.problem)",
        at: SourceRange(start, start + 1), label: mistake.label, hints: mistake.hints))
  }

  /// The offset in the document of a mark, whose column counts Unicode scalars.
  private func offset(_ mark: Mark) -> Int {
    let line = lines[mark.line]
    let text = String(decoding: utf8[line.lower..<line.upper], as: UTF8.self)
    return line.lower + String(text.unicodeScalars.prefix(max(0, mark.column - 1))).utf8.count
  }

  /// Where a node stands: the whole of a scalar on one line, else up to the end of its first line.
  private func range(_ node: Node) -> SourceRange? {
    guard let mark = node.mark else { return nil }
    let start = offset(mark)
    let rest = utf8[start..<content.upper].prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    if let text = node.scalar?.string.utf8, !text.isEmpty, rest.starts(with: text) {
      return SourceRange(start, start + text.count)
    }
    if let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
      let end = rest.dropFirst().firstIndex(of: quote)
    {
      return SourceRange(start, end + 1)
    }
    let end = rest.lastIndex { $0 != UInt8(ascii: " ") }.map { $0 + 1 } ?? start
    return SourceRange(start, max(end, start))
  }
}
