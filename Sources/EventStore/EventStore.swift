import Foundation

/// A source's events, and what is known of them.
public struct OpenedLog: Sendable {
  /// The events, by entity and time.
  public var log: EventLog
  /// What became of the rows of the files; what is wrong with those of dimensions comes last.
  public var report: IngestReport
  /// The tables of facts, by name.
  public var dimensions: [String: DimensionTable]
  /// Identify the dimensions' content, by name: equal for equal files and settings, 64 hexadecimal digits.
  public var dimensionFingerprints: [String: String]
}

/// Opens sources: reads their files once, into columns that are mapped from then on.
public enum EventStore {
  /// What reading may take of the machine.
  public struct Resources: Hashable, Sendable {
    /// The result does not depend on it.
    public var threads: Int
    /// In bytes; beyond it, sorting goes to the disk. Nothing leaves it to the database: 80 % of memory.
    public var memoryLimit: Int?
    /// In bytes: about how much the distinct texts of a source may take of memory before they are sorted on the disk.
    public var textMemory: Int

    /// All processors, and the database's own limit of memory, unless said otherwise.
    public init(
      threads: Int = ProcessInfo.processInfo.activeProcessorCount, memoryLimit: Int? = nil,
      textMemory: Int = 256 << 20
    ) {
      self.threads = threads
      self.memoryLimit = memoryLimit
      self.textMemory = textMemory
    }
  }

  /// The log of a source, as its files are now: from the store where that was made from the same files, else from
  /// the files, of which a store is made.
  ///
  /// - Parameters:
  ///   - directory: holds the stores; made where it is missing.
  ///   - notice: told of what takes time, and of damaged stores.
  public static func open(
    _ source: SourceDescription, at directory: String, resources: Resources = Resources(),
    notice: (StoreNotice) -> Void = { _ in }
  ) throws(StoreError) -> OpenedLog {
    let folder = StoreFolder(directory, source: source.name)
    var hashes = HashCache(path: "\(folder.path)/hashes.json")
    let files = try SourceFiles(matching: source.events, in: source.folder)
    let inputs = try StoreInput(files, source, &hashes)
    var dimensionInputs: [(name: String, dimension: SourceDescription.Dimension, input: StoreInput)] = []
    for (name, dimension) in source.dimensions.sorted(by: { $0.key < $1.key }) {
      dimensionInputs.append((name, dimension, try StoreInput(dimension, source, &hashes)))
    }
    hashes.save()

    let log = try folder.store("log", fingerprint: inputs.fingerprint, notice: notice) {
      (fresh, earlier) throws(StoreError) in
      let manifest = try inputs.makeLog(
        source, resources, from: earlier.compactMap { EarlierLog($0.manifest, in: $0.folder) }, in: fresh,
        notice: notice)
      try inputs.requireUnchanged()
      return manifest
    } open: { (manifest, folder) throws(StoreError) in
      (log: try EventLog(mapping: manifest, in: folder, threads: resources.threads), report: manifest.report)
    }
    var opened = OpenedLog(log: log.log, report: log.report, dimensions: [:], dimensionFingerprints: [:])
    for (name, dimension, input) in dimensionInputs {
      let kind = "dimension-" + StoreFolder.fileName(name) + "."
      opened.dimensions[name] = try folder.store(kind, fingerprint: input.fingerprint, notice: notice) {
        (fresh, _) throws(StoreError) in
        notice(StoreNotice(.progress, "reading \(input.summary) for '\(name)' of '\(source.name)'"))
        do throws(StoreError) {
          let manifest = try input.makeDimension(dimension, source, resources, in: fresh)
          try input.requireUnchanged()
          return manifest
        } catch {
          throw error.of(dimension: name)
        }
      } open: { (manifest, folder) throws(StoreError) in
        try DimensionTable(mapping: manifest, in: folder)
      }
      opened.dimensionFingerprints[name] = input.fingerprint
      opened.report.problems += opened.dimensions[name]?.problems ?? []
    }
    return opened
  }
}
