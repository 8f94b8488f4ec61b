import Diagnostics
import Engine
import Foundation
import Throughline
import Values

/// Opens a project once and then does what each line of its input asks for, so that a driver can have this engine and
/// others take turns. One line of JSON comes back for each.
@main
struct Runner {
  /// One line of the input.
  struct Request: Decodable {
    /// What is done with the text.
    enum Kind: String, Decodable { case query, document, bandwidth, sizes }
    let kind: Kind
    let text: String?
    /// Whether the rows of a query are wanted, and not the times alone.
    let rows: Bool?
  }

  /// One line of the output.
  struct Reply: Encodable {
    var wall: Double?
    var cpu: Double?
    var columns: [String]?
    var rows: [[Cell]]?
    var gigabytesPerSecond: Double?
    /// Bytes by the name of a column.
    var sizes: [String: Int]?
    var error: String?
  }

  static func main() throws {
    FreedMemory.keep()
    guard CommandLine.arguments.count == 3, let threads = Int(CommandLine.arguments[2]) else {
      FileHandle.standardError.write(Data("usage: Runner PROJECT THREADS\n".utf8))
      exit(64)
    }
    let folder = URL(filePath: CommandLine.arguments[1])
    let options = RunOptions(limits: ExecutionLimits(threads: threads), usesCache: false)
    let session = try Session(folder: folder, options: options)
    let encoder = JSONEncoder()
    while let line = readLine() {
      let reply: Reply
      do {
        let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
        reply = try answer(request, in: session, threads: threads)
      } catch {
        reply = Reply(error: "\(error)")
      }
      FileHandle.standardOutput.write(try encoder.encode(reply) + Data("\n".utf8))
    }
  }

  private static func answer(_ request: Request, in session: Session, threads: Int) throws -> Reply {
    let text = request.text ?? ""
    switch request.kind {
    case .query:
      let (result, spent) = Stopwatch.measure { session.query(text, source: "shop") }
      guard let table = result.table else { return Reply(error: messages(result.diagnostics)) }
      var reply = Reply(wall: spent.wall, cpu: spent.cpu)
      if request.rows == true {
        reply.columns = table.schema.map(\.name)
        reply.rows = (0..<table.count).map { table.row($0).map { Cell(scalar: $0) } }
      }
      return reply
    case .document:
      let source = SourceText(name: "all.md", text: text)
      let (report, spent) = try Stopwatch.measure {
        try session.render(source, in: session.project.root, as: .md)
      }
      guard report.outcome == .succeeded else { return Reply(error: messages(report.diagnostics)) }
      return Reply(wall: spent.wall, cpu: spent.cpu)
    case .sizes:
      guard let log = try session.openLog("shop")?.log else { return Reply(error: "no source 'shop'") }
      return Reply(sizes: log.sizes)
    case .bandwidth:
      return Reply(gigabytesPerSecond: Bandwidth.gigabytesPerSecond(threads: threads))
    }
  }

  private static func messages(_ diagnostics: [LocatedDiagnostic]) -> String {
    diagnostics.map(\.diagnostic.message).joined(separator: "; ")
  }
}

/// A value of a table as JSON.
struct Cell: Encodable {
  let scalar: Scalar

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch scalar {
    case .null: try container.encodeNil()
    case .boolean(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .double(let value): try container.encode(value)
    case .text, .timestamp, .date, .duration: try container.encode(ValueFormatter.machine(scalar))
    }
  }
}
