import Foundation
import Values

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A channel of plain values.
func channel(
  _ name: String, _ type: ScalarType, _ values: [Scalar], display: Display = .automatic
) -> Layer.Channel {
  Layer.Channel(name: name, column: Column(type, values), display: display)
}

/// Days from a date on, a number of days apart.
func days(from year: Int64, _ month: Int64, _ day: Int64, count: Int, apart: Int64 = 1) -> [Scalar] {
  let start = Calendar.day(year: year, month: month, day: day)
  return (0..<count).map { .date(start + Int64($0) * apart) }
}

/// What a parser of XML finds in a drawing.
final class Drawing: NSObject, XMLParserDelegate {
  private(set) var isWellFormed = false
  /// How often each element occurs.
  private(set) var elements: [String: Int] = [:]
  private(set) var ids: [String] = []
  /// The texts of all `text` elements, without the full names in them.
  private(set) var texts: [String] = []
  private(set) var title = ""
  private(set) var sentences = ""
  /// All coordinates and lengths.
  private(set) var numbers: [Double] = []
  private(set) var attributes: Set<String> = []
  /// The texts with where they stand.
  private(set) var labels: [(text: String, x: Double, anchor: String, isSlanted: Bool)] = []
  private var path: [String] = []
  private var anchors: [String] = []
  private var place = (x: 0.0, isSlanted: false)
  private var current = ""

  init(_ svg: String) {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements[name, default: 0] += 1
    path.append(name)
    if let id = attributes["id"] { ids.append(id) }
    self.attributes.formUnion(attributes.keys)
    for key in ["x", "y", "cx", "cy", "width", "height"] {
      if let value = attributes[key].flatMap(Double.init) { numbers.append(value) }
    }
    let data = attributes["d"] ?? ""
    numbers += data.split { "MLChvZ \n".contains($0) }.map { Double($0) ?? .nan }
    anchors.append(attributes["text-anchor"] ?? anchors.last ?? "start")
    guard name == "text" else { return }
    current = ""
    place = (attributes["x"].flatMap(Double.init) ?? 0, attributes["transform"] != nil)
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    switch path.last {
    case "text": current += text
    case "title" where path.count == 2: title += text
    case "desc": sentences += text
    default: break
    }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    if name == "text" {
      texts.append(current)
      labels.append((current, place.x, anchors.last ?? "start", place.isSlanted))
    }
    path.removeLast()
    anchors.removeLast()
  }
}

/// Numbers that are the same in every run.
struct FixedRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
