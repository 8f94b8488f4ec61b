import ADBC
import Values

/// Takes in the texts of one column: each gets a code, equal ones mostly the same. What is too much for memory goes to
/// the disk, in order.
///
/// A text that comes again after it has gone to the disk has a second code: only merging tells. One thread at a time uses
/// it.
final class TextIntake {
  private let path: String
  private var interner = TextInterner()
  private var runs: [TextRun] = []
  /// Is sorted and written while others come.
  private var pending: Promise<Result<TextRun, StoreError>>?
  /// How many codes there were before those of the interner.
  private var first = 0

  /// - Parameter path: of files to come, to which the names of the parts are added.
  init(path: String) { self.path = path }

  /// Who removes the folder must know that nobody writes to it.
  deinit { _ = pending?.wait() }

  /// How many codes were given.
  var count: Int { first + interner.count }

  /// About how many bytes of memory the texts take that may still come again.
  var heldBytes: Int { interner.heldBytes }

  /// The code of a text, new or known.
  func code(for text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    UInt32(truncatingIfNeeded: first) &+ interner.code(for: text)
  }

  /// Takes in the column at a position of a result; one that is not of texts is left as it is.
  func column(_ position: Int, of batch: ResultBatch) throws -> CodedColumn {
    var column = try batch.column(position, &interner)
    guard first > 0, case .codes(var codes) = column.values else { return column }
    column.values = .codes([])
    let first = UInt32(truncatingIfNeeded: first)
    codes.withUnsafeMutableBufferPointer { codes in
      for index in codes.indices { codes[index] &+= first }
    }
    column.values = .codes(codes)
    return column
  }

  /// Has what is held in memory brought in order and written to the disk.
  ///
  /// - Parameter threads: how many may be at work at once.
  func spill(threads: Int) throws(StoreError) {
    try collect()
    guard runs.count < MergedTexts.mostRuns - 1, interner.count > 0 else { return }
    let (texts, first, path) = (interner.dictionary(), first, "\(path).run\(runs.count)")
    interner.removeAll()
    self.first += texts.count
    guard self.first <= UInt32.max else {
      throw StoreError("a column of a source has \(UInt32.max) distinct texts at the most")
    }
    pending = Promise.begun(threads: threads) {
      Result { () throws(StoreError) in try TextRun(sorting: texts, from: first).spilled(to: path) }
    }
  }

  /// Waits for what is being written.
  private func collect() throws(StoreError) {
    guard let made = pending?.wait() else { return }
    pending = nil
    runs.append(try made.get())
  }

  /// All distinct texts, of which no more come; memory lets go of them with the result.
  func finish() throws(StoreError) -> MergedTexts {
    try collect()
    let rest = TextRun(sorting: interner.dictionary(), from: first)
    interner = TextInterner()
    defer { runs = [] }
    if runs.isEmpty { return MergedTexts([rest]) }
    return MergedTexts(rest.count == 0 ? runs : runs + [try rest.spilled(to: "\(path).run\(runs.count)")])
  }
}
