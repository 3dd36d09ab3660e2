import Serving
import Testing

@Suite("The service's state")
struct ServiceStateTests {
    private struct Broken: Error {}

    @Test("A graceful shutdown drains, stops the server, then the models")
    func gracefulShutdown() {
        var state = ServiceState()
        #expect(state.handle(.bound) == [])
        #expect(state.handle(.stopRequested) == [.drain])
        #expect(state.handle(.drainDelayPassed) == [.startShutdownTimer, .stopServer])
        #expect(state.handle(.serverEnded(nil)) == [.stopModels])
        #expect(state.handle(.modelsEnded(nil)) == [.finish])
        #expect(state.end == .finished && state.failure == nil)
    }

    @Test("A second request to stop closes connections at once, and again until the server has ended")
    func secondStop() {
        var state = ServiceState()
        _ = state.handle(.bound)
        _ = state.handle(.stopRequested)
        #expect(state.handle(.stopRequested) == [.stopServer, .closeConnections])
        #expect(state.handle(.stopRequested) == [])
        #expect(state.handle(.connectionsClosed) == [.closeConnections])
        #expect(state.handle(.serverEnded(nil)) == [.stopModels])
        #expect(state.handle(.connectionsClosed) == [])
        #expect(state.handle(.modelsEnded(nil)) == [.finish])
        #expect(state.end == .interrupted)
    }

    @Test("After the shutdown timeout connections are closed, and the service says so")
    func shutdownTimeout() {
        var state = ServiceState()
        _ = state.handle(.bound)
        _ = state.handle(.stopRequested)
        _ = state.handle(.drainDelayPassed)
        #expect(state.handle(.shutdownTimeoutPassed) == [.reportTimeout, .closeConnections])
        #expect(state.end == .brokenOff)
        // A second request does not change why connections were closed first, but it is what the operator asked for
        // last.
        #expect(state.handle(.stopRequested) == [])
        #expect(state.end == .interrupted)
    }

    @Test("A server that is told to stop before its port is bound stops once it is bound")
    func stopBeforeBound() {
        var state = ServiceState()
        #expect(state.handle(.stopRequested) == [.drain])
        #expect(state.handle(.drainDelayPassed) == [.startShutdownTimer])
        #expect(state.handle(.bound) == [.stopServer])
    }

    @Test("Models that cannot be loaded end the service with their error")
    func modelsFail() {
        var state = ServiceState()
        _ = state.handle(.bound)
        #expect(state.handle(.modelsEnded(Broken())) == [.stopServer, .closeConnections])
        #expect(state.handle(.serverEnded(nil)) == [.stopModels, .finish])
        #expect(state.failure is Broken)
    }

    @Test("A port that cannot be bound ends the service with its error, and the first error counts")
    func serverFails() {
        var state = ServiceState()
        #expect(state.handle(.serverEnded(Broken())) == [.stopModels])
        #expect(state.handle(.modelsEnded(CancellationError())) == [.finish])
        #expect(state.failure is Broken)
    }

    @Test("Every request to reload is passed on, also while the service drains")
    func reload() {
        var state = ServiceState()
        #expect(state.handle(.reloadRequested) == [.reload])
        _ = state.handle(.bound)
        _ = state.handle(.stopRequested)
        #expect(state.handle(.reloadRequested) == [.reload])
    }
}
