import Foundation

/// The folder of a simulation: new files are made in a hidden folder within it, and moved into their places when
/// all are whole.
struct SimulationFolder {
  let place: URL
  /// Where new files are made.
  let workshop: URL
  private let files = FileManager.default

  init(_ place: URL) {
    self.place = place
    workshop = place.appendingPathComponent(".simulation-in-progress")
  }

  /// What the folder says of itself; nothing where no simulation was made, or the note is damaged.
  func manifest() -> SimulationManifest? {
    guard let data = try? Data(contentsOf: place.appendingPathComponent(SimulationManifest.name)) else {
      return nil
    }
    return try? JSONDecoder().decode(SimulationManifest.self, from: data)
  }

  /// Whether all files of a manifest are there, as large as they were made.
  func holds(_ manifest: SimulationManifest) -> Bool {
    manifest.isComplete
      && manifest.files.allSatisfy { size(of: place.appendingPathComponent($0.name)) == $0.bytes }
  }

  func truth() -> SimulationTruth? {
    guard let data = try? Data(contentsOf: place.appendingPathComponent("truth.json")) else { return nil }
    return try? SimulationFolder.decoder.decode(SimulationTruth.self, from: data)
  }

  /// Makes the workshop, empty.
  func open() throws {
    if files.fileExists(atPath: workshop.path) { try files.removeItem(at: workshop) }
    try files.createDirectory(at: workshop, withIntermediateDirectories: true)
  }

  /// Removes the workshop with all that is in it.
  func close() { try? files.removeItem(at: workshop) }

  /// Refuses to go on when a file that is to be made stands there and is no simulation's.
  func checkPlaces(of names: [String]) throws {
    let ours = Set(manifest()?.files.map(\.name) ?? [])
    for name in names where !ours.contains(name) {
      let target = place.appendingPathComponent(name)
      if files.fileExists(atPath: target.path) { throw SimulationError.occupied(path: target.path) }
    }
  }

  /// Moves the files of the workshop into their places, in place of those of the simulation before.
  func publish(_ names: [String], format: LogFormat, specification: ShopSpecification) throws
    -> SimulationManifest
  {
    let made = names.map { name in
      SimulationManifest.File(name: name, bytes: size(of: workshop.appendingPathComponent(name)) ?? 0)
    }
    let earlier = (manifest()?.files ?? []).filter {
      SimulationFolder.isOurs($0.name) && !names.contains($0.name)
    }
    var manifest = SimulationManifest(
      isComplete: false, format: format, specification: specification, files: made + earlier)
    // Until all files are moved, the folder says that it is incomplete and which files are a simulation's.
    try write(manifest)
    for file in earlier {
      let old = place.appendingPathComponent(file.name)
      if files.fileExists(atPath: old.path) { try files.removeItem(at: old) }
    }
    for name in names {
      let target = place.appendingPathComponent(name)
      if files.fileExists(atPath: target.path) { try files.removeItem(at: target) }
      try files.moveItem(at: workshop.appendingPathComponent(name), to: target)
    }
    manifest.isComplete = true
    manifest.files = made
    try write(manifest)
    return manifest
  }

  func write(_ truth: SimulationTruth) throws {
    try SimulationFolder.encoder.encode(truth).write(to: workshop.appendingPathComponent("truth.json"))
  }

  private func write(_ manifest: SimulationManifest) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(manifest)
      .write(to: place.appendingPathComponent(SimulationManifest.name), options: .atomic)
  }

  private func size(of file: URL) -> Int? {
    (try? files.attributesOfItem(atPath: file.path))?[.size] as? Int
  }

  /// Whether a name is one that simulations give, so that a manifest that was tampered with removes nothing else.
  private static func isOurs(_ name: String) -> Bool {
    if name == "users.csv" || name == "truth.json" { return true }
    guard name.hasPrefix("events-"), LogFormat.allCases.contains(where: { name.hasSuffix(".\($0.rawValue)") })
    else { return false }
    return name.utf8.allSatisfy { byte in
      byte == 45 || byte == 46 || (48...57).contains(byte) || (65...90).contains(byte)
        || (97...122).contains(byte)
    }
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return encoder
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }
}
