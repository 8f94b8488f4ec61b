/// The parts of the manual that come with the program.
public enum Manual {
  /// A page for each diagnostic, under a heading of its identifier.
  public static let diagnostics = String(decoding: PackageResources.diagnostics_md, as: UTF8.self)
}
