import Foundation
import Testing

/// What is shown on a terminal, and that none of it reaches a pipe.
@Suite(.timeLimit(.minutes(3))) struct TerminalTests {
  @Test func `A pipe gets no escape codes and no progress`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document("a.md", Sample.mistake)
    try folder.document("b.md", Sample.counts)
    let run = try await Command.shell("$throughline render 2>&1 | cat", in: folder)
    #expect(run.output.contains("error[no-column]"))
    #expect(!run.output.contains("\u{1B}"))
    #expect(!run.output.contains("\r"))
    #expect(!run.output.contains("reading"))
  }

  @Test func `A terminal shows progress and colours`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document("a.md", Sample.mistake)
    let shown = try await onTerminal("render", in: folder)
    #expect(shown.contains("reading 'data/events.csv'"))
    #expect(shown.contains("\u{1B}[K"))
    #expect(shown.contains("\u{1B}[31m") || shown.contains("\u{1B}[1;31m"))
    #expect(shown.contains("no column named 'evnt'"))
  }

  @Test func `A terminal without colours shows none`() async throws {
    let folder = try WorkFolder.shop()
    try folder.document("a.md", Sample.mistake)
    let shown = try await onTerminal("render", in: folder, environment: ["NO_COLOR": "1"])
    #expect(shown.contains("no column named 'evnt'"))
    #expect(shown.firstMatch(of: /\u{1B}\[[0-9;]*m/) == nil)
    let dumb = try await onTerminal("render --force", in: folder, environment: ["TERM": "dumb"])
    #expect(!dumb.contains("\u{1B}"))
  }

  @Test func `A table has as many columns as a terminal has room for`() async throws {
    let folder = try WorkFolder.shop()
    let query = "query 'from events |> select user_id, event, ts, price |> limit 1' 2>/dev/null"
    let narrow = try await onTerminal(query, in: folder, columns: 30)
    #expect(narrow.contains("user_id  event"))
    #expect(narrow.contains("\n… 2 more columns"))
    #expect(!narrow.contains("price"))
    #expect(narrow.split(whereSeparator: \.isNewline).allSatisfy { $0.count <= 30 })
    let least = try await onTerminal(query, in: folder, columns: 3)
    #expect(least.contains("user_id"))
    #expect(least.contains("… 3 more columns"))
    let wide = try await onTerminal(query, in: folder, columns: 200)
    #expect(wide.contains("price"))
    #expect(!wide.contains("more column"))
  }

  @Test func `A reader that stops ends the program quietly`() async throws {
    let folder = try WorkFolder()
    let run = try await Command.shell("$throughline functions | head -1", in: folder)
    #expect(run.errors.isEmpty)
    #expect(run.output.split(separator: "\n").count == 1)
  }

  /// What a terminal gets to show.
  ///
  /// - Parameter columns: how wide it is; one that does not tell by default.
  private func onTerminal(
    _ arguments: String, in folder: WorkFolder, environment: [String: String] = [:], columns: Int = 0
  ) async throws -> String {
    try folder.write("command.sh", "stty cols \(columns)\n$throughline \(arguments)\n")
    let script = "python3 -c 'import pty, sys; pty.spawn(sys.argv[1:])' sh command.sh"
    return try await Command.shell(
      script, in: folder, environment: ["TERM": "xterm"].merging(environment) { $1 }
    ).output
  }
}
