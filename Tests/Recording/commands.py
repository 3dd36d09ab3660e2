"""The command lines that are recorded, in order: later ones read what earlier ones wrote."""

import dataclasses

# Of a trained checkpoint's directory: files without a time or a duration in them.
DETERMINISTIC = {"model.safetensors", "config.json", "vocab.txt", "best_thresholds.json", "weights.safetensors"}


@dataclasses.dataclass
class Command:
    arguments: list
    prints: str = "words"  # "json" where the output is an answer
    writes: tuple = ()
    standard_input: str = ""


def command(line, **options):
    return Command(line.split(), **options)


def json_of(line, **options):
    return command(line, prints="json", **options)


SEQUENCE = "{fixtures}/checkpoints/sequence-labeller-f32"
SINGLE = "{fixtures}/checkpoints/uncased-single-f32"
MULTI = "{fixtures}/checkpoints/multilabel"
FIT = f"rubricator-train fit --base {SEQUENCE} --threads 2 --no-tracking --epochs 1 --dev {{dir}}/dev.txt"

HELP = [
    command(f"rubricator{name} --help")
    for name in ("", " serve", " label", " predict", " evaluate", " bench", " inspect", " health")
] + [
    command(f"rubricator-train{name} --help")
    for name in ("", " fit", " compare", " tune", " evaluate-baseline", " average", " calibrate", " sync")
]

LABEL = [
    command("rubricator label --color never {dir}/abstract.txt {dir}/plain.txt"),
    command("rubricator label --color always {dir}/abstract.txt"),
    command("rubricator label --headings ignore {dir}/abstract.txt"),
    json_of("rubricator label --json {dir}/collection.jsonl"),
    json_of("rubricator label --json --precision int8 {dir}/collection.jsonl"),
    json_of("rubricator label --json --precision bfloat16 {dir}/plain.txt"),
    json_of("rubricator label --json --threads 1 --lowercase false {dir}/plain.txt"),
    json_of("rubricator label --json", standard_input="We counted strokes. They were few."),
    json_of(f"rubricator label --json --model {SINGLE} {{dir}}/plain.txt"),
    json_of("rubricator label --json {dir}/broken.jsonl"),
    command("rubricator label {dir}/absent.txt"),
    command("rubricator label {dir}/empty.txt"),
    command("rubricator label --model {dir}/nowhere {dir}/plain.txt"),
    command("rubricator label --precision float8 {dir}/plain.txt"),
]

EVALUATE = [
    command("rubricator evaluate {dir}/dev.jsonl"),
    json_of(
        "rubricator evaluate --json --precision int8 --profile {dir}/profile.json {dir}/dev.jsonl",
        writes=("profile.json",),
    ),
    json_of("rubricator evaluate --json --mask-numbers --headings ignore {dir}/dev.jsonl"),
    command(
        f"rubricator predict --model {MULTI} --predictions {{dir}}/predicted.csv {{dir}}/texts.csv",
        writes=("predicted.csv",),
    ),
    command(
        f"rubricator evaluate --model {MULTI} --predictions {{dir}}/measured.csv {{dir}}/topics.csv",
        writes=("measured.csv",),
    ),
    json_of(f"rubricator evaluate --json --model {MULTI} --predictions {{dir}}/measured.csv {{dir}}/topics.csv"),
    command(f"rubricator evaluate --model {MULTI} {{dir}}/no-column.csv"),
    command(f"rubricator evaluate --model {MULTI} {{dir}}/unended.csv"),
    command("rubricator evaluate {dir}/unknown-label.jsonl"),
    command("rubricator evaluate {dir}/empty.txt"),
    command("rubricator evaluate {dir}/absent.jsonl"),
    command(f"rubricator predict --model {MULTI} --text-column nothing {{dir}}/texts.csv"),
]

INSPECT = [
    command(f"rubricator inspect {{fixtures}}/checkpoints/{name}")
    for name in (
        "bioclinical-cased", "distilbert-config", "encoder-only-no-prefix", "multilabel", "scibert-like",
        "sequence-labeller-f16", "tinybert-like", "transposed-bin", "uncased-single-bf16",
    )
] + [
    command(f"rubricator inspect --tensors {SEQUENCE}"),
    command("rubricator inspect {dir}"),
    command("rubricator health --port 1 --timeout 1"),
    command("rubricator serve --port 99999"),
    command("rubricator serve --precision float8"),
    command("rubricator serve --max-wait -1"),
    command("rubricator serve --model {dir}/nowhere --port 0"),
    command("rubricator juggle"),
]  # fmt: skip

