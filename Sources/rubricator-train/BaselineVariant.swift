import Runs
import ArgumentParser
import Baselines
import Experiments
import Training

/// The options of a compared baseline, as its variant spells them after those that all variants have in common.
struct BaselineVariant: ParsableArguments {
    @OptionGroup var options: RecipeOptions
    @OptionGroup var baseline: BaselineOptions

    /// The recipe of a variant whose model is a baseline.
    ///
    /// - Parameters:
    ///   - variant: With its own settings.
    ///   - model: Its model's name.
    ///   - common: Of these, what says how data are drawn counts for baselines too.
    /// - Returns: Every choice, checked.
    /// - Throws: `ExperimentError.plan` naming the variant and what is at fault.
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
    /// What says how data are drawn and measured, as on a command line.
    fileprivate var drawing: [String] {
        // Of the tasks that read abstracts a baseline has this one.
        let task = task.readsAbstracts ? TrainingTask.sentence : task
        let shared = given.filter { ["--sample", "--dev-share", "--seed", "--threads"].contains($0.option) }
        return ["--task", task.rawValue] + (downsample ? ["--downsample"] : [])
            + shared.flatMap { [$0.option, $0.value] }
    }
}
