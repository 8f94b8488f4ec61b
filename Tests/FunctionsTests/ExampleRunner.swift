import Values

@testable import Functions

/// Runs the expressions of examples: a reader of just as much of the language as they need, and the checker's
/// rule for overloads. The parser and the checker of the program run the same examples in their own tests.
struct ExampleRunner {
  struct Mistake: Error { let message: String }

  /// An operand with its type; an untyped null has none.
  struct Operand {
    var type: ScalarType?
    var operand: Functions.Operand
  }

  private enum Token: Equatable {
    case word(String)
    case number(String)
    case text(String)
    case symbol(String)
  }

  static let context = EvaluationContext(timeZone: .utc)

  private var tokens: [Token] = []
  private var place = 0
  private let input: [Example.Input]
  private var rowCount: Int { input.first?.values.count ?? 1 }

  /// The value of an example, as the report writes it for machines.
  static func result(of example: Example) throws -> String {
    var runner = ExampleRunner(input: example.input)
    runner.tokens = try tokens(of: example.expression)
    let value = try runner.expression(0)
    guard runner.place == runner.tokens.count else { throw Mistake(message: "rest in \(example.expression)") }
    return ValueFormatter.machine(value.operand.column[0])
  }

  private init(input: [Example.Input]) { self.input = input }

  // MARK: Words

  private static func tokens(of expression: String) throws -> [Token] {
    var tokens: [Token] = []
    var rest = Substring(expression)
    while let first = rest.first {
      if first == " " {
        rest.removeFirst()
      } else if first.isLetter {
        let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        tokens.append(.word(String(word)))
        rest = rest[word.endIndex...]
      } else if first.isNumber {
        var number = rest.prefix { $0.isNumber || $0 == "." }
        if rest[number.endIndex...].first == "%" { number = rest[...number.endIndex] }
        tokens.append(.number(String(number)))
        rest = rest[number.endIndex...]
      } else if first == "'" {
        let text = rest.dropFirst().prefix { $0 != "'" }
        tokens.append(.text(String(text)))
        rest = rest[text.endIndex...].dropFirst()
      } else {
        let symbol = ["=>", "<>", "<=", ">=", "||"].first { rest.hasPrefix($0) } ?? String(first)
        tokens.append(.symbol(symbol))
        rest = rest.dropFirst(symbol.count)
      }
    }
    return tokens
  }

  private mutating func skip(_ token: Token) -> Bool {
    guard place < tokens.count, tokens[place] == token else { return false }
    place += 1
    return true
  }

  private mutating func skip(words: [String]) -> Bool {
    guard place + words.count <= tokens.count,
      Array(tokens[place..<place + words.count]) == words.map(Token.word)
    else { return false }
    place += words.count
    return true
  }

  private mutating func expect(_ symbol: String) throws {
    guard skip(.symbol(symbol)) else {
      throw Mistake(message: "'\(symbol)' is missing at \(tokens.dropFirst(place))")
    }
  }

  // MARK: Expressions

  private static let levels: [[String]] = [
    ["or"], ["and"], ["=", "<>", "<", "<=", ">", ">=", "like"], ["||"], ["+", "-"], ["*", "/", "%"],
  ]

  private mutating func expression(_ level: Int) throws -> Operand {
    guard level < ExampleRunner.levels.count else { return try unary() }
    if level == 2, skip(.word("not")) { return try call("not", [(nil, expression(2))]) }
    var left = try expression(level + 1)
    while true {
      if level == 2 {
        if skip(words: ["is", "not", "null"]) { left = try call("is not null", [(nil, left)]); continue }
        if skip(words: ["is", "null"]) { left = try call("is null", [(nil, left)]); continue }
        if skip(words: ["is", "not", "distinct", "from"]) {
          left = try call("is not distinct from", [(nil, left), (nil, expression(3))])
          continue
        }
        if skip(words: ["is", "distinct", "from"]) {
          left = try call("is distinct from", [(nil, left), (nil, expression(3))])
          continue
        }
      }
      guard let name = ExampleRunner.levels[level].first(where: { skip(.symbol($0)) || skip(.word($0)) })
      else {
        return left
      }
      left = try call(name, [(nil, left), (nil, expression(level + 1))])
    }
  }

