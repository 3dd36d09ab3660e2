import ArgumentParser
import Baselines
import Experiments
import Runs
import Training

/// The options of a baseline in a comparison: the common ones, then those of its variant.
struct BaselineVariant: ParsableArguments {
    @OptionGroup var options: RecipeOptions
    @OptionGroup var baseline: BaselineOptions

    /// The recipe of a variant whose model is a baseline.
    ///
    /// - Parameters:
    ///   - variant: The variant, with its own settings.
    ///   - model: The name of its model.
    ///   - common: The common options. Those that decide how data are drawn also apply to baselines.
    /// - Returns: The recipe, checked.
    /// - Throws: `ExperimentError.plan` naming the variant and its fault.
    static func recipe(of variant: Variant, model: String, common: RecipeOptions) throws -> BaselineRecipe {
        guard let kind = BaselineKind(rawValue: model) else {
            let known = FitModel.allValueStrings.joined(separator: ", ")
            throw ExperimentError.plan(
                "variant \(variant.name): --model is \"\(model)\"; expected one of \(known).")
        }
        do {
            let own = try parse(common.drawing + variant.settings.arguments)
            try own.baseline.validate(kind, own.options)
            let recipe = try own.baseline.recipe(kind, own.options)
            try recipe.check()
            return recipe
        } catch {
            throw ExperimentError.plan("variant \(variant.name): \(message(for: error))")
        }
    }
}

extension RecipeOptions {
    /// The options that decide how data are drawn and measured, as command-line arguments.
    fileprivate var drawing: [String] {
        // The only task of a baseline that reads abstracts.
        let task = task.readsAbstracts ? TrainingTask.sentence : task
        let shared = given.filter { ["--sample", "--dev-share", "--seed", "--threads"].contains($0.option) }
        return ["--task", task.rawValue] + (downsample ? ["--downsample"] : [])
            + shared.flatMap { [$0.option, $0.value] }
    }
}
