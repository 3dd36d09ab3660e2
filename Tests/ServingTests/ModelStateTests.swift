import Serving
import Testing

@Suite("The models' state")
struct ModelStateTests {
    private final class Model: NamedModel {
        let name: String

        init(_ name: String) { self.name = name }
    }

    private let joint = Model("joint")
    private let single = Model("single")

    /// Two models that have passed their self-check.
    private func ready() -> ModelState<Model> {
        var state = ModelState<Model>()
        state.loaded([joint, single])
        #expect(state.checked([joint, single], failures: [:], failure: nil) == .becameReady)
        return state
    }

    @Test("Models answer only after their self-check")
    func loading() {
        var state = ModelState<Model>()
        state.loaded([joint])
        #expect(state.visiblePhase == .loading)
        #expect(throws: LabellingFailure.loading) { try state.model(named: nil) }
        #expect(throws: ReloadFailure.notRunning) { try state.beginReload() }
    }

    @Test("Requests find models by name, and the first if they name none")
    func names() throws {
        let state = ready()
        #expect(try state.model(named: nil) === joint && state.model(named: "single") === single)
        #expect(throws: LabellingFailure.modelNotFound("other", available: ["joint", "single"])) {
            try state.model(named: "other")
        }
    }

    @Test("A model that fails its self-check does not answer until it passes one; others answer all the same")
    func selfCheck() throws {
        var state = ready()
        let failures = [ObjectIdentifier(joint): "damaged"]
        #expect(state.checked([joint, single], failures: failures, failure: "damaged") == .becameFailed("damaged"))
        #expect(state.visiblePhase == .failed("damaged"))
        #expect(throws: LabellingFailure.modelFailed("damaged")) { try state.model(named: nil) }
        #expect(try state.model(named: "single") === single)
        #expect(state.checked([joint, single], failures: failures, failure: "damaged") == nil)
        #expect(state.checked([joint, single], failures: [:], failure: nil) == .becameReady)
        #expect(try state.model(named: nil) === joint)
    }

    @Test("A service that drains answers, and shows that it drains unless it has failed")
    func draining() throws {
        var state = ready()
        state.drain()
        #expect(state.visiblePhase == .draining)
        #expect(try state.model(named: nil) === joint)
        _ = state.checked([joint, single], failures: [:], failure: "stuck")
        #expect(state.visiblePhase == .failed("stuck"))
        var early = ModelState<Model>()
        early.drain()
        #expect(early.visiblePhase == .draining)
        #expect(throws: LabellingFailure.loading) { try early.model(named: nil) }
    }

    @Test("A reload replaces the models and clears their failures; one that is refused changes nothing")
    func reload() throws {
        var state = ready()
        #expect(try state.beginReload().map(\.name) == ["joint", "single"])
        #expect(throws: ReloadFailure.inProgress) { try state.beginReload() }
        state.endReload(nil)
        #expect(try state.model(named: nil) === joint)
        _ = state.checked([joint, single], failures: [ObjectIdentifier(joint): "damaged"], failure: "damaged")
        let new = Model("joint")
        _ = try state.beginReload()
        state.endReload([new])
        #expect(try state.model(named: nil) === new && state.visiblePhase == .ready)
    }

    @Test("A self-check of models that have been replaced meanwhile is ignored")
    func staleCheck() throws {
        var state = ready()
        let new = Model("joint")
        _ = try state.beginReload()
        state.endReload([new])
        #expect(state.checked([joint, single], failures: [:], failure: "damaged") == nil)
        #expect(state.visiblePhase == .ready)
    }

    @Test("A service that has stopped answers nothing, and no self-check or reload revives it")
    func stopped() {
        var state = ready()
        state.stopped()
        #expect(throws: LabellingFailure.shuttingDown) { try state.model(named: nil) }
        #expect(throws: ReloadFailure.notRunning) { try state.beginReload() }
        #expect(state.checked([joint, single], failures: [:], failure: nil) == nil)
        #expect(state.visiblePhase == .stopped)
        state.unloaded()
        #expect(state.models.isEmpty)
    }
}
