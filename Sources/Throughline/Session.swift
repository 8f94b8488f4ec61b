import Diagnostics
import Documents
import Engine
import EventStore
import Foundation
import Values

/// A diagnostic and the text that it is about.
public struct LocatedDiagnostic: Hashable, Sendable {
  /// What is wrong; its range counts from the start of the source.
  public let diagnostic: Diagnostic
  /// Nothing when the matter has no text, for example a file that is not there.
  public let source: SourceText?

  /// Says which text a diagnostic's range is of.
  public init(_ diagnostic: Diagnostic, in source: SourceText?) {
    self.diagnostic = diagnostic
    self.source = source
  }
}

/// What a run may use and how it behaves.
public struct RunOptions: Sendable {
  /// Values of parameters by name, as text.
  public var parameters: [String: String]
  /// How many threads and how much memory a computation may use.
  public var limits: ExecutionLimits
  /// Whether results of earlier runs are used.
  public var usesCache: Bool
  /// Told what is going on while data is read.
  public var notice: @Sendable (StoreNotice) -> Void

  /// By default nothing is overridden, earlier results are used, and nobody is told anything.
  public init(
    parameters: [String: String] = [:], limits: ExecutionLimits = ExecutionLimits(), usesCache: Bool = true,
    notice: @escaping @Sendable (StoreNotice) -> Void = { _ in }
  ) {
    self.parameters = parameters
    self.limits = limits
    self.usesCache = usesCache
    self.notice = notice
  }
}

/// The documents of one project that are worked on together: sources are opened once, and imported documents are run
/// once.
public final class Session {
  /// What `throughline.yaml` says, as far as it could be read.
  public let project: Project
  let options: RunOptions
  /// What is wrong with the project itself.
  public let projectDiagnostics: [LocatedDiagnostic]
  /// The text of the project file.
  private let projectText: SourceText?
  private var opened: [String: OpenSource?] = [:]
  private var documents: [DocumentKey: RunDocument] = [:]
  /// The documents that are being run, outermost first: meeting one again is a cycle of imports.
  private var stack: [String] = []
  /// What is wrong with sources: an error where one is not open, a warning where not all of it could be read.
  private var sourceFindings: [String: LocatedDiagnostic] = [:]

  private struct DocumentKey: Hashable {
    let path: String
    let parameters: [String: String]
  }

  /// Opens the project that a folder belongs to.
  public init(folder: URL, options: RunOptions = RunOptions()) throws {
    let (project, source, diagnostics) = try Project.containing(folder)
    self.project = project
    self.options = options
    projectText = source
    projectDiagnostics = diagnostics.map { LocatedDiagnostic($0, in: source) }
  }

  // MARK: Sources

  /// A source with its log open and up to date, or the reason why it is not.
  public func openLog(_ name: String) throws -> OpenedLog? {
    guard let source = project.sources.first(where: { $0.name == name }) else { return nil }
    WorkFolder.make(project.workFolder)
    return try EventStore.open(
      source.description, at: project.workFolder.appending(path: "stores").path,
      resources: EventStore.Resources(threads: options.limits.threads), notice: options.notice)
  }

  private func source(_ name: String) -> OpenSource? {
    if let known = opened[name] { return known }
    var result: OpenSource?
    do {
      result = try openSource(name)
      sourceFindings[name] = result?.report.flatMap { loss($0, ofSource: name) }
      if sourceFindings[name]?.diagnostic.severity == .error { result = nil }
    } catch {
      sourceFindings[name] = refusal(error, ofSource: name)
    }
    opened[name] = .some(result)
    return result
  }

  /// Why a source is not there, at its place in the project file.
  func refusal(_ error: any Error, ofSource name: String) -> LocatedDiagnostic {
    LocatedDiagnostic(
      SourceDiagnostics.diagnostic(error, opening: name, described(name)), in: projectText)
  }

  private func loss(_ report: IngestReport, ofSource name: String) -> LocatedDiagnostic? {
    SourceDiagnostics.diagnostic(report, reading: name, described(name)).map {
      LocatedDiagnostic($0, in: projectText)
    }
  }

  private func described(_ source: String) -> Project.Source? {
    project.sources.first { $0.name == source }
  }

  // MARK: Documents

  /// Runs a document, once.
  func run(_ file: URL, parameters: [String: String]) throws -> RunDocument {
    let path = project.relativePath(file)
    // What is imported is run with the parameters that it says itself, whatever they are when it is rendered.
    let key = DocumentKey(path: path, parameters: parameters)
    if let known = documents[key] { return known }
    let text = SourceText(name: path, utf8: Array(try FileRefusal.data(of: file, named: path)))
    let result = run(text, folder: file.deletingLastPathComponent(), parameters: parameters)
    documents[key] = result
    return result
  }

  /// Runs a document from its text; imports are relative to the folder.
  func run(_ text: SourceText, folder: URL, parameters: [String: String]) -> RunDocument {
    let (document, found) = Document.parse(text)
    return run(document, found, folder: folder, parameters: parameters)
  }

