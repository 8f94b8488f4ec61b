/// A pattern of `like`, taken apart. Matching goes back only to the last `%`: text × pattern steps at worst.
struct LikePattern {
  private enum Part: Equatable {
    case anything
    case character
    case byte(UInt8)
  }

  private var parts: [Part] = []

  init(_ pattern: UnsafeBufferPointer<UInt8>) {
    var isEscaped = false
    for byte in pattern {
      if isEscaped {
        parts.append(.byte(byte))
        isEscaped = false
        continue
      }
      switch byte {
      case UInt8(ascii: "\\"): isEscaped = true
      case UInt8(ascii: "%"): if parts.last != .anything { parts.append(.anything) }
      case UInt8(ascii: "_"): parts.append(.character)
      default: parts.append(.byte(byte))
      }
    }
    // A backslash at the end stands for itself.
    if isEscaped { parts.append(.byte(UInt8(ascii: "\\"))) }
  }

  func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var (place, part) = (0, 0)
    // Where to go on when what follows the last `%` does not match here.
    var retry: (place: Int, part: Int)?
    while place < text.count {
      if part < parts.count {
        switch parts[part] {
        case .anything:
          part += 1
          retry = (place, part)
          continue
        case .character:
          place = LikePattern.next(text, place)
          part += 1
          continue
        case .byte(let byte) where byte == text[place]:
          place += 1
          part += 1
          continue
        case .byte: break
        }
      }
      guard let again = retry else { return false }
      place = LikePattern.next(text, again.place)
      part = again.part
      retry = (place, part)
    }
    return parts[part...].allSatisfy { $0 == .anything }
  }

  /// The offset of the next code point.
  private static func next(_ text: UnsafeBufferPointer<UInt8>, _ place: Int) -> Int {
    var next = place + 1
    while next < text.count, text[next] & 0xC0 == 0x80 { next += 1 }
    return next
  }
}
