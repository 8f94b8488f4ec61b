import Foundation

extension Error {
  /// Why the system refused, in its own words: Foundation wraps them in errors that say little.
  public var systemReason: String {
    var current = self as NSError
    while let inner = current.userInfo[NSUnderlyingErrorKey] as? any Error { current = inner as NSError }
    guard current.domain == NSPOSIXErrorDomain else {
      return current.localizedDescription.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
    return String(cString: strerror(Int32(current.code))).lowercased()
  }
}
