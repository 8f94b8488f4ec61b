/// Names above the columns of a grid that are too long to stand side by side, written aslant.
struct Slant {
  /// The names as they are written.
  let texts: [String]
  /// The room that they take above what a line of text takes.
  let height: Double

  /// The longest that a name is aslant.
  private static let longest = 150.0
  /// How much more of a name is to be seen aslant than side by side, to be worth turning one's head.
  private static let gain = 1.3
  /// The sine of half a right angle.
  private static let rise = 0.707

  /// Nothing where the names fit, or where neighbours tell what is left out, as with dates and numbers.
  ///
  /// - Parameter left: where the first column begins; the last one ends at `right`.
  init?(_ measure: Measure, columnsFrom left: Double, to right: Double) {
    guard case .category(let names, isOrdered: false) = measure, !names.isEmpty else { return nil }
    let pitch = (right - left) / Double(names.count)
    let widest = names.map { ChartText.width($0, size: Style.label.size) }.max() ?? 0
    // Nearer to each other names would overlap.
    guard widest > pitch - 4, pitch * Slant.rise >= Style.label.size else { return nil }
    // The first one begins at the left side of the drawing.
    let limit = min(Slant.longest, (left + pitch / 2) / Slant.rise - 6)
    guard limit > pitch * Slant.gain else { return nil }
    texts = ChartText.shortened(names, to: limit, size: Style.label.size)
    let longest = texts.map { ChartText.width($0, size: Style.label.size) }.max() ?? 0
    height = max(0, longest * Slant.rise - 6)
  }
}
