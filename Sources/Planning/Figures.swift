import Diagnostics
import Syntax
import Values

/// The functions that make figures, and what each of them takes.
public enum Figures {
  /// What a call must be named to be a figure: the marks that are written by hand, and `plot`.
  public static let names = Layer.Mark.allCases.filter(isWritten).map(\.rawValue) + ["plot"]

  /// Whether a mark is a function of its own, and not made by `plot` alone.
  static func isWritten(_ mark: Layer.Mark) -> Bool { mark != .funnel && mark != .flow }

  static func isFigure(_ name: String) -> Bool { names.contains(name) }

  /// The channels that a mark cannot do without; each inner list is a choice.
  static func required(_ mark: Layer.Mark) -> [[LayerTerm.Channel]] {
    switch mark {
    case .line, .area, .bar, .point: [[.x], [.y]]
    case .band: [[.x], [.low], [.high]]
    case .interval: [[.x, .y], [.low], [.high]]
    case .histogram: [[.x]]
    case .heatmap: [[.x], [.y], [.color]]
    case .rule: [[.x, .y]]
    case .funnel, .flow: []
    }
  }
}

extension TermChecker {
  /// Whether an expression is meant to be a figure, judged by its form.
  func isFigure(_ written: Expression) -> Bool {
    switch written.kind {
    case .call(let call): Figures.isFigure(call.function.name.lowercased())
    case .binary(.add, _, let left, let right): isFigure(left) || isFigure(right)
    case .name(let name): environment.binding(name.name)?.type == .figure
    default: false
    }
  }

  /// A figure: a mark, `plot(…)`, a name of one, or several added up.
  mutating func figure(_ written: Expression) -> FigureTerm? {
    switch written.kind {
    case .binary(.add, _, let left, let right):
      let a = figure(left)
      let b = figure(right)
      guard let a, let b else { return nil }
      return .sum(a, b)
    case .call(let call) where call.function.name.lowercased() == "plot": return plot(call)
    case .call(let call):
      guard let mark = Layer.Mark(rawValue: call.function.name.lowercased()), Figures.isWritten(mark)
      else { break }
      return layer(mark, call)
    default: break
    }
    guard let (term, type) = term(written) else { return nil }
    if case .name(let name) = term, type == .figure { return .name(name) }
    if case .figure(let figure) = term { return figure }
    report(
      "not-a-figure", "\(type.noun) is not a figure", at: written.range, label: type.noun,
      notes: ["figures are made by \(Figures.names.map { "'\($0)'" }.joined(separator: ", "))"])
    return nil
  }

  private mutating func plot(_ call: Call) -> FigureTerm? {
    guard let first = call.arguments.first, first.label == nil else {
      report(
        "no-overload", "'plot' takes a table first", at: call.function.range, label: "of what?",
        hints: ["write 'plot(NAME)' with the name of a query that ends in a funnel, for example"])
      return nil
    }
    var titles = FigureTitles()
    for argument in call.arguments.dropFirst() where !title(argument, &titles) {
      reportParameter(argument, of: "plot", ["title", "subtitle", "x_label", "y_label"])
    }
    guard let (term, type) = term(first.value) else { return nil }
    guard case .table(_, let kind) = type, kind != .rows else {
      report(
        "no-plot", "only results of event operators come with a figure of their own", at: first.value.range,
        label: type.noun,
        notes: ["these are 'activity', 'attribute', 'funnel', 'lifecycle', 'paths' and 'retention'"],
        hints: ["say what to draw: 'line(\(Naming.name(of: first.value) ?? "table"), x => …, y => …)'"])
      return nil
    }
    return titled(.plot(term, kind), titles)
  }

