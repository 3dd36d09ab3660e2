public import JSON

extension JSONWriter {
    /// Writes the metrics of an evaluation of abstracts as members of the current object.
    public mutating func members(_ evaluation: AbstractEvaluation) {
        members(evaluation.all, merged: evaluation.mergingOpeningRoles(evaluation.all))
        key("with_background_and_objective")
        object { json in
            let counts = evaluation.withBothSections
            json.members(counts, merged: evaluation.mergingOpeningRoles(counts))
        }
        key("short_abstracts")
        object { json in
            json.member("most_sentences", AbstractEvaluation.shortLength)
            json.members(evaluation.short, merged: evaluation.mergingOpeningRoles(evaluation.short))
        }
        member("boundaries", evaluation.boundaries)
        member("crossed_boundaries", evaluation.crossedBoundaries)
    }

    /// Writes the metrics of an evaluation of texts as an object.
    public mutating func figures(_ evaluation: TextEvaluation) {
        switch evaluation.results {
        case .oneLabel(let matrix, let calibration): figures(matrix, calibration)
        case .anyLabels(let predictions): figures(predictions.counts)
        }
    }

    /// Writes the metrics of a confusion matrix as an object.
    public mutating func figures(_ matrix: ConfusionMatrix, _ calibration: Calibration? = nil) {
        object { json in
            json.members(matrix.figures)
            json.members(matrix, total: matrix.total)
            json.key("confusion")
            json.array(matrix.counts) { $0.array($1) { $0.integer($1) } }
            guard let calibration else { return }
            json.members([("expected_calibration_error", calibration.expectedError)])
            json.key("calibration")
            json.array(calibration.bins) { json, bin in
                json.object { json in
                    json.member("count", bin.count)
                    json.members([("confidence", bin.confidence), ("accuracy", bin.accuracy)])
                }
            }
        }
    }

    /// Writes the metrics of texts with any number of labels as an object.
    public mutating func figures(_ counts: MultiLabelCounts) {
        object { json in
            json.members(counts.figures)
            json.members(counts, total: counts.total)
        }
    }

    private mutating func members(_ counts: AbstractCounts, merged: AbstractCounts?) {
        member("abstracts", counts.abstracts)
        matrices(counts, counts.calibration)
        if counts.severalAllowed.sentences > 0 {
            key("sentences_with_several_allowed_labels")
            object { json in
                json.member("total", counts.severalAllowed.sentences)
                json.member("right", counts.severalAllowed.right)
            }
        }
        if let merged {
            key("background_and_objective_as_one")
            object { $0.matrices(merged, nil) }
        }
    }

    private mutating func matrices(_ counts: AbstractCounts, _ calibration: Calibration?) {
        key("sentences")
        figures(counts.sentences, calibration)
        key("characters")
        figures(counts.characters)
        guard counts.charactersOfRawText.total > 0 else { return }
        key("characters_of_raw_text")
        figures(counts.charactersOfRawText)
    }

    private mutating func members(_ tally: some LabelTally, total: Int) {
        member("total", total)
        key("labels")
        object { json in
            for (label, count) in zip(tally.labels, tally.labelCounts) {
                let scores = count.scores
                json.key(label)
                json.object { json in
                    json.members([("precision", scores.precision), ("recall", scores.recall), ("f1", scores.f1)])
                    json.member("support", scores.support)
                }
            }
        }
    }

    private mutating func members(_ figures: [(name: String, value: Double)]) {
        for (name, value) in figures {
            key(name)
            number(value)
        }
    }
}
