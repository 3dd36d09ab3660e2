"""Tracks runs of rubricator-train on a real MLflow server and reads them back with MLflow's own client.

    pip install --no-deps -r requirements-mlflow.txt     # Python 3.11, the versions pinned there
    python3 check_mlflow.py PROGRAMS PYTHON              # the programs' directory; a Python with transformers

The checks cover:
- two variants trained on invented data, logged, registered and read back
- a comparison of variants and a baseline, whose best checkpoint is registered, served from the registry, and used to
  label abstracts over HTTP and in a file
- a search that is stopped and resumed
- a server that is killed and restarted, that is slow, or that answers 500 and 429 (with the help of a proxy)
- no server at all until `sync`
- a trainer that is killed and resumed
- the local folder, opened with the client and with `mlflow ui`

`make test-mlflow` runs all checks.
"""

import argparse
import contextlib
import hashlib
import http.client
import http.server
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections import Counter, defaultdict
from pathlib import Path

os.environ.update(
    GIT_PYTHON_REFRESH="quiet", MLFLOW_DISABLE_TELEMETRY="true", MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR="false"
)
import mlflow
from mlflow import MlflowClient

from service import free_port, running

HERE = Path(__file__).resolve().parent
CHECKPOINTS = HERE.parent / "Fixtures" / "checkpoints"
WORDS = [
    "pain",
    "study",
    "we",
    "aimed",
    "trial",
    "of",
    "the",
    "dose",
    "was",
    "0.5",
    "mg",
    "higher",
    "therapy",
    "in",
    "women",
]
ROLES = ["BACKGROUND", "OBJECTIVE", "METHODS", "RESULTS", "CONCLUSIONS"]
EXPERIMENT = "pubmed-rct-classification"


def write_corpus(path, seed, count):
    """Writes invented abstracts in which each label has words of its own, so that there is something to learn."""
    draw = random.Random(seed)
    with open(path, "w") as file:
        for number in range(count):
            file.write(f"###{seed}{number}\n")
            for place, role in enumerate(ROLES):
                words = draw.choices(WORDS, k=draw.randint(2, 6)) + WORDS[3 * place : 3 * place + 2]
                file.write(f'{role}\t{" ".join(words)}, "{number}".\n')
            file.write("\n")


