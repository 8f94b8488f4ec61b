import Diagnostics
import Foundation
import Testing
import Values

@testable import Simulation

/// The description of the shop that the analyses read.
enum Fixture {
  static let description: String = {
    let place = URL(filePath: #filePath).appending(path: "../../../analyses/shop.yaml").standardizedFileURL
    return (try? String(contentsOf: place, encoding: .utf8)) ?? ""
  }()

  /// The shop, with so many people.
  static func shop(people: Int) throws -> ShopSpecification {
    let (shop, diagnostics) = Simulation.read(SourceText(name: "shop.yaml", text: description))
    #expect(diagnostics.isEmpty)
    var found = try #require(shop)
    found.people = people
    return found
  }

  /// Runs in a new folder that is removed afterwards.
  static func withFolder<Value>(_ body: (URL) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "simulation-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  /// All files of a folder, hidden ones too, with their bytes.
  static func contents(_ folder: URL) throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      contents[name] = try Data(contentsOf: folder.appending(path: name))
    }
    return contents
  }

  /// The records of a CSV text by the names of its heading; an empty field that is not quoted is absent.
  static func records(_ csv: Data) -> [[String: String]] {
    var rows: [[String?]] = []
    var row: [String?] = []
    var field: [UInt8] = []
    var isQuoted = false
    var isInQuotes = false
    let bytes = [UInt8](csv)
    var index = 0
    func value() -> String? { field.isEmpty && !isQuoted ? nil : String(decoding: field, as: UTF8.self) }
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if isInQuotes {
        if byte != 34 {
          field.append(byte)
        } else if index < bytes.count, bytes[index] == 34 {
          field.append(34)
          index += 1
        } else {
          isInQuotes = false
        }
        continue
      }
      switch byte {
      case 34:
        isInQuotes = true
        isQuoted = true
      case 44, 10:
        row.append(value())
        field = []
        isQuoted = false
        if byte == 10 {
          rows.append(row)
          row = []
        }
      default: field.append(byte)
      }
    }
    guard let heading = rows.first else { return [] }
    return rows.dropFirst().map { row in
      var record: [String: String] = [:]
      for (name, value) in zip(heading, row) where value != nil { record[name ?? ""] = value }
      return record
    }
  }

  /// The log of a folder in CSV, file by file in order of time.
  static func log(_ folder: URL) throws -> [(file: String, records: [[String: String]])] {
    try contents(folder).filter { $0.key.hasPrefix("events-") }.sorted { $0.key < $1.key }
      .map { ($0.key, records($0.value)) }
  }

  /// Microseconds since 1970 of a time such as `2026-06-28T23:59:59.123Z`.
  static func time(_ text: String?) throws -> Int64 {
    // Groups of digits: year, month, day, hour, minute, second, millisecond.
    let parts = try #require(text).split { !$0.isNumber }.compactMap { Int64($0) }
    try #require(parts.count == 7)
    let day = Values.Calendar.day(year: parts[0], month: parts[1], day: parts[2])
    let milliseconds = ((parts[3] * 60 + parts[4]) * 60 + parts[5]) * 1000 + parts[6]
    return day * Values.Calendar.microsecondsPerDay + milliseconds * 1000
  }
}
