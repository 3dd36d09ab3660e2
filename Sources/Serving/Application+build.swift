public import Hummingbird
public import Logging
import NIOCore

/// The whole service: binds the port at once and loads the checkpoint behind it.
///
/// - Parameters:
///   - settings: What it was told.
///   - logger: Its log.
///   - onServerRunning: Is told the port once it is bound.
/// - Returns: What is to be run.
public func buildApplication(
    _ settings: Settings, logger: Logger, onServerRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
) -> some ApplicationProtocol {
    let model = ModelService(settings, logger: logger)
    return Application(
        router: routes(model, settings),
        server: .http1(configuration: .init(idleTimeout: .seconds(Int64(settings.idleTimeout)))),
        configuration: ApplicationConfiguration(
            address: .hostname(settings.host, port: settings.port), serverName: "rubricator", backlog: 1_024),
        services: [model],
        onServerRunning: { channel in await onServerRunning(channel.localAddress?.port ?? settings.port) },
        logger: logger)
}
