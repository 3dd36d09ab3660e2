import Text

/// A model that requests can choose by name.
package protocol NamedModel: AnyObject, Sendable {
    /// The name in requests and answers.
    var name: String { get }
}

/// The life of a ``ModelService`` as a value: which models there are, and which of them can answer.
///
/// Each event is a mutating method. Nothing here loads or runs a model.
package struct ModelState<Model: NamedModel>: Sendable {
    /// A change that the log should tell of.
    package enum Change: Equatable, Sendable {
        case becameReady
        case becameFailed(String)
    }

    /// The phase without regard to ``drain()``.
    private var phase = ModelPhase.loading
    private var isDraining = false
    private var isReloading = false
    /// The models in the order of the settings; the first is the default.
    package private(set) var models: [Model] = []
    /// Why each model that failed the last self-check does not answer.
    private var failures: [ObjectIdentifier: String] = [:]

    /// A service without models.
    package init() {}

    /// The phase that is shown to clients. A service that drains says so whether its models are ready or still loading.
    package var visiblePhase: ModelPhase {
        switch phase {
        case .ready where isDraining, .loading where isDraining: .draining
        case .loading, .ready, .failed, .draining, .stopped: phase
        }
    }

    /// Finds the model of a name, or the default model.
    ///
    /// - Throws: ``LabellingFailure``: loading, shuttingDown, modelNotFound, or modelFailed.
    package func model(named name: String?) throws(LabellingFailure) -> Model {
        switch phase {
        case .loading: throw .loading
        case .stopped: throw .shuttingDown
        case .ready, .failed, .draining: break
        }
        guard let model = models.first(where: { model in name.map { model.name.hasBytes(of: $0) } ?? true }) else {
            throw .modelNotFound(name ?? "", available: models.map(\.name))
        }
        if let reason = failures[ObjectIdentifier(model)] { throw .modelFailed(reason) }
        return model
    }

    /// The first models have loaded. They answer after their self-check.
    package mutating func loaded(_ models: [Model]) { self.models = models }

    /// The operator wants clients to go elsewhere.
    package mutating func drain() { isDraining = true }

    /// A reload begins. Every reload that has begun must end with ``endReload(_:)``.
    ///
    /// - Returns: The models that are in use.
    /// - Throws: ``ReloadFailure/notRunning`` or ``ReloadFailure/inProgress``.
    package mutating func beginReload() throws(ReloadFailure) -> [Model] {
        switch phase {
        case .ready, .failed: break
        case .loading, .draining, .stopped: throw .notRunning
        }
        guard !isReloading else { throw .inProgress }
        isReloading = true
        return models
    }

    /// A reload has ended with new models that passed their self-check, or with none, which leaves everything as it
    /// was.
    package mutating func endReload(_ models: [Model]?) {
        isReloading = false
        guard let models else { return }
        self.models = models
        failures = [:]
        if case .failed = phase { phase = .ready }
    }

    /// A self-check of `models` is over.
    ///
    /// - Parameters:
    ///   - models: The models that were checked. The check is ignored if other models have replaced them meanwhile.
    ///   - failures: Why models failed.
    ///   - failure: Why the service as a whole is not ready, if it is not.
    /// - Returns: What the log should tell.
    package mutating func checked(
        _ models: [Model], failures: [ObjectIdentifier: String], failure: String?
    ) -> Change? {
        guard self.models.map(ObjectIdentifier.init) == models.map(ObjectIdentifier.init), phase != .stopped else {
            return nil
        }
        let before = phase
        phase = failure.map(ModelPhase.failed) ?? .ready
        self.failures = failures
        switch (before, phase) {
        case (.loading, .ready), (.failed, .ready): return .becameReady
        case (.loading, .failed(let reason)), (.ready, .failed(let reason)): return .becameFailed(reason)
        default: return nil
        }
    }

    /// Requests are no longer answered. Those that have begun keep their models.
    package mutating func stopped() { phase = .stopped }

    /// The workers have ended, so that the models are of no more use.
    package mutating func unloaded() { models = [] }
}
