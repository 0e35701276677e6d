// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
    .product(name: "NIOTLS", package: "swift-nio"),
    .product(name: "NIOWebSocket", package: "swift-nio"),
    .product(name: "NIOSSL", package: "swift-nio-ssl"),
]

let package = Package(
    name: "neffos",
    products: [
        .library(name: "Neffos", targets: ["Neffos"]),
        .library(name: "NeffosFeed", targets: ["NeffosFeed"]),
        .library(name: "NeffosConsole", targets: ["NeffosConsole", "NeffosTerminalConsole"]),
        .library(name: "NeffosAdmin", targets: ["NeffosAdmin"]),
        .executable(name: "neffos", targets: ["NeffosCommand"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.0"),
        .package(url: "https://github.com/vapor/jwt-kit.git", from: "5.7.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift.git", from: "0.2.0"),
        .package(url: "https://github.com/CoreOffice/XMLCoder.git", from: "0.18.0"),
    ],
    targets: [
        .target(
            name: "NeffosWire",
            dependencies: [.product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: settings),
        .target(
            name: "NeffosSession",
            dependencies: ["NeffosWire", .product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: settings),
        .target(name: "NeffosFeed", swiftSettings: settings),
        .target(
            name: "Neffos",
            dependencies: [
                "NeffosWire", "NeffosSession", "NeffosFeed",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ] + nio,
            swiftSettings: settings),
        .target(
            name: "NeffosObservatory",
            dependencies: ["NeffosFeed", .product(name: "DequeModule", package: "swift-collections")],
            swiftSettings: settings),
        .target(
            name: "NeffosAdmin",
            dependencies: [
                "Neffos", "NeffosWire", "NeffosObservatory", "NeffosFeed",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "DequeModule", package: "swift-collections"),
            ] + nio,
            swiftSettings: settings),
        .target(name: "Terminal", swiftSettings: settings),
        .target(name: "CNcurses", linkerSettings: [.linkedLibrary("ncursesw")]),
        .target(name: "NcursesBackend", dependencies: ["CNcurses", "Terminal"], swiftSettings: settings),
        .target(
            name: "NeffosConsole",
            dependencies: ["NeffosObservatory", "NeffosFeed", "Terminal"],
            swiftSettings: settings),
        .target(
            name: "NeffosTerminalConsole",
            dependencies: [
                "NeffosConsole", "NeffosObservatory", "NeffosFeed", "NcursesBackend", "Terminal",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "ChatExample",
            dependencies: ["Neffos", "NeffosFeed", "NeffosTerminalConsole", .product(name: "Logging", package: "swift-log")],
            path: "Sources/Examples/Chat",
            swiftSettings: settings),
        .executableTarget(
            name: "NeffosCommand",
            dependencies: [
                "Neffos", "NeffosWire", "NeffosSession", "NeffosFeed", "NeffosObservatory", "NeffosConsole", "NeffosAdmin",
                "NcursesBackend", "NeffosTerminalConsole", "Terminal", "Yams", "XMLCoder",
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings),
        .target(
            name: "TestSupport",
            dependencies: ["NeffosFeed", "NeffosObservatory", "Terminal"],
            path: "Tests/TestSupport",
            swiftSettings: settings),
        .executableTarget(
            name: "AutobahnPeer",
            dependencies: [
                "Neffos",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/Autobahn/Peer",
            swiftSettings: settings),
        .testTarget(
            name: "NeffosWireTests",
            dependencies: ["NeffosWire", .product(name: "NIOCore", package: "swift-nio")],
            resources: [.copy("Vectors")],
            swiftSettings: settings),
        .testTarget(
            name: "NeffosSessionTests",
            dependencies: ["NeffosSession", "NeffosWire", .product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: settings),
        .testTarget(name: "NeffosFeedTests", dependencies: ["NeffosFeed", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "NeffosTests",
            dependencies: [
                "Neffos", "NeffosWire", "NeffosSession", "NeffosFeed", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ] + nio,
            swiftSettings: settings),
        .testTarget(
            name: "NeffosObservatoryTests",
            dependencies: ["NeffosObservatory", "NeffosFeed", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "NeffosAdminTests",
            dependencies: [
                "NeffosAdmin", "Neffos", "NeffosFeed", "NeffosObservatory", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ] + nio,
            swiftSettings: settings),
        .testTarget(name: "TerminalTests", dependencies: ["Terminal", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "NcursesBackendTests",
            dependencies: ["NcursesBackend", "Terminal", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "NeffosConsoleTests",
            dependencies: ["NeffosConsole", "NeffosObservatory", "NeffosFeed", "Terminal", "TestSupport"],
            exclude: ["Golden", "Tapes"],
            swiftSettings: settings),
        .testTarget(
            name: "NeffosCommandTests",
            dependencies: [
                "NeffosCommand", "Neffos", "NeffosFeed", "NeffosObservatory", "NeffosAdmin", "NeffosConsole", "Terminal", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
    ]
)

// What the fuzzer runs: an executable for Tests/Fuzz/run, which brings libFuzzer and the sanitizers; else tests that replay its corpus.
let fuzzed: [Target.Dependency] = [
    "Neffos", "NeffosWire", "NeffosSession", "NeffosFeed",
    .product(name: "Logging", package: "swift-log"),
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOEmbedded", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]
package.targets.append(
    Context.environment["NEFFOS_FUZZ"] == nil
        ? .testTarget(
            name: "NeffosFuzzTests", dependencies: fuzzed, path: "Tests/Fuzz", exclude: ["Driver", "run"], resources: [.copy("Corpus")],
            swiftSettings: settings)
        : .executableTarget(
            name: "NeffosFuzz", dependencies: fuzzed, path: "Tests/Fuzz", exclude: ["Corpus", "Tests", "run"], swiftSettings: settings))
