"""The files that the recorded commands read. Every text is invented, and the same in every recording."""

import json
import pathlib

LABELS = ["BACKGROUND", "OBJECTIVE", "METHODS", "RESULTS", "CONCLUSIONS"]

SENTENCES = {
    "BACKGROUND": "The risk of stroke in older adults is {n} per cent.",
    "OBJECTIVE": "We aimed to test whether treatment {n} prevents falls.",
    "METHODS": "In total, {n} patients were randomized to treatment or placebo.",
    "RESULTS": "The hazard ratio was 0.{n} (95% CI 0.1 to 0.9; P < 0.05).",
    "CONCLUSIONS": "Treatment {n} was safe and should be studied further.",
}

ABSTRACT = (
    "BACKGROUND: Falls are common in older adults. We aimed to test whether exercise prevents falls. "
    "METHODS: We randomized 120 adults (mean age 71.5 years) to exercise or usual care. "
    "Falls fell by 23% (95% CI 11 to 35; p = 0.002). Exercise prevents falls, e.g. at home."
)

PLAIN = (
    "Double reading of screening mammograms is costly. Here we present a reader of our own. "
    "It read 1,024 films in 3.5 h. Sensitivity was 0.91 vs. 0.88 (P=0.04). Trials are warranted."
)


def abstracts(count, offset=0):
    """Yields lists of (label, sentence); every third abstract has no OBJECTIVE."""
    for index in range(count):
        yield [
            (label, SENTENCES[label].format(n=offset + 7 * index + place))
            for place, label in enumerate(LABELS)
            if label != "OBJECTIVE" or index % 3
        ]


def json_line(number, sentences):
    text, spans = "", []
    for label, sentence in sentences:
        start = len(text) + bool(text)
        text = f"{text} {sentence}".strip()
        spans.append({"label": label, "start": start, "end": start + len(sentence)})
    sections = [{"label": span["label"], "start": span["start"], "end": span["end"]} for span in spans]
    return json.dumps({"id": f"a{number}", "text": text, "sections": sections, "sentences": spans})


def rct(count, offset=0):
    return "".join(
        f"###{number}\n" + "".join(f"{label}\t{sentence}\n" for label, sentence in sentences) + "\n"
        for number, sentences in enumerate(abstracts(count, offset))
    )


def write(directory: pathlib.Path):
    """Writes every input file into the directory."""
    files = {
        "train.txt": rct(24),
        "dev.txt": rct(8, 400),
        "test.txt": rct(8, 700),
        "train.jsonl": "\n".join(json_line(n, s) for n, s in enumerate(abstracts(12))),
        "dev.jsonl": "\n".join(json_line(n, s) for n, s in enumerate(abstracts(6, 400))),
        "sentences.csv": "abstract,label,sentence\n"
        + "".join(f'{n},{label},"{sentence}"\n' for n, s in enumerate(abstracts(6)) for label, sentence in s),
        "topics.csv": "title,abstract,group\n"
        + "".join(
            f'Stroke {n},"{SENTENCES["BACKGROUND"].format(n=n)}",cardiovascular\n'
            f'Kidney {n},"{SENTENCES["METHODS"].format(n=n)}",hepatorenal|oncological\n'
            for n in range(8)
        ),
        "single.csv": "text,label\n"
        + "".join(f"the risk of stroke {n},a\nthe hazard ratio {n},b\n" for n in range(12)),
        "texts.csv": "id,title,abstract\n1,Stroke,The risk of stroke.\n2,,Liver failure.\n3,Heart tumours,\n",
        "unlabelled.jsonl": "\n".join(
            json.dumps({"text": " ".join(sentence for _, sentence in s)}) for s in abstracts(6, 900)
        ),
        "abstract.txt": ABSTRACT,
        "plain.txt": PLAIN,
        "collection.jsonl": "\n".join(
            json.dumps(line)
            for line in [
                {"id": "one", "text": ABSTRACT},
                {"id": "two", "sentences": ["The risk of stroke is high.", "We counted strokes."]},
                {"id": "three", "text": "Ein Satz.\u00a0\U0001f9e0 Emoji and na\u00efve caf\u00e9s. " + PLAIN * 40},
            ]
        ),
        "broken.jsonl": '{"id": "one", "text": "Good."}\n{"id": "two", "text": 3}\nnot json\n'
        '{"id": "four", "text": ""}\n',
        "no-label.txt": "###1\nBACKGROUND\tthe risk\nno label here\n",
        "unknown-label.jsonl": json.dumps(
            {
                "id": "1",
                "text": "We were paid.",
                "sections": [],
                "sentences": [{"label": "FUNDING", "start": 0, "end": 13}],
            }
        ),
        "no-column.csv": "title,text\nA,B\n",
        "unended.csv": 'title,abstract,group\nA,"B,\n',
        "empty.txt": "",
        "unknown-format.xyz": "What is this?\n",
        "keys.txt": "secret-key-for-recording\n",
    }
    for name, content in files.items():
        (directory / name).write_text(content)