  private mutating func layer(_ mark: Layer.Mark, _ call: Call) -> FigureTerm? {
    var table: Term?
    var schema: Schema = []
    var arguments = call.arguments[...]
    if let first = arguments.first, first.label == nil {
      arguments = arguments.dropFirst()
      guard let (term, type) = term(first.value) else { return nil }
      guard case .table(let columns, _) = type else {
        report(
          "not-a-table", "the first argument of '\(mark.rawValue)' is a table", at: first.value.range,
          label: type.noun)
        return nil
      }
      table = term
      schema = columns
    }
    if table == nil, mark != .rule {
      report(
        "no-overload", "'\(mark.rawValue)' takes a table first", at: call.function.range, label: "of what?",
        hints: ["write '\(mark.rawValue)(table, x => column, y => column)'"])
      return nil
    }
    var titles = FigureTitles()
    var encodings: [LayerTerm.Encoding] = []
    var isStacked = false
    var bins: Int?
    var hasMistake = false
    for argument in arguments {
      if let channel = argument.label.flatMap({ LayerTerm.Channel(rawValue: $0.name.lowercased()) }),
        !encodings.contains(where: { $0.channel == channel })
      {
        guard let encoding = encoding(channel, argument.value, table == nil ? nil : schema) else {
          hasMistake = true
          continue
        }
        encodings.append(encoding)
      } else if title(argument, &titles) {
        continue
      } else if argument.label?.name.lowercased() == "stacked", case .boolean(let value) = argument.value.kind
      {
        isStacked = value
      } else if argument.label?.name.lowercased() == "bins", case .integer(let value) = argument.value.kind,
        (1...1000).contains(value)
      {
        bins = Int(value)
      } else {
        let channels = LayerTerm.Channel.allCases.map(\.rawValue)
        reportParameter(
          argument, of: mark.rawValue,
          channels + ["title", "subtitle", "x_label", "y_label", "stacked", "bins"])
        hasMistake = true
      }
    }
    let given = Set(encodings.map(\.channel))
    for choice in Figures.required(mark) where given.isDisjoint(with: choice) && !hasMistake {
      let names = choice.map { "'\($0.rawValue) => …'" }.joined(separator: " or ")
      report(
        "missing-channel", "'\(mark.rawValue)' needs \(names)", at: call.function.range,
        label: "without \(names)", hints: ["say which column: '\(choice[0].rawValue) => column'"])
      hasMistake = true
    }
    guard !hasMistake else { return nil }
    return titled(
      .layer(
        LayerTerm(mark: mark, table: table, encodings: encodings, isStacked: isStacked, bins: bins)),
      titles)
  }

  private mutating func encoding(
    _ channel: LayerTerm.Channel, _ written: Expression, _ schema: Schema?
  ) -> LayerTerm.Encoding? {
    var checker = ExpressionChecker(
      environment, schema == nil ? .document : .rows, scope: Scope(schema ?? []))
    let checked = checker.check(written)
    diagnostics += checker.diagnostics
    guard let checked else { return nil }
    return LayerTerm.Encoding(
      channel: channel, name: Naming.name(of: written) ?? channel.rawValue, display: checked.display,
      expression: checked.expr, leaves: checker.leaves.map(\.term))
  }

  /// Takes an argument that is one of the texts around a figure; false when it is none.
  private mutating func title(_ argument: Call.Argument, _ titles: inout FigureTitles) -> Bool {
    guard let label = argument.label?.name.lowercased(),
      ["title", "subtitle", "x_label", "y_label"].contains(label)
    else { return false }
    var checker = ExpressionChecker(environment, .document)
    let checked = checker.check(argument.value, as: .text, what: "a \(label)")
    diagnostics += checker.diagnostics
    let term = checked.map { Term.expression($0.expr, checker.leaves.map(\.term), .automatic) }
    switch label {
    case "title": titles.title = term
    case "subtitle": titles.subtitle = term
    case "x_label": titles.xLabel = term
    default: titles.yLabel = term
    }
    return true
  }

  private func titled(_ figure: FigureTerm, _ titles: FigureTitles) -> FigureTerm {
    titles.isEmpty ? figure : .titled(figure, titles)
  }

  private mutating func reportParameter(_ argument: Call.Argument, of function: String, _ known: [String]) {
    let notes = ["it takes \(known.map { "'\($0)'" }.joined(separator: ", "))"]
    guard let label = argument.label else {
      report(
        "no-parameter", "the arguments of '\(function)' after the table have names", at: argument.value.range,
        label: "without a name", notes: notes, hints: ["write for example '\(known[0]) => …'"])
      return
    }
    if LayerTerm.Channel(rawValue: label.name.lowercased()) != nil {
      report(
        "repeated-clause", "'\(label.name)' stands once", at: label.range, label: "a second '\(label.name)'",
        hints: ["leave one of the two out"])
      return
    }
    if known.contains(label.name.lowercased()) {
      let wanted = label.name.lowercased() == "bins" ? "a whole number from 1 to 1000" : "true or false"
      report(
        "type-mismatch", "'\(label.name)' is \(wanted)", at: argument.value.range, label: "not \(wanted)")
      return
    }
    report(
      "no-parameter", "'\(function)' has no parameter '\(label.name)'", at: label.range,
      label: "not a parameter", notes: notes,
      hints: NearestName.of(label.name, among: known).map { ["did you mean '\($0)'?"] } ?? [])
  }
}
