import TestSupport
import Values

@testable import Functions

/// Random operands of every type: with nulls that hide arbitrary values, constant, and with values at the
/// ends of their ranges.
struct RandomOperands {
  enum Temper: CaseIterable { case tame, wild }

  var generator: Dice
  let temper: Temper

  init(seed: UInt64, _ temper: Temper) {
    generator = Dice(seed)
    self.temper = temper
  }

  mutating func operand(_ parameter: Parameter, count: Int) -> Operand {
    if case .word(let words) = parameter.demand {
      return Operand(constant: .text(words.randomElement(using: &generator) ?? ""), type: .text)
    }
    let isConstant = parameter.demand == .constant || Int.random(in: 0..<4, using: &generator) == 0
    return Operand(column(parameter.type, count: isConstant ? 1 : count), isConstant: isConstant)
  }

  mutating func column(_ type: ScalarType, count: Int) -> Column {
    let shares: [Double] = [0, 0, 0.2, 0.9]
    let nullShare = shares.randomElement(using: &generator) ?? 0
    let validity = (0..<count).map { _ -> UInt8 in
      Double.random(in: 0..<1, using: &generator) < nullShare ? 0 : 1
    }
    let mask = nullShare == 0 ? nil : validity
    switch type {
    case .boolean:
      return .booleans((0..<count).map { _ in UInt8.random(in: 0...1, using: &generator) }, validity: mask)
    case .double: return .doubles((0..<count).map { _ in double() }, validity: mask)
    case .text:
      let texts = (0..<8).map { _ in text() }
      let isSorted = Bool.random(using: &generator)
      var unique: [String] = []
      for text in texts where !unique.contains(where: { Array($0.utf8) == Array(text.utf8) }) {
        unique.append(text)
      }
      if isSorted { unique.sort { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) } }
      let codes = validity.map { valid -> UInt32 in
        valid == 0 && mask != nil ? 0 : UInt32.random(in: 0..<UInt32(unique.count), using: &generator)
      }
      return .texts(codes, TextDictionary(unique), validity: mask)
    case .integer, .timestamp, .date, .duration:
      return .integers((0..<count).map { _ in integer(type) }, as: type, validity: mask)
    }
  }

  private mutating func integer(_ type: ScalarType) -> Int64 {
    if temper == .wild, Int.random(in: 0..<3, using: &generator) == 0 {
      let ends: [Int64] = [.max, .min, 0, -1, 1, .max - 1, .min + 1]
      return ends.randomElement(using: &generator) ?? 0
    }
    switch type {
    case .integer: return Int64.random(in: -5...5, using: &generator)
    case .date: return Int64.random(in: -30_000...30_000, using: &generator)
    default: return Int64.random(in: -2_000_000_000_000_000...2_000_000_000_000_000, using: &generator)
    }
  }

  private mutating func double() -> Double {
    if temper == .wild, Int.random(in: 0..<3, using: &generator) == 0 {
      let ends: [Double] = [.nan, .infinity, -.infinity, -0.0, 1e308, .leastNonzeroMagnitude, -1e308]
      return ends.randomElement(using: &generator) ?? 0
    }
    return (Double.random(in: -5...5, using: &generator) * 4).rounded() / 4
  }

  private mutating func text() -> String {
    let letters =
      temper == .tame
      ? ["a", "b", "-", " ", "%", "_"]
      : ["a", "é", "e\u{301}", "日", "🤦🏼‍♂️", "\\", "%", "_", "(", "\u{0}", "1", ".", "ß"]
    return (0..<Int.random(in: 0...6, using: &generator)).map { _ in
      letters.randomElement(using: &generator) ?? ""
    }.joined()
  }
}

/// Equality of plain values by bits and bytes: NaN is itself, and texts that only look alike differ.
func same(_ a: Scalar, _ b: Scalar) -> Bool {
  switch (a, b) {
  case (.double(let a), .double(let b)): a == b || (a.isNaN && b.isNaN)
  case (.text(let a), .text(let b)): Array(a.utf8) == Array(b.utf8)
  default: a == b
  }
}

extension ScalarFunction {
  /// The kernel for exactly these types.
  static func kernel(_ name: String, _ types: ScalarType...) -> Kernel? {
    Catalogue.scalar(name)?.overloads.first { $0.parameters.map(\.type) == types }?.kernel
  }

  /// The value of a function of constants.
  static func value(
    _ name: String, _ arguments: (Scalar, ScalarType)..., zone: TimeZoneRules = .utc
  ) throws -> Scalar? {
    let overloads = Catalogue.scalar(name)?.overloads ?? []
    let types = arguments.map(\.1)
    let overload = overloads.first { overload in
      guard overload.parameters.map(\.type) == types else { return false }
      guard case .word(let words)? = overload.parameters.first?.demand else { return true }
      guard case .text(let word) = arguments[0].0 else { return true }
      return words.contains(word)
    }
    let operands = arguments.map { Operand(constant: $0.0, type: $0.1) }
    return try overload?.kernel(operands, 1, EvaluationContext(timeZone: zone))[0]
  }
}
