/// The life of a ``LabellingService`` as a value: when it stops accepting connections, when it closes them, and when it
/// is over.
///
/// It knows neither clocks nor servers: the service reports what happens with ``handle(_:)`` and carries out the
/// actions.
package struct ServiceState: Sendable {
    /// What happens to a service.
    package enum Event: Sendable {
        /// The port is bound.
        case bound
        /// The operator asks for a graceful shutdown; asked again, for an immediate one.
        case stopRequested
        /// The operator asks for the checkpoints and keys to be read again.
        case reloadRequested
        /// The drain delay has passed since ``Action/drain``.
        case drainDelayPassed
        /// The shutdown timeout has passed since ``Action/startShutdownTimer``.
        case shutdownTimeoutPassed
        /// A short time has passed since ``Action/closeConnections``.
        case connectionsClosed
        /// The server has ended, perhaps with an error.
        case serverEnded((any Error)?)
        /// The models have been unloaded, or could not be loaded.
        case modelsEnded((any Error)?)
    }

    /// What the service must do after an event, in the order given.
    package enum Action: Equatable, Sendable {
        /// Read the checkpoints and the keys again.
        case reload
        /// Report the service as not ready, and wait for the drain delay.
        case drain
        /// Wait for the shutdown timeout.
        case startShutdownTimer
        /// Tell the operator that requests in flight are about to be cut off.
        case reportTimeout
        /// Accept no more connections, and close each when it is idle.
        case stopServer
        /// Close every connection. The service reports ``Event/connectionsClosed`` a little later, because the server
        /// may have accepted another one meanwhile.
        case closeConnections
        /// Unload the models.
        case stopModels
        /// Return from the service: ``failure`` and ``end`` say how it ended.
        case finish
    }

    /// How the service ends, if it does not fail.
    package private(set) var end = ServiceEnd.finished
    /// The first error of the server or the models.
    package private(set) var failure: (any Error)?

    private var isBound = false
    private var isServing = true
    private var hasModels = true
    private var isStopping = false
    private var mustStopServer = false
    private var hasStoppedServer = false
    private var mustClose = false

    /// A service whose server and models have just been started.
    package init() {}

    /// Updates the state with an event and returns what must be done.
    package mutating func handle(_ event: Event) -> [Action] {
        var actions: [Action] = []
        var closesConnections = false
        func isFirstToClose() -> Bool {
            defer { mustClose = true }
            return !mustClose
        }
        switch event {
        case .bound: isBound = true
        case .reloadRequested: actions.append(.reload)
        case .stopRequested where !isStopping:
            isStopping = true
            actions.append(.drain)
        case .stopRequested:
            end = .interrupted
            closesConnections = isFirstToClose()
        case .drainDelayPassed:
            mustStopServer = true
            actions.append(.startShutdownTimer)
        case .shutdownTimeoutPassed:
            actions.append(.reportTimeout)
            if case .finished = end { end = .brokenOff }
            closesConnections = isFirstToClose()
        case .connectionsClosed: closesConnections = true
        case .serverEnded(let error):
            isServing = false
            failure = failure ?? error
            actions.append(.stopModels)
        case .modelsEnded(let error):
            hasModels = false
            failure = failure ?? error
            closesConnections = isFirstToClose()
        }
        guard isServing else { return hasModels ? actions : actions + [.finish] }
        if isBound, mustStopServer || mustClose, !hasStoppedServer {
            hasStoppedServer = true
            actions.append(.stopServer)
        }
        if closesConnections { actions.append(.closeConnections) }
        return actions
    }
}
