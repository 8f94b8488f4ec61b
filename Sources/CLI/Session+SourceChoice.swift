import Throughline

extension Session {
  /// Refuses a project without sources, and a name that no source has.
  ///
  /// - Parameter folder: the folder that the command was told to look in.
  func checkSource(_ name: String?, in folder: String) throws {
    // What is wrong with the project file says more.
    if projectDiagnostics.contains(where: { $0.diagnostic.severity == .error }) { return }
    guard !sourceNames.isEmpty else {
      throw Refusal.usage(
        "there is no \(Project.fileName) with sources in '\(folder)' or above",
        hints: ["'--project' names the folder of a project"])
    }
    if let name, !sourceNames.contains(name) {
      throw Refusal.usage(
        "there is no source '\(name)'",
        hints: [Refusal.meant(name, among: sourceNames) ?? "there are \(quoted(sourceNames))"])
    }
  }

  /// Refuses to choose among several sources, too: a query reads the events of one.
  func checkChoice(of name: String?, in folder: String) throws {
    try checkSource(name, in: folder)
    if name == nil, sourceNames.count > 1 {
      throw Refusal.usage(
        "the project has several sources", hints: ["'--source' names one: \(quoted(sourceNames))"])
    }
  }

  private var sourceNames: [String] { project.sources.map(\.name) }

  private func quoted(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
}
