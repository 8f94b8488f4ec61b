import Diagnostics
import Documents
import Values

/// Everything that goes into a report: a document, and what its blocks and inline values gave.
///
/// A report has no clock and no path: the same report is written as the same bytes on every machine.
public struct Report: Sendable {
  /// The front matter, the prose and the blocks.
  public var document: Document
  /// One for each of the document's blocks, in their order.
  public var results: [BlockResult]
  /// One for each of the document's inline values, in their order.
  public var inlineResults: [InlineResult]
  /// What the values were made from.
  public var provenance: Provenance
  /// Everything that was found wrong. What lies in a block is shown there and counted at the top of the page, where
  /// the rest is; those that a failed block carries need not be here, and are not shown twice.
  public var diagnostics: [Diagnostic]
  /// The zone that times are shown in.
  public var timeZone: TimeZoneRules
  /// What the destination of a link or an image becomes in the page: the report of another document, or a
  /// `data:` URI of an image's bytes. A destination that is not here stays as it is.
  public var destinations: [String: String]

  /// A report on a document; there is one result for each block and each inline value.
  public init(
    document: Document, results: [BlockResult], inlineResults: [InlineResult], provenance: Provenance,
    diagnostics: [Diagnostic] = [], timeZone: TimeZoneRules = .utc, destinations: [String: String] = [:]
  ) {
    precondition(results.count == document.blocks.count, "a report has one result for each block")
    precondition(
      inlineResults.count == document.inlineValues.count, "a report has one result for each inline value")
    self.document = document
    self.results = results
    self.inlineResults = inlineResults
    self.provenance = provenance
    self.diagnostics = diagnostics
    self.timeZone = timeZone
    self.destinations = destinations
  }
}
