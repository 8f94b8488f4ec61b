import Testing
import Values

@testable import Charts

@Suite struct ScaleTests {
  private func scale(_ values: [Double], _ fit: Fit, display: Display = .automatic) -> Scale {
    Scale(.number(display), over: Span(values), fit: fit, ticks: 5)
  }

  @Test func barsBeginAtZero() {
    let scale = scale([90, 100], .roundFromZero)
    #expect(scale.domain == 0...100)
    #expect(scale.ticks.map(\.label) == ["0", "20", "40", "60", "80", "100"])
    #expect(self.scale([-30, -10], .roundFromZero).domain.upperBound == 0)
  }

  @Test func linesFarFromZeroDoNot() {
    #expect(scale([90, 100], .round).domain == 90...100)
    #expect(scale([10, 100], .round).domain.lowerBound == 0)
  }

  @Test func everyDomainHoldsItsValuesAndSomeTicks() {
    for values in [
      [0.0], [7], [-7], [0, 0], [1e-12, 2e-12], [-1e15, 1e15], [1e299, -1e299], [5, 5.000001],
    ] {
      for fit in [Fit.exact, .padded, .round, .roundFromZero] {
        let scale = scale(values, fit)
        #expect(scale.domain.lowerBound < scale.domain.upperBound)
        #expect(values.allSatisfy { scale.domain.contains($0) }, "\(values) \(fit)")
        #expect(!scale.ticks.isEmpty, "\(values) \(fit)")
      }
    }
  }

  @Test func positionsAreLinear() {
    var scale = scale([0, 100], .exact)
    scale.range = (400, 200)
    #expect(scale.position(0) == 400)
    #expect(scale.position(25) == 350)
    #expect(scale.length(10) == 20)
  }

  @Test func categoriesHaveEqualRoom() {
    var scale = Scale(.category(["a", "b"], isOrdered: false), over: Span(), fit: .exact, ticks: 5)
    scale.range = (0, 100)
    #expect(scale.position(0) == 25)
    #expect(scale.position(1) == 75)
  }

  @Test func binsFollowFreedmanAndDiaconis() {
    // 1000 values evenly from 0 to 999: the quartiles are 250 and 750, the width 2 * 500 / 10 = 100.
    let edges = Histogram.edges((0..<1000).map { Double($0) }, bins: nil)
    #expect(edges == (0...10).map { Double($0 * 100) })
    #expect(Histogram.edges([0, 10], bins: 4) == [0, 2.5, 5, 7.5, 10])
    #expect(Histogram.edges([], bins: nil).isEmpty)
    #expect(Histogram.edges([3, 3, 3], bins: nil).count == 2)
    #expect(Histogram.edges([Double](repeating: 1, count: 99) + [1e9], bins: nil).count < 400)
  }

  @Test func downsamplingKeepsExtremes() {
    var points = (0..<10_000).map { (x: Double($0) / 100, y: Double($0 % 7)) }
    points[5_555].y = 1000
    points[7_777].y = -1000
    let kept = Downsampling.keepingExtremes(points)
    #expect(kept.count <= 400)
    #expect(kept.contains { $0.y == 1000 })
    #expect(kept.contains { $0.y == -1000 })
    #expect(kept.first?.x == 0)
    #expect(kept.last?.x == 99.99)
    #expect(zip(kept, kept.dropFirst()).allSatisfy { $0.x <= $1.x })
  }

  @Test func labelsAtEndsAreMovedApart() throws {
    let area = Area(x: 0, y: 0, width: 100, height: 200)
    func end(_ series: Int, _ y: Double, x: Double = 100) -> EndLabel {
      EndLabel(series: series, x: x, y: y, hasDot: true)
    }
    let labels = try #require(EndLabel.resolved([end(0, 100), end(1, 102), end(2, 199)], in: area))
    #expect(labels.map(\.series) == [0, 1, 2])
    #expect(zip(labels, labels.dropFirst()).allSatisfy { $1.labelY - $0.labelY >= 20 })
    #expect(labels.allSatisfy { $0.labelY <= 200 })
    #expect(EndLabel.resolved((0..<5).map { end($0, 100) }, in: area) == nil)
    #expect(EndLabel.resolved([end(0, 10), end(1, 90, x: 40)], in: area) == nil)
  }
}
