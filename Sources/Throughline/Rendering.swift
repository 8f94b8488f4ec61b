import Charts
import Diagnostics
import Documents
import EventStore
import Foundation
import Reports
import Values

/// What a report is written as.
public enum ReportFormat: String, Hashable, Sendable, CaseIterable {
  case html
  /// The document with each block's result written below it.
  case md
  /// Every named value.
  case json

  /// The name of the file that stands for a document in this format, beside it.
  public func fileName(for document: URL) -> String {
    let base = document.deletingPathExtension().lastPathComponent
    return switch self {
    case .html: base + ".html"
    case .md: base + ".out.md"
    case .json: base + ".json"
    }
  }
}

/// A document that was rendered.
public struct Rendering: Sendable {
  /// How it went; the raw values are exit statuses.
  public enum Outcome: Int32, Hashable, Sendable {
    case succeeded = 0
    /// The document has a mistake or something in it could not be computed.
    case failed = 1
    /// An expectation does not hold.
    case expectationFailed = 2
  }

  /// The path of the document, relative to the project.
  public let path: String
  /// The worst of what happened; an error outweighs an expectation that does not hold.
  public let outcome: Outcome
  /// Mistakes and warnings of the project, of imported documents and of the document, in this order.
  public let diagnostics: [LocatedDiagnostic]
  /// The expectations that do not hold.
  public let brokenExpectations: [String]
  /// The report. A failed document has one too, which shows what is wrong; it never replaces a good one.
  public let text: String
}

extension Session {
  /// Runs a document and writes its report as text.
  ///
  /// - Throws: `TemplateError` when a template of the project cannot be used, `FileRefusal` when the file cannot be read.
  public func render(_ file: URL, as format: ReportFormat) throws -> Rendering {
    let document = try run(file, parameters: options.parameters)
    return try rendering(of: document, as: format)
  }

  /// Runs a document that is given as text, as if it lay in a folder of the project.
  public func render(
    _ text: SourceText, in folder: URL, as format: ReportFormat
  ) throws -> Rendering {
    try rendering(of: run(text, folder: folder, parameters: options.parameters), as: format)
  }

  func rendering(of document: RunDocument, as format: ReportFormat) throws -> Rendering {
    let report = report(of: document)
    let text =
      switch format {
      case .html: try report.html(templates: templates()) { Session.drawing($0, id: $1) }
      case .md: report.markdown()
      case .json: report.json()
      }
    let broken = report.results.flatMap { result -> [String] in
      guard case .expectations(let expectations) = result else { return [] }
      return expectations.filter { $0.outcome != .passed }.map { expectation in
        [expectation.message ?? expectation.text, expectation.detail].compactMap(\.self).joined(
          separator: ": ")
      }
    }
    let all = projectDiagnostics + document.diagnostics
    let hasErrors = all.contains { $0.diagnostic.severity == .error }
    return Rendering(
      path: document.text.name,
      outcome: hasErrors ? .failed : broken.isEmpty ? .succeeded : .expectationFailed,
      diagnostics: all, brokenExpectations: broken, text: text)
  }

  /// A figure drawn for each width of page, of which the page shows one.
  private static func drawing(_ figure: Figure, id: String) -> String {
    let regular = Chart.svg(figure, id: id)
    return regular + "\n" + Chart.svg(figure, id: "\(id)-narrow", size: .narrow)
  }

  private func templates() throws -> TemplateSet {
    var texts: [TemplateSet.Name: String] = [:]
    for name in TemplateSet.Name.allCases {
      let file = project.templatesFolder.appending(path: name.rawValue)
      if let data = try? Data(contentsOf: file) { texts[name] = String(decoding: data, as: UTF8.self) }
    }
    return TemplateSet(overriding: texts)
  }

  // MARK: The report

  private func report(of document: RunDocument) -> Report {
    let program = document.program
    let blocks = program.document.blocks.indices.map { result(ofBlock: $0, document) }
    let inlines = program.document.inlineValues.indices.map { result(ofInline: $0, document) }
    return Report(
      document: program.document, results: blocks, inlineResults: inlines, provenance: provenance(document),
      diagnostics: document.ownDiagnostics,
      timeZone: project.timeZone, destinations: destinations(document))
  }

