import Kernels
import Model
public import Runs

extension Recipe {
    /// Checks every setting on its own and against the task.
    ///
    /// - Throws: ``TrainingError/recipe(_:)`` naming the option, what was expected and what was found.
    public func check() throws(TrainingError) {
        for setting in RecipeSetting.all {
            guard let expected = setting.expected(self) else { continue }
            throw .recipe("\(setting.option) is \(setting.value(self)); expected \(expected).")
        }
        if precision == .int8 {
            throw .recipe(
                "--precision is int8; expected float32 or bfloat16, because int8 rounds small gradients to zero.")
        }
        try dataPlan.check()
        try checkTask()
    }

    /// How the run draws and divides its data.
    var dataPlan: DataPlan {
        DataPlan(
            task: task, sample: sample, downsample: downsample, developmentShare: developmentShare, seed: seed)
    }

    private func checkTask() throws(TrainingError) {
        let isSequence = task == .sequenceLabelling
        if !isSequence, shortened > 0 {
            throw .recipe(
                "--shortened is \(shortened); expected 0 for \(task.rawValue), because only abstracts can be shortened."
            )
        }
        if !isSequence, exactShare < 1 {
            throw .recipe(
                "--exact-share is \(exactShare); expected 1 for \(task.rawValue), because only sequence labelling uses this weight."
            )
        }
        if labelSmoothing > 0, isSequence || task == .multiLabelText {
            throw .recipe(
                "--label-smoothing is \(labelSmoothing); expected 0 for \(task.rawValue), because only the tasks sentence and text support it."
            )
        }
    }
}