class Server:
    """A real MLflow server with a SQLite store and an artifact proxy."""

    def __init__(self, folder, kind=("server",), options=()):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.log = open(folder / "server.log", "a")  # noqa: SIM115  (closed with the server)
        self.command = [
            sys.executable,
            "-m",
            "mlflow",
            *kind,
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--workers",
            "1",
            *(
                options
                or (
                    "--backend-store-uri",
                    f"sqlite:///{folder}/server.db",
                    "--artifacts-destination",
                    str(folder / "served"),
                )
            ),
        ]
        self.start()

    def start(self):
        self.spawn()
        ends = 0
        for _ in range(1200):
            if self.process.poll() is not None:
                # For a moment, a killed server may still hold its port or the lock of its database.
                ends += 1
                if ends == 5:
                    raise SystemExit(
                        f"the MLflow server exits while starting:\n{(self.folder / 'server.log').read_text()[-3000:]}"
                    )
                time.sleep(1)
                self.spawn()
            with contextlib.suppress(OSError):
                if urllib.request.urlopen(self.url + "/health", timeout=5).status == 200:
                    return
            time.sleep(0.1)
        raise SystemExit("the MLflow server was not ready in time")

    def spawn(self):
        self.process = subprocess.Popen(
            self.command, stdout=self.log, stderr=self.log, cwd=self.folder, start_new_session=True
        )

    def kill(self):
        # Its workers are in its process group.
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class FaultyProxy:
    """A proxy between program and server that injects the faults of networks and servers."""

    def __init__(self, target, seed, on_request=lambda number: None):
        draw = random.Random(seed)
        lock = threading.Lock()
        faults, state = Counter(), {"requests": 0}
        self.faults = faults
        proxy = self
        self.broken = True

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, status, body=b"{}", fields=()):
                self.send_response(status)
                for name, value in fields:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def handle_one(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                with lock:
                    state["requests"] += 1
                    number = state["requests"]
                    fault = (
                        draw.choices(
                            ["none", "500", "429", "503", "500 after", "cut before", "cut after", "slow"],
                            [40, 10, 8, 6, 12, 6, 12, 6],
                        )[0]
                        if proxy.broken
                        else "none"
                    )
                    faults[fault] += 1
                on_request(number)
                if fault in ("500", "429", "503"):
                    return self.answer(int(fault), fields=[("Retry-After", "1")] if fault != "500" else [])
                if fault == "cut before":
                    self.close_connection = True
                    return self.connection.shutdown(socket.SHUT_RDWR)
                if fault == "slow":
                    time.sleep(1.5)
                host, port = target().split("//")[1].split(":")
                connection = http.client.HTTPConnection(host, int(port), timeout=60)
                try:
                    fields = {
                        name: value
                        for name, value in self.headers.items()
                        if name.lower() not in ("host", "connection")
                    }
                    connection.request(self.command, self.path, body=body, headers=fields)
                    response = connection.getresponse()
                    answer = response.read()
                except OSError:
                    faults["server gone"] += 1
                    return self.answer(502)
                finally:
                    connection.close()
                if fault == "500 after":
                    return self.answer(500)
                if fault == "cut after":
                    self.close_connection = True
                    return self.connection.shutdown(socket.SHUT_RDWR)
                self.answer(
                    response.status, answer, [("Content-Type", response.headers.get("Content-Type", "text/plain"))]
                )

            def guarded(self):
                with contextlib.suppress(OSError):
                    self.handle_one()

            do_GET = do_POST = do_PUT = do_PATCH = guarded

            def log_message(self, *_):
                pass

        self.service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.service.server_port}"
        threading.Thread(target=self.service.serve_forever, daemon=True).start()

    def stop(self):
        self.service.shutdown()


class Trainer:
    def __init__(self, programs, folder, python):
        self.program = str(programs / "rubricator-train")
        self.service = str(programs / "rubricator")
        self.python = python
        self.folder = folder
        write_corpus(folder / "train.txt", 1, 40)
        write_corpus(folder / "dev.txt", 2, 12)
        write_corpus(folder / "test.txt", 3, 12)

    def command(self, name, *options, base="sequence-labeller-f32", epochs="3"):
        return [
            self.program,
            "fit",
            "--base",
            str(CHECKPOINTS / base),
            "--train",
            str(self.folder / "train.txt"),
            "--dev",
            str(self.folder / "dev.txt"),
            "--test",
            str(self.folder / "test.txt"),
            "--out",
            str(self.folder / name),
            "--epochs",
            epochs,
            "--threads",
            "1",
            "--tokens-per-batch",
            "300",
            *map(str, options),
        ]

    def experiment(self, command, name, *options, base="sequence-labeller-f32"):
        return [
            self.program,
            command,
            "--base",
            str(CHECKPOINTS / base),
            "--train",
            str(self.folder / "train.txt"),
            "--dev",
            str(self.folder / "dev.txt"),
            "--out",
            str(self.folder / name),
            "--epochs",
            "2",
            "--threads",
            "1",
            "--tokens-per-batch",
            "300",
            *map(str, options),
        ]

    def run(self, command, status=0, **settings):
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, env=self.environment({}), **settings
        )
        assert done.returncode == status, (
            f"{' '.join(command[:2])} ended with {done.returncode}:\n{done.stderr[-3000:]}"
        )
        return done

    def environment(self, variables):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
        return kept | variables

    def fit(self, name, *options, status=0, variables=None, **settings):
        done = subprocess.run(
            self.command(name, *options, **settings),
            check=False,
            capture_output=True,
            text=True,
            env=self.environment(variables or {}),
        )
        assert done.returncode == status, f"fit {name} ended with {done.returncode}:\n{done.stderr[-3000:]}"
        return done

    def sync_through(self, name, proxy):
        """Runs sync through a faulty network until it succeeds; records that have arrived are not sent again."""
        for _ in range(30):
            command = [self.program, "sync", str(self.folder / name), "--tracking-uri", proxy.url]
            done = subprocess.run(command, check=False, capture_output=True, text=True, env=self.environment({}))
            assert done.returncode in (0, 6), done.stderr
            if done.returncode == 0:
                return
        raise AssertionError(f"sync did not succeed in 30 attempts: {done.stderr}")

    def sync(self, *arguments, status=0):
        return self.run([self.program, "sync", *map(str, arguments)], status)