  private func result(ofBlock block: Int, _ document: RunDocument) -> BlockResult {
    let program = document.program
    let members = program.nodes.indices.filter { program.nodes[$0].block == block }
    let own = document.ownDiagnostics.filter { diagnostic in
      guard diagnostic.severity == .error, let range = diagnostic.range else { return false }
      return program.document.blocks[block].contains(range)
    }
    for member in members {
      switch document.run.failures[member] {
      case .mistake? where own.isEmpty: return .notRun(reason: "something that it uses has a mistake")
      case .mistake?: return .failed(own)
      case .dependency(let name)? where members.count == 1: return .notRun(reason: "'\(name)' has no value")
      case .dependency, nil: break
      }
    }
    if !own.isEmpty { return .failed(own) }
    switch program.document.blocks[block].kind {
    case .compute:
      let values = members.compactMap { member -> NamedValue? in
        guard let name = program.nodes[member].name, let value = program.values[member] else { return nil }
        return NamedValue(name, value.single ?? value)
      }
      if values.isEmpty,
        case .dependency(let name)? = members.lazy.compactMap({ document.run.failures[$0] }).first
      {
        return .notRun(reason: "'\(name)' has no value")
      }
      return .values(values)
    case .expect: return .expectations(members.first.flatMap { document.run.expectations[$0] } ?? [])
    case .decide:
      return members.first.flatMap { document.run.decisions[$0] }.map { .decision($0) }
        ?? .notRun(reason: "nothing is recommended")
    case .query, .data, .chart, .sql:
      switch members.first.flatMap({ program.values[$0] }) {
      case .table(let table)?: return .table(table)
      case .figure(let figure)?: return .figure(figure)
      case .scalar?, .column?, .record?, nil:
        return .notRun(reason: "its rows are read by other queries alone")
      }
    }
  }

  private func result(ofInline inline: Int, _ document: RunDocument) -> InlineResult {
    let program = document.program
    guard
      let node = program.nodes.firstIndex(where: { if case .inline(inline) = $0.kind { true } else { false } }
      )
    else { return .notRun(reason: "it was not read") }
    if let value = program.values[node] { return .value(value.single ?? value) }
    if case .dependency(let name)? = document.run.failures[node] {
      return .notRun(reason: "'\(name)' has no value")
    }
    let range = program.document.inlineValues[inline].range
    let own = document.ownDiagnostics.first {
      $0.severity == .error && ($0.range.map { range.lower <= $0.lower && $0.upper <= range.upper } ?? false)
    }
    return own.map { .failed($0) } ?? .notRun(reason: "something that it uses has a mistake")
  }

  private func provenance(_ document: RunDocument) -> Provenance {
    var sources: [Provenance.Source] = []
    if let source = document.source {
      sources.append(
        Provenance.Source(
          name: source.name, fingerprint: source.fingerprint, rows: Int64(source.rowCount),
          entities: Int64(source.entityCount), times: source.times,
          identity: source.report?.identity.map {
            Provenance.Source.Identity(
              user: Int64($0.user), previous: Int64($0.previous), next: Int64($0.next),
              device: Int64($0.device))
          },
          leftOut: source.report.map {
            Provenance.Source.LeftOut(
              duplicates: Int64($0.duplicates), rows: Int64($0.rowsRefused), values: Int64($0.valuesLost))
          }))
    }
    let parameters = document.program.document.frontMatter.params.map { parameter in
      Provenance.Parameter(
        parameter.name, options.parameters[parameter.name] ?? parameter.value ?? "null")
    }
    return Provenance(
      sources: sources, parameters: parameters, documentHash: ContentHash.hex(of: document.text.utf8),
      toolVersion: throughlineVersion, semanticVersion: Program.semanticVersion)
  }

  // MARK: Links and images

