// swift-tools-version: 6.2
import PackageDescription

// One block of settings for every target of ours; see docs/architecture.md for the layers.
let languageSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
]
let settings = languageSettings + [.strictMemorySafety()]

let argumentParser: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")
let collections: [Target.Dependency] = ["DequeModule", "HeapModule", "OrderedCollections"].map {
    .product(name: $0, package: "swift-collections")
}
let histogram: Target.Dependency = .product(name: "Histogram", package: "hdrhistogram-swift")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let metricsTestKit: Target.Dependency = .product(name: "MetricsTestKit", package: "swift-metrics")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let serviceLifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
    name: "swiftlet",
    products: [
        .library(name: "SearchIndex", targets: ["SearchIndex"]),
        .library(name: "SwiftletClient", targets: ["SwiftletClient"]),
        .executable(name: "swiftlet", targets: ["swiftlet"]),
    ],
    dependencies: [
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // C libraries, from Debian's -dev packages (scripts/setup installs them).
        .systemLibrary(name: "CZeroMQ"),
        .systemLibrary(name: "CLZ4"),
        .systemLibrary(name: "CSnowball"),
        .systemLibrary(name: "CJemalloc"),

        // Layers, lowest first; each may import only those its dependencies name.
        .target(name: "ZeroMQ", dependencies: ["CZeroMQ"], swiftSettings: settings),
        .target(
            name: "SearchIndex", dependencies: ["CLZ4", "CSnowball"], swiftSettings: settings),
        .target(
            name: "WireMessages", dependencies: [protobuf], swiftSettings: languageSettings),
        .target(
            name: "WireProtocol", dependencies: ["WireMessages", protobuf],
            exclude: ["Proto"], swiftSettings: settings),
        .target(
            name: "ClusterCore",
            dependencies: ["WireProtocol", "SearchIndex", histogram] + collections,
            swiftSettings: settings),
        .target(
            name: "ClusterRuntime",
            dependencies: [
                "ZeroMQ", "ClusterCore", histogram, logging, metrics, subprocess, systemPackage,
                yams,
            ] + collections,
            swiftSettings: settings),
        .target(
            name: "SwiftletClient", dependencies: ["ClusterRuntime", logging, serviceLifecycle],
            swiftSettings: settings),
        .executableTarget(
            name: "swiftlet",
            dependencies: [
                "SwiftletClient", "CJemalloc", argumentParser, logging, metrics, systemPackage,
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "Benchmarks", dependencies: ["SwiftletClient", argumentParser, logging],
            exclude: ["Exchange/exchange.c"],
            swiftSettings: settings),

        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(
            name: "ZeroMQTests", dependencies: ["ZeroMQ", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "SearchIndexTests", dependencies: ["SearchIndex", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "WireProtocolTests", dependencies: ["WireProtocol", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "ClusterCoreTests", dependencies: ["ClusterCore", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "ClusterRuntimeTests",
            dependencies: ["ClusterRuntime", "SwiftletClient", "TestSupport", histogram, metrics],
            swiftSettings: settings),
        .testTarget(
            name: "SwiftletClientTests",
            dependencies: [
                "SwiftletClient", "TestSupport", logging, metrics, metricsTestKit, serviceLifecycle,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "CommandTests", dependencies: ["SwiftletClient", "Benchmarks", "TestSupport"],
            swiftSettings: settings),
    ]
)