TRAIN = [
    command(f"{FIT} --train {{dir}}/train.txt --test {{dir}}/test.txt --out {{dir}}/first", writes=("first",)),
    command(f"{FIT} --train {{dir}}/train.txt --seed 2 --accumulation 2 --out {{dir}}/second", writes=("second",)),
    command(
        f"{FIT} --train {{dir}}/train.jsonl --weight {{dir}}/train.jsonl=1.5 --precision bfloat16 --averaging 0.9"
        " --unlabelled {dir}/unlabelled.jsonl --teacher {dir}/first --out {dir}/third",
        writes=("third",),
    ),
    command(
        f"rubricator-train fit --base {SEQUENCE} --threads 2 --no-tracking --epochs 1 --train {{dir}}/sentences.csv"
        " --format sentence-csv --text-column sentence --id-column abstract --omitted-sections 0.3 --out {dir}/fourth",
        writes=("fourth",),
    ),
    command(f"{FIT} --task sentence --downsample --train {{dir}}/train.txt --out {{dir}}/fifth", writes=("fifth",)),
    command(
        f"rubricator-train fit --base {SINGLE} --task text --train {{dir}}/single.csv --epochs 1 --threads 2"
        " --no-tracking --out {dir}/sixth",
        writes=("sixth",),
    ),
    command(
        f"rubricator-train fit --base {MULTI} --task multi-label-text --train {{dir}}/topics.csv --text-column title"
        " --text-column abstract --label-column group --label-separator | --epochs 1 --threads 2 --no-tracking"
        " --out {dir}/seventh",
        writes=("seventh",),
    ),
    command(
        "rubricator-train fit --model tfidf-sgd --task sentence --train {dir}/train.txt --dev {dir}/dev.txt"
        " --position-feature --min-df 1 --no-tracking --out {dir}/words",
        writes=("words",),
    ),
    command(
        "rubricator-train fit --model gru --task sentence --train {dir}/train.txt --dev {dir}/dev.txt --epochs 1"
        " --min-df 1 --threads 2 --no-tracking --out {dir}/network",
        writes=("network",),
    ),
    command("rubricator-train evaluate-baseline {dir}/words --test {dir}/test.txt"),
    command("rubricator-train average {dir}/first {dir}/second --out {dir}/mean", writes=("mean",)),
    command("rubricator-train calibrate {dir}/mean --dev {dir}/dev.txt --threads 2", writes=("mean",)),
    json_of("rubricator label --json --model {dir}/mean {dir}/plain.txt"),
    json_of("rubricator label --json --model {dir}/fifth {dir}/plain.txt"),
    command(
        f"rubricator-train compare --base {SEQUENCE} --train {{dir}}/train.txt --dev {{dir}}/dev.txt"
        " --test {dir}/test.txt --epochs 1 --threads 2 --no-tracking --out {dir}/compared --variant plain:"
        " --checkpoint first={dir}/first"
    ),
    command(
        f"rubricator-train tune --base {SEQUENCE} --train {{dir}}/train.txt --dev {{dir}}/dev.txt --epochs 1"
        " --threads 2 --no-tracking --trials 2 --search learning-rate=log:1e-5..1e-3 --out {dir}/tuned"
    ),
    command(f"{FIT} --train {{dir}}/train.txt --out {{dir}}/first"),
    command(f"{FIT} --train {{dir}}/train.txt --out {{dir}}/first --resume --seed 9"),
    command(f"{FIT} --train {{dir}}/no-label.txt --out {{dir}}/none"),
    command(f"{FIT} --train {{dir}}/unknown-format.xyz --out {{dir}}/none"),
    command(f"{FIT} --train {{dir}}/unknown-label.jsonl --out {{dir}}/none"),
    command(f"{FIT} --train {{dir}}/absent.txt --out {{dir}}/none"),
    command(f"{FIT} --train {{dir}}/empty.txt --out {{dir}}/none"),
    command(f"{FIT} --train {{dir}}/train.txt --learning-rate 0 --out {{dir}}/none"),
    command(f"{FIT} --train {{dir}}/train.txt --epochs 0 --out {{dir}}/none"),
    command(f"{FIT} --train {{dir}}/train.txt --hidden-dropout 1 --out {{dir}}/none"),
    command(f"{FIT} --train {{dir}}/train.txt --weight {{dir}}/dev.txt=2 --out {{dir}}/none"),
    command("rubricator-train fit --train {dir}/train.txt --out {dir}/none"),
    command("rubricator-train fit --model svm --train {dir}/train.txt --out {dir}/none"),
    command("rubricator-train average {dir}/first --out {dir}/first"),
    command("rubricator-train calibrate {dir}/nowhere --dev {dir}/dev.txt"),
    command(f"rubricator-train tune --base {SEQUENCE} --train {{dir}}/train.txt --out {{dir}}/none --search epochs=x"),
    command("rubricator-train evaluate-baseline {dir}/first --test {dir}/test.txt"),
    command("rubricator-train sync {dir}/nowhere"),
]

CASES = HELP + LABEL + EVALUATE + INSPECT + TRAIN
