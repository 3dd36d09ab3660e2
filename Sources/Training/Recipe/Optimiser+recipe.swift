import Glibc
public import Model
public import Runs

extension Optimiser {
    /// An optimiser that has taken no step.
    ///
    /// - Parameters:
    ///   - parameters: Of the network.
    ///   - layers: The encoder's layers.
    ///   - recipe: Rates, decays and the clipping norm.
    public convenience init(_ parameters: [Parameter], layers: Int, recipe: Recipe) {
        let groups = parameters.map { parameter in
            let rate =
                switch parameter.place {
                case .head: recipe.headLearningRate
                case .layer(let layer): recipe.learningRate * pow(recipe.layerDecay, Double(layers - 1 - layer))
                case .embeddings: recipe.learningRate * pow(recipe.layerDecay, Double(layers))
                }
            return Group(rate: rate, decay: parameter.isDecayed ? recipe.weightDecay : 0)
        }
        self.init(parameters, groups: groups, clip: recipe.clip)
    }
}
