/// The program's version.
public let throughlineVersion = "0.1.0"