  private mutating func unary() throws -> Operand {
    guard skip(.symbol("-")) else { return try primary() }
    return try call("unary -", [(nil, unary())])
  }

  private static let units: [String: Int64] = [
    "minute": 60_000_000, "hour": 3_600_000_000, "day": 86_400_000_000,
  ]

  private mutating func primary() throws -> Operand {
    guard place < tokens.count else { throw Mistake(message: "the expression ends early") }
    place += 1
    switch tokens[place - 1] {
    case .text(let text): return constant(.text(text), .text)
    case .number(let digits):
      if digits.hasSuffix("%") {
        return constant(.double((Double(digits.dropLast()) ?? .nan) / 100), .double)
      }
      if case .word(let word)? = tokens.dropFirst(place).first,
        let unit = ExampleRunner.units[word.hasSuffix("s") ? String(word.dropLast()) : word]
      {
        place += 1
        return constant(.duration((Int64(digits) ?? 0) * unit), .duration)
      }
      if let integer = Int64(digits) { return constant(.integer(integer), .integer) }
      return constant(.double(Double(digits) ?? .nan), .double)
    case .symbol("("):
      let value = try expression(0)
      try expect(")")
      return value
    case .word("true"): return constant(.boolean(true), .boolean)
    case .word("false"): return constant(.boolean(false), .boolean)
    case .word("null"): return Operand(type: nil, operand: .init(constant: .null, type: .boolean))
    case .word(let word):
      if word == "date" || word == "timestamp", case .text(let text)? = tokens.dropFirst(place).first {
        place += 1
        return try call(word, [(nil, constant(.text(text), .text))])
      }
      return skip(.symbol("(")) ? try arguments(of: word) : try column(word)
    case .symbol(let symbol): throw Mistake(message: "'\(symbol)' starts no expression")
    }
  }

  private mutating func arguments(of name: String) throws -> Operand {
    if name == "cast" || name == "try_cast" {
      let value = try expression(0)
      guard skip(.word("as")), case .word(let type)? = tokens.dropFirst(place).first else {
        throw Mistake(message: "a cast names a type")
      }
      place += 1
      try expect(")")
      return try call(name == "cast" ? type : "try_\(type)", [(nil, value)])
    }
    var arguments: [(String?, Operand)] = []
    if skip(.symbol("*")) {
      try expect(")")
    } else if !skip(.symbol(")")) {
      repeat {
        var label: String?
        if case .word(let word)? = tokens.dropFirst(place).first,
          tokens.dropFirst(place + 1).first == .symbol("=>")
        {
          label = word
          place += 2
        }
        arguments.append((label, try expression(0)))
      } while skip(.symbol(","))
      try expect(")")
    }
    if let record = Catalogue.record(name) { return try member(of: record, arguments) }
    return try call(name, arguments)
  }

  private func constant(_ scalar: Scalar, _ type: ScalarType) -> Operand {
    Operand(type: type, operand: .init(constant: scalar, type: type))
  }

  private func column(_ name: String) throws -> Operand {
    guard let input = input.first(where: { $0.name == name }) else {
      throw Mistake(message: "no column \(name)")
    }
    return Operand(type: input.type, operand: .init(Column(input.type, input.values)))
  }

  // MARK: Calls