def client_of(uri):
    # Without an explicit registry, MLflow uses the one that was set last.
    return MlflowClient(uri, registry_uri=uri)


def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def journal(out):
    return [json.loads(line) for line in (out / "tracking" / "journal.jsonl").read_text().splitlines()]


def number(value):
    return float(value) if isinstance(value, str) else value


def check_run(client, out, status="FINISHED", artifacts=True):
    """Checks that the server has every record in the journal of a run exactly once."""
    entries = journal(out)
    begin = entries[0]["begin"]
    experiment = client.get_experiment_by_name(begin["experiment"])
    runs = client.search_runs([experiment.experiment_id], f"tags.`rubricator.run_key` = '{begin['key']}'")
    assert len(runs) == 1, f"{len(runs)} runs for {out.name}"
    run = runs[0]
    run_id = run.info.run_id
    assert run.info.status == status, run.info.status
    assert run.info.run_name == begin["name"]

    params = dict(pair for entry in entries for pair in entry.get("params", []))
    assert run.data.params == params, set(run.data.params.items()) ^ set(params.items())
    for key, value in begin["tags"]:
        assert run.data.tags[key] == value, key

    expected = defaultdict(list)
    for entry in entries:
        for key, value in entry.get("metrics", {}).items():
            expected[key].append((entry["step"], entry["time"], number(value)))
    assert set(run.data.metrics) == set(expected), set(run.data.metrics) ^ set(expected)
    points = 0
    for key, values in expected.items():
        history = [(point.step, point.timestamp, point.value) for point in client.get_metric_history(run_id, key)]
        assert sorted(history) == sorted(values), f"{key} of {out.name}: {len(history)} points, expected {len(values)}"
        assert len({step for step, _, _ in history}) == len(history), f"{key} has a step twice"
        points += len(history)
    if status == "FINISHED" and "steps" in params and "train_loss" in expected:
        steps = int(params["steps"])
        assert [step for step, _, _ in sorted(expected["train_loss"])] == list(range(1, steps + 1)), "steps are missing"

    inputs = {entry.tags[0].value: entry.dataset for entry in run.inputs.dataset_inputs}
    logged = [dataset for entry in entries for dataset in entry.get("datasets", [])]
    assert len(inputs) == len(logged)
    for entry in logged:
        context, dataset = entry["tags"][0]["value"], entry["dataset"]
        assert (inputs[context].name, inputs[context].digest, inputs[context].profile) == (
            dataset["name"],
            dataset["digest"],
            dataset["profile"],
        )
    if status != "FINISHED":
        return run

    if artifacts:
        with tempfile.TemporaryDirectory() as folder:
            for entry in entries:
                if "artifact" in entry:
                    found = client.download_artifacts(run_id, entry["artifact"], folder)
                    assert digest(found) == digest(out / entry["file"]), entry["artifact"]
        models = [entry["model"] for entry in entries if "model" in entry]
        if models:
            check_model(client, run, out, models[-1], begin["key"])
    print(f"{out.name}: {len(params)} params, {points} points of {len(expected)} metrics match the journal", flush=True)
    return run


