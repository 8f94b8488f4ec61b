import CCrypto

/// SHA-256 of bytes that arrive in pieces.
public final class ContentHash {
  private let context: OpaquePointer

  /// The hash of nothing, so far.
  public init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("libcrypto has SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Adds bytes.
  public func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
    EVP_DigestUpdate(context, base, bytes.count)
  }

  /// Adds a text with its length before it, so that one list of fields never hashes like another.
  public func update(field: String) {
    var text = field
    text.withUTF8 { utf8 in
      withUnsafeBytes(of: UInt64(utf8.count).littleEndian) { update($0) }
      update(UnsafeRawBufferPointer(utf8))
    }
  }

  /// The hash of all bytes so far, 64 hexadecimal digits.
  public func hex() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    guard let copy = EVP_MD_CTX_new() else { preconditionFailure("libcrypto copies a hash") }
    defer { EVP_MD_CTX_free(copy) }
    EVP_MD_CTX_copy_ex(copy, context)
    EVP_DigestFinal_ex(copy, &digest, nil)
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The hash of some bytes, 64 hexadecimal digits.
  public static func hex(of bytes: [UInt8]) -> String {
    let hash = ContentHash()
    bytes.withUnsafeBytes { hash.update($0) }
    return hash.hex()
  }

  /// The hash of a text's UTF-8, 64 hexadecimal digits.
  public static func hex(of text: String) -> String { hex(of: Array(text.utf8)) }
}
