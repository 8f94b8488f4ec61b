import CADBC

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Finds DuckDB's library: where `THROUGHLINE_DUCKDB` says, beside the program, in a folder above it that
/// `make setup` filled, or where the system keeps its libraries.
public enum DuckDBLibrary {
  #if canImport(Darwin)
    static let fileName = "libduckdb.dylib"
  #else
    static let fileName = "libduckdb.so"
  #endif

  /// The places to look at, in order, of a program at a path.
  ///
  /// - Parameter named: the value of `THROUGHLINE_DUCKDB`; what it names is the only candidate.
  static func candidates(named: String?, program: String?) -> [String] {
    if let named, !named.isEmpty { return [named] }
    var paths: [String] = []
    if let folder = program.flatMap(parent) {
      paths = ["\(folder)/\(fileName)", "\(folder)/../lib/throughline/\(fileName)"]
      var above: String? = folder
      while let next = above {
        paths.append("\(next == "/" ? "" : next)/.build-deps/duckdb/\(fileName)")
        above = parent(next)
      }
    }
    // A bare name is looked up by the system.
    paths += [fileName, "/opt/homebrew/lib/\(fileName)", "/usr/local/lib/\(fileName)"]
    return paths
  }

  /// The path of the first candidate that exists, or a bare name that the system resolves.
  public static func located() -> String {
    let named = getenv("THROUGHLINE_DUCKDB").map { String(cString: $0) }
    let candidates = candidates(named: named, program: programPath())
    return candidates.first { $0.contains("/") && access($0, R_OK) == 0 } ?? candidates.first {
      !$0.contains("/")
    }
      ?? candidates[0]
  }

  private static func parent(_ path: String) -> String? {
    guard path != "/", let slash = path.lastIndex(of: "/") else { return nil }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func programPath() -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    #if canImport(Darwin)
      var size = UInt32(buffer.count)
      let found = buffer.withUnsafeMutableBytes { bytes in
        bytes.withMemoryRebound(to: CChar.self) { _NSGetExecutablePath($0.baseAddress, &size) == 0 }
      }
      guard found else { return nil }
      return String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
    #else
      let count = buffer.withUnsafeMutableBytes { bytes in
        bytes.withMemoryRebound(to: CChar.self) { chars in
          chars.baseAddress.map { readlink("/proc/self/exe", $0, chars.count) } ?? -1
        }
      }
      return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    #endif
  }
}

/// A driver in this process. It stays loaded until the process ends, for drivers leave threads and memory behind.
struct Driver {
  let functions: AdbcDriver

  init(library path: String, entryPoint: String) throws(DatabaseError) {
    // Most of its functions are never called: to look each of them up takes longer than a small log's reading.
    guard let handle = dlopen(path, RTLD_LAZY | RTLD_LOCAL) else {
      let reason = dlerror().map { String(cString: $0) } ?? path
      throw DatabaseError(
        message: "DuckDB's library could not be loaded: \(reason)",
        hints: [
          "run `make setup`, or on macOS `brew install duckdb`",
          "the environment variable THROUGHLINE_DUCKDB may name the library",
        ])
    }
    guard let symbol = dlsym(handle, entryPoint) else {
      throw DatabaseError(
        message: "'\(path)' is not a database driver: it has no function '\(entryPoint)'",
        hints: ["DuckDB 1.5.6 is known to work: run `make setup`"])
    }
    let initialize = unsafeBitCast(symbol, to: AdbcDriverInit.self)
    var functions = AdbcDriver()
    try check { initialize(Int32(AdbcVersion_1_1), &functions, $0) }
    self.functions = functions
  }
}
