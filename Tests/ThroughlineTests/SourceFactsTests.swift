import Foundation
import Testing
import Throughline

/// How rows became known to be whose, and what was left out, is said wherever a source is described.
@Suite struct SourceFactsTests {
  private static let folder = RecordedDocuments.repository.appending(
    path: "Tests/Documents/language/identity")

  @Test("a source's description counts rows by what told whose they are") func description() throws {
    let session = try Session(folder: Self.folder)
    let text = try session.description(ofSource: "shop").get()
    #expect(text.contains("entities     5 by 'entity'\n"))
    #expect(text.contains("duplicates   1 left out\n"))
    #expect(
      text.contains(
        """
          identity     5 rows by 'user'
                       4 by the user before on 'device'
                       1 by the user after on 'device'
                       2 by 'device' alone

        """))
    let kiosk = try session.description(ofSource: "kiosk").get()
    #expect(kiosk.contains("0 by the user after on 'device'\n"))
    #expect(kiosk.contains("3 by 'device' alone\n"))
  }

  @Test("a report says it among what it was made from") func provenance() throws {
    let session = try Session(folder: Self.folder, options: RunOptions(usesCache: false))
    let file = Self.folder.appending(path: "backfilled.md")
    let page = try session.render(file, as: .html).text
    #expect(
      page.contains(
        "5 rows name their user, 4 have the user before them on the device, 1 the user after, 2 the device alone"
      ))
    let json = try session.render(file, as: .json).text
    let flat = json.filter { !$0.isWhitespace }
    #expect(flat.contains(#""identity":{"user":5,"previous":4,"next":1,"device":2}"#))
  }

  @Test("a report says what was left out of its source") func leftOut() throws {
    let folder = RecordedDocuments.repository.appending(path: "Tests/Documents/diagnostics/unreadable-rows")
    let session = try Session(folder: folder, options: RunOptions(usesCache: false))
    let rendering = try session.render(folder.appending(path: "unreadable-rows.md"), as: .html)
    #expect(rendering.outcome == .succeeded)
    #expect(rendering.text.contains("1 duplicate, 2 rows that could not be read</dd>"))
    let nothing = try session.render(folder.appending(path: "no-row.md"), as: .html)
    #expect(nothing.outcome == .failed)
  }
}
