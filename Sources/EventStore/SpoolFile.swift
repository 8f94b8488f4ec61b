#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Numbers on their way into the store: in a file, in the order of their coming, all of them as wide as the widest so
/// far needs. The file goes with its owner. One thread at a time uses it.
final class SpoolFile {
  /// How many bytes a number takes.
  enum Width: Int, Comparable {
    case one = 1, two = 2, four = 4, eight = 8

    static func < (a: Width, b: Width) -> Bool { a.rawValue < b.rawValue }
  }

  /// What a number becomes when it is read with more bytes than it was written with.
  enum Sign { case signed, unsigned }

  private let path: String
  private let sign: Sign
  private var file: OutputFile
  private(set) var width: Width

  /// - Parameter path: of the file to come, to which its width is added.
  init(path: String, _ width: Width, _ sign: Sign = .unsigned) throws(StoreError) {
    self.path = path
    self.width = width
    self.sign = sign
    file = try OutputFile(path: "\(path).\(width.rawValue)", .scratch)
  }

  deinit { unlink(file.path) }

  /// Adds elements that have the file's width.
  func append<Element: BitwiseCopyable>(_ elements: [Element]) throws(StoreError) {
    precondition(MemoryLayout<Element>.stride == width.rawValue, "a spool has numbers of one width")
    try file.write(elements)
  }

  /// Adds integers, of which those that mean something fit the width.
  func append<Wide: FixedWidthInteger & BitwiseCopyable>(narrowing integers: [Wide]) throws(StoreError) {
    switch width {
    case .one: try append(integers, as: UInt8.self)
    case .two: try append(integers, as: UInt16.self)
    case .four: try append(integers, as: UInt32.self)
    case .eight: try append(integers, as: UInt64.self)
    }
  }

  @inline(__always)
  private func append<Wide: FixedWidthInteger, Narrow: FixedWidthInteger & BitwiseCopyable>(
    _ integers: [Wide], as _: Narrow.Type
  ) throws(StoreError) {
    try file.write(count: integers.count) { (target: UnsafeMutableBufferPointer<Narrow>, first) in
      integers.withUnsafeBufferPointer { integers in
        for index in target.indices {
          target.initializeElement(at: index, to: Narrow(truncatingIfNeeded: integers[first &+ index]))
        }
      }
    }
  }

  /// Makes room for numbers of a width; what is there is written again.
  func widen(to wider: Width) throws(StoreError) {
    guard wider > width else { return }
    let known = try contents()
    let count = Int(file.count) / width.rawValue
    let narrow = file
    file = try OutputFile(path: "\(path).\(wider.rawValue)", .scratch)
    width = wider
    unlink(narrow.path)
    for start in stride(from: 0, to: count, by: 1 << 16) {
      try append(narrowing: (start..<min(start + 1 << 16, count)).map { known.integer($0) })
    }
  }

  /// What was added so far.
  func contents() throws(StoreError) -> Contents {
    try file.drain()
    return Contents(file: try MappedFile(path: file.path), width: width, sign: sign)
  }

  /// Numbers of a spool, mapped.
  struct Contents {
    fileprivate let file: MappedFile
    let width: Width
    fileprivate let sign: Sign

    /// The numbers, which must be known to be of the type's width.
    func pointer<Element: BitwiseCopyable>(to type: Element.Type) -> UnsafePointer<Element> {
      precondition(MemoryLayout<Element>.stride == width.rawValue, "a spool is read at its width")
      return file.pointer(to: type)
    }

    /// The number in a place, whatever its width.
    @inline(__always) func integer(_ place: Int) -> Int64 {
      switch (width, sign) {
      case (.one, .unsigned): Int64(file.pointer(to: UInt8.self)[place])
      case (.one, .signed): Int64(file.pointer(to: Int8.self)[place])
      case (.two, .unsigned): Int64(file.pointer(to: UInt16.self)[place])
      case (.two, .signed): Int64(file.pointer(to: Int16.self)[place])
      case (.four, .unsigned): Int64(file.pointer(to: UInt32.self)[place])
      case (.four, .signed): Int64(file.pointer(to: Int32.self)[place])
      case (.eight, _): file.pointer(to: Int64.self)[place]
      }
    }
  }
}

extension SpoolFile.Width {
  /// What the unsigned numbers up to one need.
  init(unsignedUpTo highest: UInt32) {
    self = highest <= UInt8.max ? .one : highest <= UInt16.max ? .two : .four
  }
}
