import Charts
import Testing
import Values

/// Every mark on columns of every type, with nulls and values from the far ends.
@Suite struct RandomFiguresTests {
  @Test(arguments: Layer.Mark.allCases)
  func everyMarkIsWellFormed(mark: Layer.Mark) {
    var random = FixedRandom(seed: 7)
    for round in 0..<120 {
      let layers = (0..<Int.random(in: 1...2, using: &random)).map { layer in
        Layer(
          layer == 0 ? mark : .rule, x: column("x", &random), y: column("y", &random),
          low: column("low", &random), high: column("high", &random), color: column("color", &random),
          label: column("label", &random), source: column("source", &random),
          target: column("target", &random), isStacked: Bool.random(using: &random),
          bins: Bool.random(using: &random) ? Int.random(in: -1...30, using: &random) : nil)
      }
      let size = ChartSize.allCases.randomElement(using: &random) ?? .regular
      let figure = Figure(layers: layers, title: "Round \(round)", timeZone: "America/New_York")
      let svg = Chart.svg(figure, id: "r\(round)", size: size)
      let drawing = Drawing(svg)
      #expect(drawing.isWellFormed, "\(mark) \(round)")
      let far = drawing.numbers.filter { !$0.isFinite || $0.magnitude > 1e6 }
      #expect(far.isEmpty, "\(mark) \(round)")
      #expect(Set(drawing.ids).count == drawing.ids.count)
      #expect(!drawing.sentences.isEmpty)
    }
  }

  private func column(_ name: String, _ random: inout FixedRandom) -> Layer.Channel? {
    if Int.random(in: 0..<6, using: &random) == 0 { return nil }
    let type = ScalarType.allCases.randomElement(using: &random) ?? .double
    let count = [0, 1, 2, 30].randomElement(using: &random) ?? 1
    let isExtreme = Int.random(in: 0..<4, using: &random) == 0
    let values = (0..<count).map { _ -> Scalar in
      if Int.random(in: 0..<5, using: &random) == 0 { return .null }
      let integer: Int64 =
        isExtreme
        ? [Int64.min, .max, 0, -1, 253_402_300_800_000_000].randomElement(using: &random) ?? 0
        : Int64.random(in: -50...30_000, using: &random)
      switch type {
      case .boolean: return .boolean(integer % 2 == 0)
      case .double:
        let far = [Double.nan, .infinity, -1e308, 1e299, 2.3e-308, 1e15].randomElement(using: &random) ?? 0
        return .double(isExtreme ? far : Double(integer) / 100)
      case .text:
        return .text(isExtreme ? "<\u{202E}&\u{1F469}\u{200D}\u{1F680}>\"\u{0}" : "n\(integer % 12)")
      case .integer, .timestamp, .date, .duration: return Scalar(integral: integer, as: type)
      }
    }
    return channel(
      name, type, values,
      display: [.automatic, .plain, .percent(decimals: 1), .money(currency: "EUR")].randomElement(
        using: &random) ?? .automatic)
  }
}
