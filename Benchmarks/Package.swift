// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "benchmarks",
    dependencies: [.package(name: "rubricator", path: "..")],
    targets: [
        .executableTarget(
            name: "PeerProtocol",
            dependencies: [.product(name: "Engine", package: "rubricator")],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .strictMemorySafety(),
            ])
    ]
)
