// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "throughline",
  products: [
    .executable(name: "throughline", targets: ["CLI"]),
    .library(name: "Throughline", targets: ["Throughline"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    // The stages, in reading order: a stage may import the ones above it.
    .target(name: "Diagnostics"),
    .target(name: "Values", dependencies: ["Diagnostics"]),
    .target(name: "Documents", dependencies: ["Diagnostics", "CMarkGFM", "Yams"]),
    .target(name: "Syntax", dependencies: ["Diagnostics"]),
    .target(name: "Statistics", dependencies: ["CBoostMath"]),
    .target(name: "Functions", dependencies: ["Values", "Statistics", "CRE2"]),
    .target(name: "Planning", dependencies: ["Syntax", "Functions", "Values", "Diagnostics"]),
    .target(name: "ADBC", dependencies: ["Values", "CADBC"]),
    .target(
      name: "EventStore",
      dependencies: ["ADBC", "Values", "Diagnostics", "CCrypto", "CPrefetch", "CWriteback", "CZlib"]),
    .target(name: "Engine", dependencies: ["Planning", "Functions", "Values", "EventStore", "CPrefetch"]),
    .target(name: "SQL", dependencies: ["Planning", "Functions", "Values"]),
    .target(name: "Backends", dependencies: ["SQL", "ADBC", "Planning", "Values", "Diagnostics"]),
    .target(name: "Charts", dependencies: ["Values"]),
    .target(
      name: "Reports",
      dependencies: [
        "Documents", "Values", "Charts", "Diagnostics", "Templates",
        .product(name: "Mustache", package: "swift-mustache"),
      ]),
    .target(name: "Simulation", dependencies: ["Values", "ADBC", "Diagnostics", "Yams"]),
    .target(
      name: "Throughline",
      dependencies: [
        "Documents", "Syntax", "Planning", "EventStore", "Engine", "Backends", "Charts", "Reports",
        "Templates", "Manual", "CMalloc", "Yams",
      ]),
    .executableTarget(
      name: "CLI",
      dependencies: [
        "Throughline", "Simulation", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // The built-in templates, embedded in the program.
    .target(
      name: "Templates", path: "templates",
      resources: [.embedInCode("report.mustache"), .embedInCode("report.css"), .embedInCode("document.md")]),

    // The parts of the manual that the command line shows.
    .target(
      name: "Manual", path: "Documentation/diagnostics", resources: [.embedInCode("diagnostics.md")]),

    // Bridges to C: headers and module maps, and thin `extern "C"` where C++ must be reached.
    .systemLibrary(name: "CMarkGFM", pkgConfig: "libcmark-gfm", providers: [.apt(["libcmark-gfm-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CPrefetch"),
    .systemLibrary(name: "CWriteback"),
    .target(name: "CADBC"),
    .target(name: "CBoostMath"),
    .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),

    // What several test targets share.
    .target(name: "TestSupport", dependencies: ["Values"], path: "Tests/TestSupport"),

    .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"]),
    .testTarget(name: "ValuesTests", dependencies: ["Values"]),
    .testTarget(name: "DocumentsTests", dependencies: ["Documents", "TestSupport"]),
    .testTarget(name: "SyntaxTests", dependencies: ["Syntax"]),
    .testTarget(name: "StatisticsTests", dependencies: ["Statistics"]),
    .testTarget(name: "FunctionsTests", dependencies: ["Functions", "TestSupport"]),
    .testTarget(name: "PlanningTests", dependencies: ["Planning"]),
    .testTarget(name: "ADBCTests", dependencies: ["ADBC"]),
    .testTarget(name: "EventStoreTests", dependencies: ["EventStore", "TestSupport"]),
    .testTarget(
      name: "EngineTests", dependencies: ["Engine", "TestSupport"], resources: [.copy("Resources")]),
    .testTarget(name: "BackendsTests", dependencies: ["Backends", "Engine", "EventStore", "TestSupport"]),
    .testTarget(name: "ChartsTests", dependencies: ["Charts", "TestSupport"]),
    .testTarget(name: "ReportsTests", dependencies: ["Reports", "TestSupport"]),
    .testTarget(name: "SimulationTests", dependencies: ["Simulation"]),
    .testTarget(name: "ThroughlineTests", dependencies: ["Throughline", "Backends", "TestSupport"]),
    // They run the program itself, which their dependency makes sure is built.
    .testTarget(name: "CLITests", dependencies: ["CLI", "Simulation", "Throughline"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
