// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .strictMemorySafety(),
]

let package = Package(
    name: "benchmarks",
    dependencies: [.package(name: "rubricator", path: "..")],
    targets: [
        .executableTarget(
            name: "ForwardPasses",
            dependencies: [.product(name: "Engine", package: "rubricator")],
            swiftSettings: strict),
        .executableTarget(
            name: "PeerProtocol",
            dependencies: [.product(name: "Engine", package: "rubricator")],
            swiftSettings: strict),
        .executableTarget(
            name: "TrainingSteps",
            dependencies: [
                .product(name: "Engine", package: "rubricator"), .product(name: "Trainer", package: "rubricator"),
            ],
            swiftSettings: strict),
    ]
)
