import Diagnostics
import EventStore
import Values
import Yams

extension ProjectReader {
  /// What holds the rows of a source.
  enum Storage { case files, database }

  /// A column that is said to be of a type.
  struct ColumnType {
    /// As the project file writes it.
    let name: String
    let entry: Project.TypeEntry
  }

  /// `{app_version: text, …}`, behind a key in the given place: the types of columns of the log or of a dimension,
  /// whatever their values look like.
  mutating func types(
    _ node: Yams.Node, _ place: SourceRange, of dimension: String? = nil, in storage: Storage
  ) -> [ColumnType] {
    guard storage == .files else {
      report(
        "bad-shape", "'types' is told of the columns of files", at: place, label: "a database",
        hints: ["let a view of the database cast them"])
      return []
    }
    var types: [ColumnType] = []
    for (column, value, namePlace) in entries(of: node, "'types'", known: nil) {
      if let twin = types.first(where: { $0.name.lowercased() == column.lowercased() }) {
        report(
          "duplicate-column", "'\(column)' is the column '\(twin.name)', which has a type already",
          at: namePlace,
          label: "once more", hints: ["leave one of the two out"])
        continue
      }
      guard let name = string(value, column) else { continue }
      let place = range(of: value)
      switch ScalarType(named: name) {
      case nil: reportType(name, at: place)
      case .duration:
        report(
          "column-type", "column '\(column)' of files is no duration", at: place,
          label: "not a type of columns of files",
          hints: ["write 'double', and multiply where it is used: '\(column) * 1 second'"])
      case .some(let type):
        let entry = Project.TypeEntry(name: namePlace, type: type, typeRange: place)
        types.append(ColumnType(name: column, entry: entry))
        typeEntries[TypedColumn(dimension: dimension, name: column)] = entry
      }
    }
    return types
  }

  private mutating func reportType(_ name: String, at place: SourceRange) {
    let known = ScalarType.allCases.filter { $0 != .duration }.map(\.rawValue)
    report(
      "no-type", "no type named '\(name)'", at: place, label: "not a type",
      notes: ["the types of columns are \(known.map { "'\($0)'" }.joined(separator: ", "))"],
      hints: NearestName.of(name, among: ScalarType.names.keys.sorted()).map { ["did you mean '\($0)'?"] }
        ?? [])
  }

  /// Reports types that what a column stands for does not have.
  mutating func checkTypes(_ types: [ColumnType], roles: [String: String], identity: IdentityColumns?) {
    let who: Set<ScalarType> = [.text, .integer]
    let uses: [(role: String, column: String?, types: Set<ScalarType>)] = [
      ("entity", identity == nil ? roles["entity"] : nil, who),
      ("device", identity?.device, who),
      ("user", identity?.user, who),
      ("time", roles["time"], [.timestamp, .date, .integer]),
      ("event", roles["event"], [.text]),
    ]
    for declared in types {
      for use in uses
      where use.column?.lowercased() == declared.name.lowercased() && !use.types.contains(declared.entry.type)
      {
        let fit = ScalarType.allCases.filter(use.types.contains).map { "'\($0.rawValue)'" }
        report(
          "column-type", "the \(use.role) '\(declared.name)' is not of type \(declared.entry.type.rawValue)",
          at: declared.entry.typeRange,
          label: "no type of \(use.role == "entity" ? "entities" : use.role + "s")",
          notes: ["it is of type \(fit.joined(separator: " or "))"],
          hints: ["leave '\(declared.name)' out of 'types', and its values decide"])
      }
    }
  }
}

extension DeclaredTypes {
  /// Types of columns as a project file has them.
  init(_ types: [ProjectReader.ColumnType]) {
    self.init(Dictionary(types.map { ($0.name, $0.entry.type) }) { _, last in last })
  }
}