  private func call(_ name: String, _ arguments: [(String?, Operand)]) throws -> Operand {
    let values = arguments.map(\.1)
    if let function = Catalogue.aggregate(name) {
      guard let (index, operands) = try resolved(function.overloads.map { ($0.parameters, false) }, values)
      else {
        throw Mistake(message: "no \(name) of \(values.map(\.type))")
      }
      let state = function.overloads[index].makeState()
      state.grow(to: 1)
      let groups = [UInt32](repeating: 0, count: rowCount)
      try state.update(groups: groups, operands: operands)
      return Operand(type: function.overloads[index].result, operand: .init(try state.finish()))
    }
    guard let function = Catalogue.scalar(name) else { throw Mistake(message: "no function \(name)") }
    guard
      let (index, operands) = try resolved(function.overloads.map { ($0.parameters, $0.isVariadic) }, values)
    else { throw Mistake(message: "no \(name) of \(values.map(\.type))") }
    let overload = function.overloads[index]
    let isConstant = operands.allSatisfy(\.isConstant)
    let result = try overload.kernel(operands, isConstant ? 1 : rowCount, ExampleRunner.context)
    guard result.type == overload.result else {
      throw Mistake(message: "\(name) gives another type than it says")
    }
    return Operand(type: overload.result, operand: .init(result, isConstant: isConstant))
  }

  /// The overload that fits with the fewest conversions, the first of several.
  private func resolved(
    _ overloads: [([Parameter], Bool)], _ arguments: [Operand]
  ) throws -> (Int, [Functions.Operand])? {
    var best: (cost: Int, index: Int, operands: [Functions.Operand])?
    for (index, (parameters, isVariadic)) in overloads.enumerated() {
      var parameters = parameters
      while isVariadic, parameters.count < arguments.count, let last = parameters.last {
        parameters.append(last)
      }
      let fallbacks = parameters.dropFirst(arguments.count)
      guard arguments.count <= parameters.count, fallbacks.allSatisfy({ $0.fallback != nil }) else {
        continue
      }
      var cost = 0
      var operands: [Functions.Operand] = []
      for (argument, parameter) in zip(arguments, parameters) {
        guard let operand = try converted(argument, parameter) else { break }
        cost += operand.1
        operands.append(operand.0)
      }
      guard operands.count == arguments.count else { continue }
      for parameter in fallbacks {
        operands.append(.init(constant: parameter.fallback ?? .null, type: parameter.type))
      }
      if let best, best.cost <= cost { continue }
      best = (cost, index, operands)
    }
    return best.map { ($0.index, $0.operands) }
  }

  private func converted(_ argument: Operand, _ parameter: Parameter) throws -> (Functions.Operand, Int)? {
    guard let type = argument.type else { return (.init(constant: .null, type: parameter.type), 0) }
    if case .word(let words) = parameter.demand {
      guard argument.operand.isConstant, case .text(let word) = argument.operand.column[0],
        words.contains(word.lowercased())
      else { return nil }
    }
    if type == parameter.type { return (argument.operand, 0) }
    let isImplicit =
      (type, parameter.type) == (.integer, .double) || (type, parameter.type) == (.date, .timestamp)
    guard isImplicit else { return nil }
    // The entry named after the type, for exactly the argument's type.
    guard
      let overload = Catalogue.scalar(parameter.type.rawValue)?.overloads.first(where: {
        $0.parameters.map(\.type) == [type]
      })
    else { throw Mistake(message: "no conversion from \(type) to \(parameter.type)") }
    let isConstant = argument.operand.isConstant
    let column = try overload.kernel([argument.operand], isConstant ? 1 : rowCount, ExampleRunner.context)
    return (.init(column, isConstant: isConstant), 1)
  }

  private mutating func member(of record: RecordFunction, _ arguments: [(String?, Operand)]) throws -> Operand
  {
    var values = record.parameters.map(\.fallback)
    for (position, argument) in arguments.enumerated() {
      let place =
        argument.0.flatMap { label in record.parameters.firstIndex { $0.name == label } } ?? position
      guard let converted = try converted(argument.1, record.parameters[place]) else {
        throw Mistake(message: "\(record.name) does not take \(argument)")
      }
      values[place] = converted.0.column[0]
    }
    let members = try record.evaluate(values.map { $0 ?? .null })
    guard members.count == record.result.count else {
      throw Mistake(message: "\(record.name) leaves members out")
    }
    try expect(".")
    guard case .word(let name)? = tokens.dropFirst(place).first,
      let index = record.result.firstIndex(where: { $0.name == name })
    else { throw Mistake(message: "a member is missing") }
    place += 1
    return constant(members[index], record.result[index].type)
  }
}
