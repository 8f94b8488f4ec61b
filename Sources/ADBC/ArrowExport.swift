import CADBC
import Values

/// What an exported structure points to: freed when its release function is called.
private final class Exported {
  private var blocks: [UnsafeMutableRawPointer] = []

  func block<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
    let pointer = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
    elements.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { pointer.initialize(from: base, count: elements.count) }
    }
    blocks.append(UnsafeMutableRawPointer(pointer))
    return pointer
  }

  func text(_ text: String) -> UnsafePointer<CChar> {
    UnsafePointer(block(text.utf8CString.map { $0 }))
  }

  deinit { for block in blocks { block.deallocate() } }
}

extension ArrowSchema {
  /// The schema of a batch; the one that receives it calls its release function.
  init(exporting schema: Schema) {
    let owner = Exported()
    let children = schema.map { field in
      var child = ArrowSchema()
      child.format = owner.text(ArrowSchema.format(of: field.type))
      child.name = owner.text(field.name)
      child.flags = 2  // nullable
      // The batch owns everything; a child has nothing to free.
      child.release = { $0?.pointee.release = nil }
      return owner.block([child])
    }
    self.init()
    format = owner.text("+s")
    name = owner.text("")
    n_children = Int64(children.count)
    self.children = owner.block(children.map { Optional($0) })
    private_data = Unmanaged.passRetained(owner).toOpaque()
    release = { schema in
      guard let schema, let owner = schema.pointee.private_data else { return }
      schema.pointee.release = nil
      Unmanaged<Exported>.fromOpaque(owner).release()
    }
  }

  private static func format(of type: ScalarType) -> String {
    switch type {
    case .boolean: "b"
    case .integer: "l"
    case .double: "g"
    case .text: "U"
    case .timestamp: "tsu:UTC"
    case .date: "tdD"
    case .duration: "tDu"
    }
  }
}

extension ArrowArray {
  /// A table as one batch; the one that receives it calls its release function.
  init(exporting table: Table) {
    let owner = Exported()
    let children = table.columns.map { column in
      var child = ArrowArray()
      let buffers = ArrowArray.buffers(of: column, owner)
      child.length = Int64(table.count)
      child.null_count = Int64(column.validity?.count { $0 == 0 } ?? 0)
      child.n_buffers = Int64(buffers.count)
      child.buffers = owner.block(buffers)
      child.release = { $0?.pointee.release = nil }
      return owner.block([child])
    }
    self.init()
    length = Int64(table.count)
    n_buffers = 1
    buffers = owner.block([UnsafeRawPointer?.none])
    n_children = Int64(children.count)
    self.children = owner.block(children.map { Optional($0) })
    private_data = Unmanaged.passRetained(owner).toOpaque()
    release = { array in
      guard let array, let owner = array.pointee.private_data else { return }
      array.pointee.release = nil
      Unmanaged<Exported>.fromOpaque(owner).release()
    }
  }

  private static func buffers(of column: Column, _ owner: Exported) -> [UnsafeRawPointer?] {
    let validity = column.validity.map { UnsafeRawPointer(owner.block(packed($0))) }
    switch column.values {
    case .booleans(let values): return [validity, UnsafeRawPointer(owner.block(packed(values)))]
    case .integers(let values) where column.type == .date:
      return [validity, UnsafeRawPointer(owner.block(values.map { Int32(clamping: $0) }))]
    case .integers(let values): return [validity, UnsafeRawPointer(owner.block(values))]
    case .doubles(let values): return [validity, UnsafeRawPointer(owner.block(values))]
    case .texts(let codes, let dictionary):
      var offsets: [Int64] = [0]
      offsets.reserveCapacity(codes.count + 1)
      var bytes: [UInt8] = []
      for (row, code) in codes.enumerated() {
        if !column.isNull(row) { bytes.append(contentsOf: dictionary.utf8(Int(code))) }
        offsets.append(Int64(bytes.count))
      }
      return [validity, UnsafeRawPointer(owner.block(offsets)), UnsafeRawPointer(owner.block(bytes))]
    }
  }

  /// One bit for each byte that is not 0.
  private static func packed(_ bytes: [UInt8]) -> [UInt8] {
    var bits = [UInt8](repeating: 0, count: (bytes.count + 7) / 8)
    for (index, byte) in bytes.enumerated() where byte != 0 { bits[index >> 3] |= 1 << UInt8(index & 7) }
    return bits
  }
}