def check_model(client, run, out, model, key):
    models = [
        found
        for found in client.search_logged_models([run.info.experiment_id])
        if found.source_run_id == run.info.run_id
    ]
    assert len(models) == 1 and models[0].status.value == "READY" and models[0].name == "model", models
    assert [output.model_id for output in run.outputs.model_outputs] == [models[0].model_id]
    uris = [f"runs:/{run.info.run_id}/model", f"models:/{models[0].model_id}"]
    if model.get("registered"):
        name = model["registered"]
        versions = client.search_model_versions(f"name = '{name}' and run_id = '{run.info.run_id}'")
        assert len(versions) == 1 and versions[0].tags["rubricator.run_key"] == key, versions
        uris += [f"models:/{name}/{versions[0].version}"]
        for alias in model["aliases"]:
            assert client.get_model_version_by_alias(name, alias).version == versions[0].version
            uris += [f"models:/{name}@{alias}"]
    for uri in uris:
        with tempfile.TemporaryDirectory() as folder:
            mlflow.set_tracking_uri(client.tracking_uri)
            mlflow.set_registry_uri(client.tracking_uri)
            found = Path(mlflow.artifacts.download_artifacts(uri, dst_path=folder))
            names = {Path(file).name for file in model["files"]}
            assert {file.name for file in found.iterdir()} >= names | {"MLmodel"}, uri
            for file in model["files"]:
                assert digest(found / Path(file).name) == digest(out / file), (uri, file)
            described = mlflow.models.Model.load(found)
            assert described.run_id == run.info.run_id and "rubricator" in described.flavors


def check_transformers(model, python):
    """Checks that Hugging Face's transformers finds every tensor of its BERT."""
    code = (
        "import sys; from transformers import BertModel; "
        "_, loading = BertModel.from_pretrained(sys.argv[1], add_pooling_layer=False, output_loading_info=True); "
        "sys.exit(str(loading['missing_keys']) if loading['missing_keys'] else 0)"
    )
    done = subprocess.run([python, "-c", code, str(model)], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]


def check_variants(trainer, server):
    client = client_of(server.url)
    register = ["--register", "roles", "--alias"]
    first = trainer.fit("baseline", "--tracking-uri", server.url, *register, "champion", "--run-name", "a baseline")
    assert server.url in first.stderr, first.stderr
    variables = {
        "MLFLOW_TRACKING_URI": server.url,
        "MLFLOW_EXPERIMENT_NAME": EXPERIMENT,
        "MLFLOW_TRACKING_TOKEN": "s3cret",
    }
    trainer.fit(
        "downsampled",
        "--task",
        "sentence",
        "--downsample",
        *register,
        "challenger",
        base="uncased-single-f32",
        variables=variables,
    )
    for name in ("baseline", "downsampled"):
        run = check_run(client, trainer.folder / name)
        recipe = json.loads((trainer.folder / name / "training.json").read_text())["recipe"]
        assert float(run.data.params["learning_rate"]) == recipe["learning_rate"]
        assert {"test_macro_f1", "test_f1_METHODS", "best_val_accuracy", "train_runtime"} <= set(run.data.metrics)
        report = (trainer.folder / name / "tracking/artifacts/classification_report.txt").read_text()
        assert f"{run.data.metrics['test_macro_f1']:.4f}" in report
        written = b"".join(
            file.read_bytes() for file in (trainer.folder / name / "tracking").rglob("*") if file.is_file()
        )
        assert b"s3cret" not in written
    found = client.search_runs(
        [client.get_experiment_by_name(EXPERIMENT).experiment_id], order_by=["metrics.test_macro_f1 DESC"]
    )
    assert len(found) == 2
    trainer.fit("untracked", "--no-tracking")
    assert not (trainer.folder / "untracked" / "tracking").exists()
    return digest(trainer.folder / "untracked" / "model.safetensors")


def parts_of(client, run):
    found = client.search_runs([run.info.experiment_id], f"tags.`mlflow.parentRunId` = '{run.info.run_id}'")
    return {part.info.run_name: part for part in found}


