internal import HTTPTypes

/// Who may have checkpoints read anew by `POST /admin/reload`.
public enum ReloadAccess: String, Sendable, CaseIterable {
    case nobody = "off"
    /// Whoever asks from this machine.
    case loopback
    /// Whoever has a key.
    case key

    /// - Throws: ``Problem`` 403 where this client may not.
    func allow(_ context: ServiceContext, _ keys: APIKeys?) throws(Problem) {
        switch self {
        case .nobody:
            throw Problem(
                .forbidden, "reloading over HTTP is off; start the service with --admin-reload, or send SIGHUP.")
        case .loopback where context.clientIsLocal: break
        // Without keys there is nobody who has one; with keys, nobody without one comes this far.
        case .key where keys != nil: break
        case .loopback: throw Problem(.forbidden, "reloading is for clients on this machine.")
        case .key:
            throw Problem(.forbidden, "reloading asks for a key, and this service has none; start it with --api-keys.")
        }
    }
}
