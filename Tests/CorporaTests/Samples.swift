import Corpora

/// Small invented files in each format.
enum Samples {
    static let pubMedRCT = """
        ###101
        BACKGROUND\tOwls are seldom counted at dawn .
        METHODS\tWe counted 12 owls in 3.5 hours .
        RESULTS\tTen of 12 owls slept ( 83.3 % ) .

        ###102
        OBJECTIVE\tTo learn whether foxes prefer plums .
        CONCLUSIONS\tFoxes like plums .

        """

    static let corpus = """
        {"id": "a", "source": "x", "text": "Owls \\u00e9t\\u00e9 \\ud83e\\udd89 sleep. We looked.", "sections": [{"label": "BACKGROUND", "start": 0, "end": 17}, {"label": "METHODS", "start": 18, "end": 28}], "sentences": [{"label": "BACKGROUND", "start": 0, "end": 17}, {"label": "METHODS", "start": 18, "end": 28}]}

        {"id": "b", "text": "Plums fell.", "sections": [], "sentences": [{"label": "RESULTS", "start": 0, "end": 11}]}
        """

    static let sentenceJSONLines = """
        {"abstract_id": "x1", "label": "methods", "text": "We asked foxes.", "sentence_id": 1}
        {"abstract_id": "x1", "label": "background", "text": "Foxes are shy.", "sentence_id": 0}
        {"abstract_id": 7, "label": "results", "text": "None \\"spoke\\".", "sentence_id": 0, "more": {"a": [null]}}
        """

    static let sentenceCSV = """
        abstract_id,sentence_id,label,text
        x1,1,METHODS,"We asked, politely, ""foxes""."
        x1,0,BACKGROUND,Foxes are shy.
        7,0,RESULTS,"None
        spoke."
        """

    static let textCSV = """
        title,abstract,group
        "Owls, mostly","They ""sleep""
        by day.",birds|night
        Foxes,They are shy.,mammals

        Plums,They fall.,
        """

    static let textJSONLines = """
        {"text": "Owls sleep.", "label": 1}
        {"text": "Foxes hide.", "labels": ["shy", 0]}
        {"text": "Plums fall.", "labels": []}
        """
}

extension String {
    var bytes: [UInt8] { Array(utf8) }
}

extension TrainingAbstract {
    /// Creates an abstract from sentences written as "LABEL: text".
    init(_ id: String, _ sentences: String...) {
        self.init(
            id: id,
            sentences: sentences.map { sentence in
                let parts = sentence.split(separator: ": ", maxSplits: 1)
                return Sentence(text: String(parts[1]), label: String(parts[0]))
            })
    }
}