def check_comparison(trainer, server):
    """Compares variants, a baseline and a checkpoint; registers the best and serves it from the registry."""
    client = client_of(server.url)
    out = trainer.folder / "compared"
    trainer.run(
        trainer.experiment(
            "compare",
            "compared",
            "--test",
            trainer.folder / "test.txt",
            "--resamples",
            500,
            "--variant",
            "slow: --learning-rate 1e-6",
            "--variant",
            "fast: --learning-rate 1e-3",
            "--variant",
            "words: --model tfidf-sgd --position-feature",
            "--checkpoint",
            f"earlier={trainer.folder / 'baseline'}",
            "--tracking-uri",
            server.url,
            "--register",
            "compared",
            "--alias",
            "champion",
        )
    )
    whole = check_run(client, out)
    parts = parts_of(client, whole)
    assert set(parts) == {"slow", "fast", "words", "earlier"}, parts
    for name in ("slow", "fast", "words"):
        check_run(client, out / name)
    check_run(client, out / "tracking" / "parts" / "earlier")
    recorded = json.loads((out / "comparison.json").read_text())["comparison"]
    figures = {figure["metric"]: figure for figure in recorded["figures"] if not figure.get("label")}
    for result in figures["macro_f1"]["results"]:
        part = parts[result["system"]]
        assert abs(part.data.metrics["test_macro_f1"] - result["estimate"]["value"]) < 1e-9, result
        assert whole.data.metrics[f"{result['system']}/test_macro_f1"] == result["estimate"]["value"]
    version = client.get_model_version_by_alias("compared", "champion")
    best = max(("slow", "fast"), key=lambda name: parts[name].data.metrics["best_val_micro_f1"])
    assert version.run_id == parts[best].info.run_id, best

    with tempfile.TemporaryDirectory() as folder:
        mlflow.set_tracking_uri(server.url)
        mlflow.set_registry_uri(server.url)
        found = mlflow.artifacts.download_artifacts("models:/compared@champion", dst_path=folder)
        check_transformers(found, trainer.python)
        source = ["--tracking-uri", server.url, "--model-cache", f"{folder}/cache"]
        texts = (trainer.folder / "test.txt").read_text()
        abstracts = [[line.split("\t") for line in block.splitlines()[1:]] for block in texts.strip().split("\n\n")]
        truth = [[role for role, _ in abstract] for abstract in abstracts]

        def served(url):
            for abstract in abstracts:
                body = json.dumps({"sentences": [sentence for _, sentence in abstract]}).encode()
                request = urllib.request.Request(url + "/predict", body, {"Content-Type": "application/json"})
                answer = json.load(urllib.request.urlopen(request))
                yield [sentence["label"] for sentence in answer["sentences"]]

        def expect_figures(labels, name):
            right = sum(a == b for row in zip(labels, truth, strict=True) for a, b in zip(*row, strict=True))
            accuracy = right / sum(map(len, truth))
            assert abs(accuracy - parts[name].data.metrics["test_accuracy"]) < 1e-9, (
                f"the labels are not those of {name}"
            )

        with running(trainer.service, *source, "--follow-models", "1", model="models:/compared@champion") as url:
            given = list(served(url))
            expect_figures(given, best)
            other = "slow" if best == "fast" else "fast"
            second = mlflow.register_model(f"runs:/{parts[other].info.run_id}/model", "compared")
            client.set_registered_model_alias("compared", "champion", second.version)
            for _ in range(300):
                if json.load(urllib.request.urlopen(url + "/info"))["generation"] == 2:
                    break
                time.sleep(0.1)
            expect_figures(list(served(url)), other)
            client.set_registered_model_alias("compared", "champion", version.version)
        lines = "".join(
            json.dumps({"sentences": [sentence for _, sentence in abstract]}) + "\n" for abstract in abstracts
        )
        file = Path(folder) / "abstracts.jsonl"
        file.write_text(lines)

        def labelled(model):
            batch = trainer.run([trainer.service, "label", "--model", model, *source, "--json", str(file)])
            documents = [json.loads(line) for line in batch.stdout.splitlines()]
            return [[sentence["label"] for sentence in document["sentences"]] for document in documents]

        assert labelled("models:/compared@champion") == given
        # The best run must be one with a model; "words" and "earlier" have only metrics.
        finished = client.search_runs([whole.info.experiment_id], "attributes.status = 'FINISHED'")
        having = [
            run for run in finished if "test_macro_f1" in run.data.metrics and run.outputs and run.outputs.model_outputs
        ]
        first = max(having, key=lambda run: (run.data.metrics["test_macro_f1"], run.info.start_time))
        assert labelled(f"best:{EXPERIMENT}?metric=test_macro_f1") == labelled(f"runs:/{first.info.run_id}/model")
    print(f"compared: {best} is the champion; served and followed from the registry, and a file labelled", flush=True)


