import ADBC
import Foundation

/// The format of a simulated log's files; the people are in CSV always.
public enum LogFormat: String, Hashable, Sendable, Codable, CaseIterable {
  case parquet, csv, ndjson
}

/// What stands in `simulation.json` beside the files: what they were made from, so that nothing is made twice and
/// nothing is replaced that another program made.
struct SimulationManifest: Hashable, Codable {
  static let name = "simulation.json"

  struct File: Hashable, Codable {
    var name: String
    var bytes: Int
  }

  /// Raised whenever the same specification gives other bytes.
  private static let currentVersion = 1

  var version = currentVersion
  /// Whether the files are those of this specification, all of them.
  var isComplete: Bool
  var format: LogFormat
  var specification: ShopSpecification
  var files: [File]

  /// Whether this program would make the same files again.
  func makes(_ format: LogFormat, of specification: ShopSpecification) -> Bool {
    version == Self.currentVersion && self.format == format && self.specification == specification
  }
}

/// A refusal of the surroundings to let a simulation be made.
public enum SimulationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A file stands where one of the simulation belongs, and no simulation made it.
  case occupied(path: String)
  /// Reading or writing did not go well.
  case refused(path: String, reason: String)

  /// DuckDB, which writes Parquet, is not there or did not go on.
  case database(DatabaseError)

  /// The refusal in a sentence.
  public var description: String {
    switch self {
    case .occupied(let path): "'\(path)' is there already and was not made by a simulation"
    case .refused(let path, let reason): "the simulation in '\(path)' was not written: \(reason)"
    case .database(let error): "Parquet was not written: \(error.message)"
    }
  }
}
