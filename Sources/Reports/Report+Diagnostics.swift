import Diagnostics
import Documents

extension Report {
  /// What is wrong with a block, in the order it was found, each once.
  func diagnostics(inBlock index: Int) -> [Diagnostic] {
    var found: [Diagnostic] = []
    if case .failed(let reasons) = results[index] { found = reasons }
    let range = document.blocks[index].wholeRange
    for diagnostic in diagnostics where !found.contains(diagnostic) {
      if let place = diagnostic.range, range.lower <= place.lower, place.lower <= range.upper {
        found.append(diagnostic)
      }
    }
    return found
  }

  /// What is wrong elsewhere: in the front matter, in inline values, in no place at all.
  var diagnosticsOutsideBlocks: [Diagnostic] {
    let placed = Set(document.blocks.indices.flatMap { diagnostics(inBlock: $0) })
    var found: [Diagnostic] = []
    let inline = inlineResults.compactMap { result -> Diagnostic? in
      if case .failed(let diagnostic) = result { diagnostic } else { nil }
    }
    for diagnostic in diagnostics + inline where !placed.contains(diagnostic) && !found.contains(diagnostic) {
      found.append(diagnostic)
    }
    return found
  }
}

extension CodeBlock {
  /// From the fence to the end of the body.
  fileprivate var wholeRange: SourceRange {
    body.utf8.isEmpty ? range : range.joined(with: body.range(0, body.utf8.count))
  }
}
