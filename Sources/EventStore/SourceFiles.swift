#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How a file holds its rows.
enum FileKind: String, Codable {
  case parquet, csv, ndjson

  /// The kind by a file's name, compressed or not.
  init?(ofFile name: String) {
    var name = Substring(name.lowercased())
    for suffix in FileKind.compressions where name.hasSuffix(suffix) { name = name.dropLast(suffix.count) }
    switch name.split(separator: ".").last {
    case "parquet": self = .parquet
    case "csv", "tsv": self = .csv
    case "ndjson", "jsonl", "json": self = .ndjson
    default: return nil
    }
  }

  private static let compressions = [".gz", ".zst"]

  /// Whether a file's name says that it is not compressed.
  static func isPlain(_ name: String) -> Bool {
    !compressions.contains { name.lowercased().hasSuffix($0) }
  }
}

/// A file of a source.
struct SourceFile: Hashable {
  /// As the project writes it: what reports and fingerprints call the file.
  let name: String
  /// Where it is.
  let path: String

  /// The path with what a glob would interpret taken literally.
  var literalPath: String {
    path.map { "*?[".contains($0) ? "[\($0)]" : String($0) }.joined()
  }
}

/// The files of a source, of one kind, sorted by the bytes of their names.
struct SourceFiles {
  let kind: FileKind
  let files: [SourceFile]

  /// The files that match patterns below a folder.
  init(matching patterns: [String], in folder: String) throws(StoreError) {
    var found: [String: String] = [:]
    for pattern in patterns {
      let isAbsolute = pattern.hasPrefix("/")
      let prefix = isAbsolute ? "" : folder.hasSuffix("/") ? folder : folder + "/"
      let matches = SourceFiles.expand(SourceFiles.escaped(prefix) + pattern)
      guard !matches.isEmpty else { throw SourceFiles.refusal(pattern, SourceFiles.escaped(prefix)) }
      for path in matches { found[String(path.dropFirst(prefix.count))] = path }
    }
    files = found.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { SourceFile(name: $0.key, path: $0.value) }
    var kinds: [(kind: FileKind, name: String)] = []
    for file in files {
      guard let kind = FileKind(ofFile: file.name) else {
        throw StoreError(
          "the kind of '\(file.name)' is not known by its name",
          hints: ["events are read from .parquet, .csv, .tsv, .ndjson, and from the latter as .gz and .zst"])
      }
      kinds.append((kind, file.name))
    }
    guard let first = kinds.first else { throw StoreError("a source names at least one file of events") }
    if let other = kinds.first(where: { $0.kind != first.kind }) {
      throw StoreError(
        "one source has files of one kind: '\(first.name)' and '\(other.name)' are of two",
        hints: ["name one kind, for example '*.\(first.kind.rawValue)'"])
    }
    kind = first.kind
  }

  /// What to say of a pattern that no file matches, and perhaps a folder does.
  private static func refusal(_ pattern: String, _ prefix: String) -> StoreError {
    guard let folder = paths(prefix + pattern).first(where: { FolderTree.isFolder($0) }) else {
      return StoreError(
        "no file matches '\(pattern)'", hints: ["paths are relative to the folder of the project file"])
    }
    let name = paths("\(escaped(folder))/*").sorted().first { FileKind(ofFile: $0) != nil } ?? ".parquet"
    let suffix = name.split(separator: ".").suffix(FileKind.isPlain(name) ? 1 : 2).joined(separator: ".")
    let place = pattern.hasSuffix("/") ? String(pattern.dropLast()) : pattern
    return StoreError(
      "'\(pattern)' is a folder", hints: ["name the files in it: '\(place)/*.\(suffix)'"])
  }

  /// The files behind the first ones.
  func dropFirst(_ count: Int) -> SourceFiles {
    SourceFiles(kind: kind, files: Array(files.dropFirst(count)))
  }

  private init(kind: FileKind, files: [SourceFile]) {
    self.kind = kind
    self.files = files
  }

  private static func escaped(_ path: String) -> String {
    path.map { "\\*?[{~".contains($0) ? "\\\($0)" : String($0) }.joined()
  }

  /// The regular files that match a pattern, in which `**` stands for folders at any depth, and for none.
  private static func expand(_ pattern: String) -> [String] {
    let parts = pattern.split(separator: "/", omittingEmptySubsequences: false)
    guard let any = parts.firstIndex(of: "**") else { return paths(pattern).filter { !isFolder($0) } }
    let base = parts[..<any].joined(separator: "/")
    let rest = any + 1 < parts.count ? parts[(any + 1)...].joined(separator: "/") : "*"
    return paths(base.isEmpty ? "/" : base).filter(isFolder).flatMap(FolderTree.folders).flatMap {
      expand("\(escaped($0))/\(rest)")
    }
  }

  private static func paths(_ pattern: String) -> [String] {
    var result = glob_t()
    defer { globfree(&result) }
    guard glob(pattern, GLOB_NOSORT, nil, &result) == 0 else { return [] }
    return (0..<Int(result.gl_pathc)).compactMap { index in
      result.gl_pathv[index].map { String(cString: $0) }
    }
  }

  /// Whether a path leads to a folder, or to nothing.
  private static func isFolder(_ path: String) -> Bool {
    var record = stat()
    return stat(path, &record) != 0 || record.st_mode & S_IFMT == S_IFDIR
  }
}