  /// Links to other documents lead to their reports, and images of the project are taken into the page.
  private func destinations(_ document: RunDocument) -> [String: String] {
    var result: [String: String] = [:]
    for (destination, isImage) in program(document).destinations where !destination.contains("://") {
      if isImage {
        if let embedded = embedded(destination, document.folder) { result[destination] = embedded }
      } else if let end = destination.range(of: ".md", options: .backwards),
        end.upperBound == destination.endIndex || destination[end.upperBound] == "#",
        isDocument(document.folder.appending(path: String(destination[..<end.upperBound])))
      {
        result[destination] = destination.replacingCharacters(in: end, with: ".html")
      }
    }
    return result
  }

  private func program(_ document: RunDocument) -> Document { document.program.document }

  private func isDocument(_ file: URL) -> Bool {
    isInside(file) && Session.isDocument(file)
  }

  private func isInside(_ file: URL) -> Bool {
    file.resolvingSymlinksInPath().path.hasPrefix(project.root.resolvingSymlinksInPath().path + "/")
  }

  /// An image of at most half a megabyte as a `data:` URI.
  private func embedded(_ destination: String, _ folder: URL) -> String? {
    let types = [
      "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
      "svg": "image/svg+xml",
    ]
    let file = folder.appending(path: destination.removingPercentEncoding ?? destination)
    guard let type = types[file.pathExtension.lowercased()], isInside(file),
      let data = try? Data(contentsOf: file), data.count <= 500_000
    else { return nil }
    return "data:\(type);base64,\(data.base64EncodedString())"
  }

  // MARK: Finding documents

  /// Whether a Markdown file is a document that is rendered: it starts with front matter.
  public static func isDocument(_ file: URL) -> Bool {
    file.pathExtension == "md" && !file.lastPathComponent.hasSuffix(".out.md")
      && hasFrontMatter(file) ?? false
  }

  /// Whether a file that was named is rendered, whatever it is called: why one cannot be read is told when it is.
  public static func mayBeDocument(_ file: URL) -> Bool { hasFrontMatter(file) ?? true }

  /// Nothing when the file cannot be read.
  private static func hasFrontMatter(_ file: URL) -> Bool? {
    guard let handle = try? FileHandle(forReadingFrom: file) else { return nil }
    defer { try? handle.close() }
    guard let start = try? handle.read(upToCount: 8) else { return nil }
    let text = String(decoding: start, as: UTF8.self)
    return text.hasPrefix("---\n") || text.hasPrefix("---\r\n") || text.hasPrefix("\u{FEFF}---")
  }

  /// The documents in a folder and below, in the order of their paths; hidden folders are left out.
  public static func documents(in folder: URL) -> [URL] {
    guard
      let files = FileManager.default.enumerator(
        at: folder, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles])
    else { return [] }
    return files.compactMap { $0 as? URL }.filter { isDocument($0) }.sorted { $0.path < $1.path }
  }
}

extension CodeBlock {
  /// Whether a place lies in the block, from its fence to its last line.
  func contains(_ range: SourceRange) -> Bool {
    let end = body.source(body.utf8.count)
    return self.range.lower <= range.lower && range.lower <= max(self.range.upper, end)
  }
}

extension Document {
  /// Where links and images lead, and which are images.
  var destinations: [(String, isImage: Bool)] {
    var result: [(String, isImage: Bool)] = []
    func visit(_ line: [InlineMarkup]) {
      for part in line {
        switch part {
        case .link(let destination, _, let inner):
          if let destination { result.append((destination, false)) }
          visit(inner)
        case .image(let destination, _, _): if let destination { result.append((destination, true)) }
        case .emphasis(let inner), .strong(let inner), .strikethrough(let inner): visit(inner)
        case .text, .code, .footnoteReference, .value, .math, .html, .softBreak, .lineBreak: break
        }
      }
    }
    func visit(_ blocks: [BlockMarkup]) {
      for block in blocks {
        switch block {
        case .heading(_, _, let line), .paragraph(let line): visit(line)
        case .list(let list): for item in list.items { visit(item.body) }
        case .quotation(let inner), .callout(_, let inner): visit(inner)
        case .table(let table):
          table.header.forEach(visit)
          table.rows.forEach { $0.forEach(visit) }
        case .code, .block, .math, .html, .thematicBreak: break
        }
      }
    }
    visit(body)
    for note in footnotes { visit(note.body) }
    return result
  }
}