  /// Checks and runs a parsed document, with what was found while parsing.
  func run(
    _ document: Document, _ found: [Diagnostic], folder: URL, parameters: [String: String], runs: Bool = true
  ) -> RunDocument {
    let text = document.source
    stack.append(text.name)
    defer { stack.removeLast() }
    var diagnostics = found
    var imported: [LocatedDiagnostic] = []
    var imports: [String: Program?] = [:]
    for item in document.frontMatter.imports {
      do {
        let other = try importedDocument(item, from: folder)
        imports[item.alias] = other.program
        imported += other.diagnostics.filter { $0.diagnostic.severity == .error && !imported.contains($0) }
      } catch {
        imports[item.alias] = .some(nil)
        diagnostics.append(error)
      }
    }
    var sourceName: String?
    let program = Program(
      document: document, imports: imports, timeZone: project.timeZone, parameters: parameters,
      limits: options.limits, sourceNames: project.sources.map(\.name)
    ) { [unowned self] in
      sourceName = self.sourceName(of: document)
      return sourceName.flatMap { self.source($0) }
    }
    program.check()
    let sourceMistakes = checkSource(of: document)
    diagnostics += sourceMistakes
    var run = Run(
      program,
      cache: options.usesCache ? ResultCache(workFolder: project.workFolder) : nil,
      limits: options.limits)
    if runs { run.run() }
    let finding = sourceName.flatMap { sourceFindings[$0] }
    if let finding, !imported.contains(finding) { imported.append(finding) }
    if finding?.diagnostic.severity == .error || hasBrokenProject || !sourceMistakes.isEmpty {
      // What is wrong there explains every table that is missing.
      program.diagnostics.removeAll { $0.id == "no-relation" }
    }
    diagnostics += program.diagnostics + run.diagnostics
    diagnostics.sort { ($0.range?.lower ?? -1, $0.id) < ($1.range?.lower ?? -1, $1.id) }
    return RunDocument(
      text: text, program: program, run: run, source: sourceName.flatMap { opened[$0] ?? nil },
      diagnostics: imported + diagnostics.map { LocatedDiagnostic($0, in: text) }, folder: folder)
  }

  /// The source that a document's events come from: the one that it names, or the only one that there is.
  private func sourceName(of document: Document) -> String? {
    if let name = document.frontMatter.source {
      return project.sources.contains { $0.name == name } ? name : nil
    }
    return project.sources.count == 1 ? project.sources[0].name : nil
  }

  private var hasBrokenProject: Bool { projectDiagnostics.contains { $0.diagnostic.severity == .error } }

  private func checkSource(of document: Document) -> [Diagnostic] {
    guard !hasBrokenProject, let name = document.frontMatter.source,
      !project.sources.contains(where: { $0.name == name }),
      !document.blocks.contains(where: { $0.kind == .data && $0.name == name })
    else { return [] }
    let known = project.sources.map(\.name)
    return [
      Diagnostic(
        id: "no-source", "no source named '\(name)'", at: document.frontMatter.sourceRange,
        label: "not a source",
        notes: known.isEmpty
          ? ["there is no \(Project.fileName) with sources here or above"]
          : ["the sources are \(known.map { "'\($0)'" }.joined(separator: ", "))"],
        hints: NearestName.of(name, among: known).map { ["did you mean '\($0)'?"] } ?? [])
    ]
  }

  private func importedDocument(
    _ item: FrontMatter.Import, from folder: URL
  ) throws(Diagnostic) -> RunDocument {
    let file = folder.appending(path: item.path).standardizedFileURL
    let root = project.root.standardizedFileURL.path
    guard !item.path.hasPrefix("/"),
      file.resolvingSymlinksInPath().path.hasPrefix(
        project.root.resolvingSymlinksInPath().path + "/"), file.path.hasPrefix(root + "/")
    else {
      throw Diagnostic(
        id: "import-outside", "an import lies in the project", at: item.range,
        label: "outside of the project",
        hints: ["move the document into the folder of the project, and name it by a relative path"])
    }
    let path = project.relativePath(file)
    if stack.contains(path) {
      let cycle = (stack.drop { $0 != path } + [path]).map { "'\($0)'" }.joined(separator: " → ")
      throw Diagnostic(
        id: "import-cycle", "'\(path)' imports itself", at: item.range, label: "closes a cycle",
        notes: ["the cycle is \(cycle)"], hints: ["move what both need to a document that imports neither"])
    }
    guard let document = try? run(file, parameters: [:]) else {
      throw Diagnostic(
        id: "no-document", "no document '\(item.path)'", at: item.range, label: "not there",
        hints: ["the path is relative to this document"])
    }
    return document
  }
}

/// A document that has been run.
struct RunDocument {
  let text: SourceText
  let program: Program
  let run: Run
  let source: OpenSource?
  let diagnostics: [LocatedDiagnostic]
  let folder: URL

  /// Those of the document's own text.
  var ownDiagnostics: [Diagnostic] { diagnostics.filter { $0.source == text }.map(\.diagnostic) }
}
