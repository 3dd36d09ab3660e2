import FoundationEssentials
import TestSupport

/// Results of PyTorch's losses and AdamW, written by Tests/Fixtures/training/make_training_fixtures.py.
struct TrainingGolden: Decodable {
    struct CrossEntropy: Decodable {
        let target: Int
        let smoothing: Double
        let loss: Double
        let gradient: [Double]
    }

    struct BinaryCrossEntropy: Decodable {
        let targets: [Bool]
        let loss: Double
        let gradient: [Double]
    }

    struct AdamW: Decodable {
        let rate: Float
        let decay: Float
        let start: [Float]
        let gradients: [[Float]]
        let end: [Double]
    }

    let logits: [Double]
    let crossEntropy: [CrossEntropy]
    let binaryCrossEntropy: BinaryCrossEntropy
    let adamW: AdamW

    enum CodingKeys: String, CodingKey {
        case logits
        case crossEntropy = "cross_entropy"
        case binaryCrossEntropy = "binary_cross_entropy"
        case adamW = "adamw"
    }

    static let file = Result {
        try JSONDecoder().decode(
            TrainingGolden.self, from: Data(contentsOf: Locations.fixtures.appending(path: "training/kernels.json")))
    }
}