def check_tuning(trainer, server):
    """Stops a search by a signal and resumes it: each trial is one run, and the search has the best checkpoint."""
    client = client_of(server.url)
    out = trainer.folder / "tuned"
    command = trainer.experiment(
        "tune",
        "tuned",
        "--search",
        "learning-rate=log:1e-5..1e-2",
        "--trials",
        4,
        "--eta",
        2,
        "--tracking-uri",
        server.url,
        "--register",
        "tuned",
        "--alias",
        "best",
    )
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=trainer.environment({})
    )
    second = out / "tracking" / "parts" / "trial-2" / "tracking" / "journal.jsonl"
    while process.poll() is None and not (second.exists() and second.read_bytes().count(b"\n") > 5):
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    assert process.wait() == 130, process.stderr.read()
    trainer.run([*command, "--resume"])
    whole = check_run(client, out)
    record = json.loads((out / "tuning.json").read_text())
    names = {entry["artifact"] for entry in journal(out) if "artifact" in entry}
    assert names >= {
        "classification_report.txt",
        "confusion_matrix.png",
        "predictions.csv",
        "report.html",
        "tuning.json",
    }, names
    parts = parts_of(client, whole)
    assert len(parts) == len(record["trials"]) == 4, parts
    statuses = {}
    for trial in record["trials"]:
        name = f"trial-{trial['number']}"
        wanted = "FINISHED" if trial["status"] == "finished" else "KILLED"
        statuses[name] = check_run(client, out / "tracking" / "parts" / name, status=wanted).info.status
    assert whole.data.params["best_trial"] == str(record["best"])
    assert client.get_model_version_by_alias("tuned", "best").run_id == whole.info.run_id
    history = {point.step: point.value for point in client.get_metric_history(whole.info.run_id, "trial_value")}
    assert history == {trial["number"]: max(trial["values"]) for trial in record["trials"] if trial["values"]}
    print(f"tuned: {Counter(statuses.values())}", flush=True)


def check_baseline(trainer, server):
    trainer.run(
        [
            trainer.program,
            "fit",
            "--model",
            "tfidf-sgd",
            "--task",
            "sentence",
            "--train",
            str(trainer.folder / "train.txt"),
            "--test",
            str(trainer.folder / "test.txt"),
            "--out",
            str(trainer.folder / "words"),
            "--tracking-uri",
            server.url,
        ]
    )
    run = check_run(client_of(server.url), trainer.folder / "words")
    assert run.data.params["model"] == "tfidf-sgd" and "test_macro_f1" in run.data.metrics


def check_faults(trainer, server):
    """Kills the server during a run, with a proxy that injects other faults."""
    restarted = threading.Event()

    def on_request(number):
        if number == 25 and not restarted.is_set():
            restarted.set()
            server.kill()
            threading.Thread(target=server.start, daemon=True).start()

    for seed in (1, 2):
        proxy = FaultyProxy(lambda: server.url, seed, on_request)
        name = f"faults-{seed}"
        done = trainer.fit(
            name,
            "--tracking-uri",
            proxy.url,
            "--register",
            "faulty",
            "--alias",
            f"alias-{seed}",
            "--tracking-wait",
            120,
        )
        # Send the records that did not arrive in that time.
        trainer.sync_through(name, proxy)
        assert "warning: " in done.stderr, "no warning about the faults"
        print(f"{name}: {dict(proxy.faults)}", flush=True)
        proxy.stop()
        assert digest(trainer.folder / name / "model.safetensors") == trainer.weights, "tracking changed the weights"
        check_run(client_of(server.url), trainer.folder / name)
    assert restarted.is_set()


def check_absence(trainer, server):
    done = trainer.fit("absent", "--tracking-uri", f"http://127.0.0.1:{free_port()}", "--tracking-wait", 0.5)
    assert "rubricator-train sync" in done.stderr, done.stderr
    assert digest(trainer.folder / "absent" / "model.safetensors") == trainer.weights
    proxy = FaultyProxy(lambda: server.url, 7)
    trainer.sync_through("absent", proxy)
    proxy.stop()
    for _ in range(2):
        # Under another URL the server counts as a new one: the whole run is checked again, and nothing is added.
        trainer.sync(trainer.folder / "absent", "--tracking-uri", server.url)
    check_run(client_of(server.url), trainer.folder / "absent")


