// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: Swift 6 mode and the optional stricter checks.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .strictMemorySafety(),
]

let package = Package(
    name: "rubricator",
    products: [
        .executable(name: "rubricator", targets: ["rubricator"]),
        .executable(name: "rubricator-train", targets: ["rubricator-train"]),
        // Libraries for Benchmarks/, which is a separate package.
        .library(name: "Engine", targets: ["Checkpoint", "Kernels", "Labelling", "Model", "Text"]),
        .library(name: "Trainer", targets: ["Training"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        // No pkgConfig: SwiftPM would otherwise warn people who build only the service.
        .systemLibrary(name: "CCairo"),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite3"])]),
        .target(name: "CKernels"),
        .target(name: "Kernels", dependencies: ["CKernels"], swiftSettings: strict),
        .target(name: "JSON", swiftSettings: strict),
        .target(name: "Compression", dependencies: ["CZlib"], swiftSettings: strict),
        .target(name: "CSV", swiftSettings: strict),
        .target(
            name: "Prometheus", dependencies: [.product(name: "CoreMetrics", package: "swift-metrics")],
            swiftSettings: strict),
        .target(name: "Checkpoint", dependencies: ["CZlib", "JSON"], swiftSettings: strict),
        .target(name: "Text", exclude: ["Unicode/make_unicode_tables.py"], swiftSettings: strict),
        .target(name: "Model", dependencies: ["Checkpoint", "JSON", "Kernels"], swiftSettings: strict),
        .target(
            name: "Labelling", dependencies: ["Checkpoint", "JSON", "Kernels", "Model", "Text"],
            swiftSettings: strict),
        .target(
            name: "Corpora", dependencies: ["CSV", "Checkpoint", "Compression", "JSON", "Labelling", "Text"],
            swiftSettings: strict),
        .target(
            name: "Evaluation", dependencies: ["CSV", "Corpora", "JSON", "Labelling", "Text"], swiftSettings: strict),
        .target(
            name: "Runs", dependencies: ["Checkpoint", "Corpora", "Kernels", "Model"], swiftSettings: strict),
        .target(name: "Plots", dependencies: ["CCairo", "Evaluation", "Labelling"], swiftSettings: strict),
        .target(
            name: "Report", dependencies: ["Evaluation", "Labelling", "Plots"],
            resources: [.embedInCode("report.css")], swiftSettings: strict),
        // Declares the functions of xgboost that are used. The library is loaded at run time, so nothing needs it to build.
        .target(name: "CXGBoost"),
        .target(
            name: "Baselines",
            dependencies: [
                "CXGBoost", "Checkpoint", "Corpora", "Evaluation", "Kernels", "Labelling", "Model", "Runs",
            ],
            swiftSettings: strict),
        .target(
            name: "Training",
            dependencies: [
                "Checkpoint", "Corpora", "Evaluation", "JSON", "Kernels", "Labelling", "Model", "Runs", "Text",
            ],
            swiftSettings: strict),
        .target(
            name: "MLflow",
            dependencies: [
                "Checkpoint", "JSON",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict),
        .target(
            name: "Tracking", dependencies: ["CSQLite", "Checkpoint", "JSON", "MLflow"],
            exclude: ["Local/make_schema.py"],
            resources: [.embedInCode("Local/schema.sql")],
            swiftSettings: strict),
        .target(
            name: "RunTracking",
            dependencies: [
                "Baselines", "Checkpoint", "Evaluation", "Experiments", "JSON", "MLflow",
                "Plots", "Report", "Runs", "Tracking", "Training",
            ],
            swiftSettings: strict),
        .target(
            name: "Serving",
            dependencies: [
                "Checkpoint", "Compression", "JSON", "Kernels", "Labelling", "Model", "Prometheus", "Text",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            exclude: ["layers.txt"],
            // Embedded in the program, so that deployment copies a single file.
            resources: ["docs.html", "docs.js", "index.html", "openapi.json", "page.css", "page.js"]
                .map { .embedInCode("Pages/\($0)") },
            swiftSettings: strict),
        .target(name: "Console", swiftSettings: strict),
        .target(
            name: "CorpusOptions",
            dependencies: ["Corpora", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: strict),
        .executableTarget(
            name: "rubricator",
            dependencies: [
                "CMalloc", "Checkpoint", "Console", "Corpora", "CorpusOptions", "Evaluation", "JSON", "Kernels",
                "Labelling", "MLflow", "Model", "Serving", "Text",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .target(
            name: "Experiments",
            dependencies: [
                "Baselines", "Checkpoint", "Corpora", "Evaluation", "Labelling", "Model", "Plots", "Runs", "Training",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "rubricator-train",
            dependencies: [
                "Baselines", "Checkpoint", "Console", "Corpora", "CorpusOptions", "Evaluation", "Experiments",
                "Kernels",
                "Labelling", "MLflow", "Model", "RunTracking", "Runs", "Text", "Tracking", "Training",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(name: "KernelsTests", dependencies: ["Kernels", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: strict),
        .testTarget(name: "CSVTests", dependencies: ["CSV", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "CompressionTests", dependencies: ["Compression", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "PrometheusTests",
            dependencies: ["Prometheus", .product(name: "CoreMetrics", package: "swift-metrics")],
            swiftSettings: strict),
        .testTarget(name: "CheckpointTests", dependencies: ["Checkpoint", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "TextTests", dependencies: ["Text", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "ModelTests", dependencies: ["Checkpoint", "Kernels", "Model", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "LabellingTests",
            dependencies: ["Checkpoint", "Labelling", "Model", "TestSupport", "Text"], swiftSettings: strict),
        .testTarget(
            name: "EvaluationTests",
            dependencies: ["Checkpoint", "Corpora", "Evaluation", "JSON", "Labelling", "TestSupport", "Text"],
            swiftSettings: strict),
        .testTarget(
            name: "CorporaTests", dependencies: ["Checkpoint", "Corpora", "TestSupport", "Text"],
            swiftSettings: strict),
        .testTarget(
            name: "PlotsTests", dependencies: ["CCairo", "Evaluation", "Labelling", "Plots", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ReportTests", dependencies: ["Evaluation", "Plots", "Report", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "TrainingTests",
            dependencies: [
                "Checkpoint", "Corpora", "Evaluation", "Kernels", "Labelling", "Model", "Runs", "TestSupport",
                "Training",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ExperimentsTests",
            dependencies: ["Corpora", "Evaluation", "Experiments", "Model", "Runs", "TestSupport", "Training"],
            swiftSettings: strict),
        .target(
            name: "MLflowPlayback",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/MLflowPlayback", swiftSettings: strict),
        .testTarget(
            name: "MLflowTests", dependencies: ["Checkpoint", "MLflow", "MLflowPlayback", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "TrackingTests",
            dependencies: [
                "CSQLite", "Checkpoint", "Evaluation", "JSON", "MLflow", "MLflowPlayback", "RunTracking", "Runs",
                "TestSupport", "Tracking", "Training",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ServingTests",
            dependencies: [
                "Checkpoint", "Compression", "Labelling", "Serving", "TestSupport",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "BaselinesTests",
            dependencies: [
                "Baselines", "Checkpoint", "Corpora", "Evaluation", "Kernels", "Model", "Runs", "TestSupport",
            ],
            swiftSettings: strict),
        // Runs the programs, which `swift test` builds too.
        .testTarget(
            name: "CommandLineTests", dependencies: ["Runs", "Serving", "TestSupport", "Training"],
            swiftSettings: strict),
    ]
)

// `make docs` sets the variable. Other builds do not fetch the plugin.
if Context.environment["RUBRICATOR_DOCS"] != nil {
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", exact: "1.5.0"))
}

// `make check` sets the variable to the test target that it runs, so that only the modules of this target are built.
if let suite = Context.environment["RUBRICATOR_SUITE"] {
    let dependencies = Dictionary(uniqueKeysWithValues: package.targets.map { ($0.name, $0.dependencies) })
    var needed: Set<String> = []
    // The command-line tests run the programs without importing them.
    var remaining = suite == "CommandLineTests" ? [suite, "rubricator", "rubricator-train"] : [suite]
    while let name = remaining.popLast() {
        guard needed.insert(name).inserted else { continue }
        for case .byNameItem(let dependency, _) in dependencies[name] ?? [] { remaining.append(dependency) }
    }
    package.products.removeAll()
    package.targets.removeAll { !needed.contains($0.name) }
    // Without optimisation, the numeric harness takes minutes.
    for target in package.targets where ["Kernels", "KernelsTests", "TestSupport"].contains(target.name) {
        target.swiftSettings?.append(.unsafeFlags(["-O"]))
    }
}
