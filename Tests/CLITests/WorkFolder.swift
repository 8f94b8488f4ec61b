import Foundation
import Testing

/// A folder of one test, removed with it.
final class WorkFolder: Sendable {
  let url: URL
  /// Beside the folder, for what is not part of what is tested.
  let scratch: URL
  private let base: URL

  /// - Parameter name: what the folder itself is called, to tell folders of one content apart.
  init(_ name: String = "project") throws {
    base = FileManager.default.temporaryDirectory.appending(path: "throughline-\(UUID().uuidString)")
      .resolvingSymlinksInPath()
    url = base.appending(path: name)
    scratch = base.appending(path: ".scratch")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: base) }

  /// A folder with a project of a small shop: a source `shop` with a dimension `users`, and no documents.
  static func shop(_ name: String = "project") throws -> WorkFolder {
    let folder = try WorkFolder(name)
    try folder.write(
      "throughline.yaml",
      """
      timezone: UTC
      sources:
        shop:
          events: data/*.csv
          entity: user_id
          time: ts
          event: event
          id: event_id
          dimensions:
            users: {file: users.csv, key: user_id}

      """)
    try folder.write("data/events.csv", smallLog)
    try folder.write("users.csv", "user_id,country\nana,US\nbob,DE\ncat,US\n")
    return folder
  }

  /// Seven events of three people, one of them delivered twice.
  static let smallLog = """
    event_id,ts,event,user_id,price
    1,2026-03-02T10:00:00Z,viewed,ana,10.5
    2,2026-03-02T11:00:00Z,bought,ana,10.5
    3,2026-03-03T10:00:00Z,viewed,bob,3
    3,2026-03-03T10:00:00Z,viewed,bob,3
    4,2026-03-09T10:00:00Z,viewed,cat,
    5,2026-03-10T10:00:00Z,bought,cat,7
    6,2026-03-11T10:00:00Z,viewed,ana,2
    7,2026-03-12T10:00:00Z,viewed,bob,5

    """

  subscript(name: String) -> URL { url.appending(path: name) }

  func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

  func write(_ name: String, _ data: Data) throws {
    try FileManager.default.createDirectory(
      at: self[name].deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: self[name])
  }

  /// Writes a document; the title is its front matter's first line.
  func document(_ name: String, _ body: String, frontMatter: String = "") throws {
    try write(
      name, "---\ntitle: A document\n\(frontMatter.isEmpty ? "" : frontMatter + "\n")---\n\n\(body)\n")
  }

  func data(_ name: String) throws -> Data { try Data(contentsOf: self[name]) }

  func text(_ name: String) throws -> String { String(decoding: try data(name), as: UTF8.self) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: self[name].path) }

  func remove(_ name: String) throws { try FileManager.default.removeItem(at: self[name]) }

  /// The names of all files in the folder and below, hidden ones too, but for what lies in `.throughline`.
  func files() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: url.path).filter { name in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: self[name].path, isDirectory: &isFolder)
        && !isFolder.boolValue && !name.hasPrefix(".throughline")
    }.sorted()
  }
}

/// Documents that many tests use.
enum Sample {
  /// Counts the log's events.
  static let counts = """
    ```query counts
    from events |> aggregate count(*) as n group by event
    ```

    There are `= sum(counts.n)` events.
    """

  /// Has a column that is not there.
  static let mistake = """
    ```query counts
    from events |> aggregate count(*) as n group by evnt
    ```
    """

  /// Expects more events than there are.
  static let tooMuch = counts + "\n\n```expect\nsum(counts.n) > 100 else 'too few events'\n```"
}
