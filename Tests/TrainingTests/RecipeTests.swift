import FoundationEssentials
import Kernels
import Model
import Runs
import TestSupport
import Testing
import Training

@Suite("Recipe")
struct RecipeTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let option: String
        let change: @Sendable (inout Recipe) -> Void

        init(_ option: String, _ change: @escaping @Sendable (inout Recipe) -> Void) {
            testDescription = option
            self.option = option
            self.change = change
        }
    }

    static let rows = [
        Row("--learning-rate") { $0.learningRate = .nan }, Row("--learning-rate") { $0.learningRate = 0 },
        Row("--head-learning-rate") { $0.headLearningRate = -1 }, Row("--layer-decay") { $0.layerDecay = 2 },
        Row("--warm-up") { $0.warmUp = 1.5 }, Row("--epochs") { $0.epochs = .infinity },
        Row("--epochs") { $0.epochs = 0 }, Row("--tokens-per-batch") { $0.tokensPerBatch = 0 },
        Row("--batch-size") { $0.batchSize = 0 }, Row("--accumulation") { $0.accumulation = 0 },
        Row("--clip") { $0.clip = 0 }, Row("--hidden-dropout") { $0.dropout.hidden = 1 },
        Row("--masked-pieces") { $0.maskedPieces = 1 }, Row("--masked-numbers") { $0.maskedNumbers = 1.1 },
        Row("--averaging") { $0.averaging = 1 }, Row("--max-length") { $0.maxLength = 2 },
        Row("--threads") { $0.threads = 0 }, Row("--label-smoothing") { $0.labelSmoothing = 0.1 },
        Row("--downsample") { $0.downsample = true }, Row("--precision") { $0.precision = .int8 },
        Row("--shortened") {
            $0 = Recipe(task: .text)
            $0.shortened = 0.1
        },
        Row("--exact-share") {
            $0 = Recipe(task: .sentence)
            $0.exactShare = 0.5
        },
    ]

    @Test("The error for an invalid setting names its option", arguments: rows)
    func nonsense(_ row: Row) {
        var recipe = Recipe(task: .sequenceLabelling)
        row.change(&recipe)
        let error = #expect(throws: TrainingError.self) { try recipe.check() }
        #expect(error?.description.hasPrefix(row.option + " ") == true)
    }

    @Test("The default recipe of every task is valid and survives JSON encoding", arguments: TrainingTask.allCases)
    func usual(task: TrainingTask) throws {
        let recipe = Recipe(task: task)
        #expect(throws: Never.self) { try recipe.check() }
        #expect(try JSONDecoder().decode(Recipe.self, from: JSONEncoder().encode(recipe)) == recipe)
    }

    @Test("Every setting can be read and set by the name of its option", arguments: RecipeSetting.all.map(\.option))
    func byName(option: String) throws {
        let values: [String] =
            switch try #require(RecipeSetting.named(option)).kind {
            case .number: ["0.25", "0.5"]
            case .count: ["3", "4"]
            case .flag: ["true", "false"]
            case .choice(let names): names
            }
        var recipe = Recipe(task: .sentence)
        for value in values {
            try recipe.set(option, to: value)
            #expect(recipe.settings.first { $0.option == option }?.value == value)
        }
        let told = recipe
        #expect(throws: TrainingError.self) { try recipe.set(option, to: "nonsense") }
        #expect(recipe == told)
    }

    @Test("An unknown option is refused with a list of the known ones")
    func unknownOption() {
        var recipe = Recipe(task: .sentence)
        let error = #expect(throws: TrainingError.self) { try recipe.set("--epocs", to: "2") }
        #expect(
            error?.description.hasPrefix("--epocs is not a setting of the recipe; the settings are --task, ") == true)
    }

    @Test("A corpus of another kind than the task needs is refused")
    func otherCorpus() throws {
        #expect(throws: TrainingError.self) {
            _ = try TrainingJob(
                recipe: Recipe(task: .sequenceLabelling), base: TinyRun.base(),
                training: TinyRun.corpus(TinyRun.texts(20)), development: nil, name: "tiny")
        }
    }
}
