// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "throughline", path: "..")],
  targets: [
    .executableTarget(name: "Runner", dependencies: [.product(name: "Throughline", package: "throughline")])
  ],
  swiftLanguageModes: [.v6]
)
