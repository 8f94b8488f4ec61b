/// Writes elements as text. Everything that is not a name in the source is escaped here, and nowhere else.
struct SVGWriter {
  private(set) var text = ""

  /// Starts an element that has children.
  mutating func open(_ name: String, _ attributes: KeyValuePairs<String, any AttributeValue> = [:]) {
    start(name, attributes)
    text += ">\n"
  }

  /// Ends an element.
  mutating func close(_ name: String) { text += "</\(name)>\n" }

  /// Writes an element without children.
  mutating func element(_ name: String, _ attributes: KeyValuePairs<String, any AttributeValue>) {
    start(name, attributes)
    text += "/>\n"
  }

  /// Writes an element that holds a text.
  ///
  /// - Parameter full: the whole text, where `content` is a shortened form of it.
  mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, any AttributeValue>, containing content: String,
    full: String? = nil
  ) {
    start(name, attributes)
    text += ">"
    if let full, full != content { text += "<title>\(SVGWriter.escape(full))</title>" }
    text += SVGWriter.escape(content)
    text += "</\(name)>\n"
  }

  /// Writes a style sheet, which must come from the program itself.
  mutating func style(_ sheet: String) { text += "<style>\(sheet)</style>\n" }

  private mutating func start(_ name: String, _ attributes: KeyValuePairs<String, any AttributeValue>) {
    text += "<\(name)"
    for (key, value) in attributes {
      let written = value.attributeText
      if !written.isEmpty { text += " \(key)=\"\(SVGWriter.escape(written))\"" }
    }
  }
}

extension SVGWriter {
  /// A text as XML: markup escaped, and characters that XML 1.0 does not allow replaced by U+FFFD.
  static func escape(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      case "\t", "\n": result.append(scalar)
      case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{FFFE}"..."\u{FFFF}": result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// A name that is safe as an `id` and in a selector: ASCII letters, digits, `-` and `_`, and a letter
  /// first.
  static func identifier(_ name: String) -> String {
    let safe = name.unicodeScalars.map { scalar -> Character in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "-", "_": Character(scalar)
      default: "-"
      }
    }
    guard let first = safe.first, first.isLetter else { return "chart-" + String(safe) }
    return String(safe)
  }

  /// A coordinate to one decimal, as short as it can be.
  static func coordinate(_ value: Double) -> String {
    guard value.isFinite, value.magnitude < 1e9 else { return "0" }
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let digit = tenths.magnitude % 10
    return sign + String(tenths.magnitude / 10) + (digit == 0 ? "" : ".\(digit)")
  }
}

/// What an attribute can be given.
protocol AttributeValue {
  /// The value before escaping; an attribute with an empty value is left out.
  var attributeText: String { get }
}

extension String: AttributeValue {
  var attributeText: String { self }
}

extension Int: AttributeValue {
  var attributeText: String { String(self) }
}

extension Double: AttributeValue {
  var attributeText: String { SVGWriter.coordinate(self) }
}

/// The `d` of a path. Lines are broken now and then, so that a report's differences stay readable.
struct PathData: AttributeValue {
  private(set) var attributeText = ""
  private var breakAt = 96

  var isEmpty: Bool { attributeText.isEmpty }

  /// Starts a part at a point.
  mutating func move(_ x: Double, _ y: Double) { append("M", x, y) }

  /// Draws a line to a point.
  mutating func line(_ x: Double, _ y: Double) { append("L", x, y) }

  /// Draws a line through points, as a new part.
  mutating func trace(_ points: [(x: Double, y: Double)]) {
    guard let first = points.first else { return }
    move(first.x, first.y)
    for point in points.dropFirst() { line(point.x, point.y) }
  }

  /// Draws a curve to a point, which leaves towards one control point and arrives from another.
  mutating func curve(
    _ first: (x: Double, y: Double), _ second: (x: Double, y: Double), to end: (x: Double, y: Double)
  ) {
    append("C", first.x, first.y)
    append(" ", second.x, second.y)
    append(" ", end.x, end.y)
  }

  /// Draws a line back to the start of the part.
  mutating func close() { attributeText += "Z" }

  /// Adds a closed rectangle.
  mutating func rectangle(_ area: Area) {
    append("M", area.x, area.y)
    let width = SVGWriter.coordinate(area.width)
    attributeText += "h\(width)v\(SVGWriter.coordinate(area.height))h-\(width)Z"
  }

  private mutating func append(_ command: String, _ x: Double, _ y: Double) {
    if attributeText.utf8.count > breakAt {
      attributeText += "\n"
      breakAt = attributeText.utf8.count + 96
    }
    attributeText += "\(command)\(SVGWriter.coordinate(x)) \(SVGWriter.coordinate(y))"
  }
}

/// A rectangle in the view box.
struct Area: Hashable, Sendable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var right: Double { x + width }
  var bottom: Double { y + height }

  /// The rectangle between two corners, whichever they are.
  init(from a: (x: Double, y: Double), to b: (x: Double, y: Double)) {
    self.init(x: min(a.x, b.x), y: min(a.y, b.y), width: abs(a.x - b.x), height: abs(a.y - b.y))
  }

  init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }
}
