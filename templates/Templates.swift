/// The built-in templates, embedded in the program.
public enum Templates {
  /// The page's skeleton, a Mustache template; its first lines say what it is given.
  public static let page = String(decoding: PackageResources.report_mustache, as: UTF8.self)
  /// The style sheet that goes into every page.
  public static let style = String(decoding: PackageResources.report_css, as: UTF8.self)
  /// What a new document starts as, with places for its title and its source.
  public static let document = String(decoding: PackageResources.document_md, as: UTF8.self)
}