def check_refusal(trainer, server):
    """Checks that a request refused with a 4xx status is not retried."""
    start = time.monotonic()
    done = trainer.fit("refused", "--tracking-uri", server.url, "--experiment", "x" * 600)
    assert "Tracking stops here" in done.stderr and time.monotonic() - start < 60, done.stderr


def check_killed_trainer(trainer, server):
    """Kills the trainer twice and resumes from an older state: the same run continues, no step is recorded twice."""
    name, options = "killed", ("--tracking-uri", server.url, "--save-every", 0.005)
    command = trainer.command(name, *options, epochs="60")
    for attempt in range(2):
        process = subprocess.Popen(
            command + (["--resume"] if attempt else []),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=trainer.environment({}),
        )
        lines = 300 * (attempt + 1)
        path = trainer.folder / name / "tracking" / "journal.jsonl"
        while process.poll() is None and (
            not (trainer.folder / name / "state" / "state.json").exists()
            or not path.exists()
            or path.read_bytes().count(b"\n") < lines
        ):
            time.sleep(0.005)
        assert process.poll() is None, "the run ended before it could be killed"
        process.kill()
        process.wait()
        with open(path, "ab") as file:
            file.write(b'{"step":99999,"time":1,"metr')
    trainer.fit(name, *options, "--resume", epochs="60")
    # On a slow machine, send the records that were still pending after the default wait.
    trainer.sync(trainer.folder / name)
    check_run(client_of(server.url), trainer.folder / name)
    assert len([entry for entry in journal(trainer.folder / name) if entry.get("status") == "RUNNING"]) == 2


def check_folder(trainer, server):
    trainer.fit("local", "--register", "roles", "--alias", "here")
    out = trainer.folder / "local"
    assert digest(out / "model.safetensors") == trainer.weights
    database = f"sqlite:///{out}/mlruns/mlflow.db"
    client = client_of(database)
    run = check_run(client, out)
    # MLflow's client can add to the local store.
    client.set_tag(run.info.run_id, "seen", "yes")
    client.log_metric(run.info.run_id, "later", 1.0)
    ui = Server(trainer.folder, ("ui",), ("--backend-store-uri", database))
    try:
        shown = client_of(ui.url).search_runs([run.info.experiment_id])
        assert [found.info.run_id for found in shown] == [run.info.run_id] and shown[0].data.tags["seen"] == "yes"
        query = urllib.parse.urlencode({"run_uuid": run.info.run_id, "path": "predictions.csv"})
        page = urllib.request.urlopen(f"{ui.url}/get-artifact?{query}").read()
        assert page == (out / "tracking/artifacts/predictions.csv").read_bytes()
        assert b"<html" in urllib.request.urlopen(ui.url).read().lower()
    finally:
        ui.kill()
    trainer.sync(out, "--tracking-uri", server.url)
    check_run(client_of(server.url), out)


CHECKS = {
    "comparison": check_comparison,
    "tuning": check_tuning,
    "baseline": check_baseline,
    "faults": check_faults,
    "absence": check_absence,
    "refusal": check_refusal,
    "killed": check_killed_trainer,
    "folder": check_folder,
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs", type=Path)
    parser.add_argument("python", help="a Python interpreter with transformers installed")
    parser.add_argument("--only", choices=CHECKS, nargs="+", default=list(CHECKS), help="checks to run (default: all)")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        trainer = Trainer(chosen.programs.resolve(), folder, chosen.python)
        server = Server(folder)
        start = time.monotonic()
        try:
            trainer.weights = check_variants(trainer, server)
            for name in chosen.only:
                CHECKS[name](trainer, server)
                print(f"{name}: {time.monotonic() - start:.0f} s", flush=True)
        finally:
            server.kill()
        print(f"mlflow {mlflow.__version__}: all checks passed in {time.monotonic() - start:.0f} s")


main()
