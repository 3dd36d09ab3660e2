"""Checks Deployment/ and the operations page against the program: settings, paths, ports and metrics must exist.

check_deployment.py PROGRAM
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.request

import yaml

from service import running

FOLDER = pathlib.Path(__file__).parents[2] / "Deployment"


def expect(what, holds):
    if not holds:
        raise SystemExit(f"failed: {what}")


def everything(node, key):
    """Yields every value of a key at any depth."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                yield value
            yield from everything(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from everything(value, key)


# The container's restrictions in the manifests: an unprivileged user and a read-only file system.
CONFINED = (
    "unshare",
    "--mount",
    "--propagation",
    "private",
    "sh",
    "-c",
    'mount -o remount,bind,ro / && exec "$@"',
    "confined",
    "setpriv",
    "--reuid",
    "65534",
    "--regid",
    "65534",
    "--clear-groups",
    "--no-new-privs",
    "--bounding-set",
    "-all",
    "--inh-caps",
    "-all",
)


def labels(url):
    """Returns the labels that the service predicts for an abstract."""
    body = (FOLDER.parent / "Documentation" / "abstract.txt").read_bytes()
    request = urllib.request.Request(url + "/predict", body, {"Content-Type": "text/plain"})
    return [sentence["label"] for sentence in json.load(urllib.request.urlopen(request))["sentences"]]


def main(program):
    options = subprocess.run([program, "serve", "--help"], capture_output=True, text=True, check=True).stdout
    kubernetes = {path.name: yaml.safe_load(path.read_text()) for path in (FOLDER / "kubernetes").glob("*.yaml")}
    compose = yaml.safe_load((FOLDER / "compose.yaml").read_text())

    listed = set(kubernetes["kustomization.yaml"]["resources"]) | {"kustomization.yaml"}
    expect(f"kustomization.yaml lists every manifest: {listed}", listed == set(kubernetes))
    names = [variable["name"] for variable in next(everything(kubernetes, "env"))] + list(
        next(everything(compose, "environment"))
    )
    for name in names:
        option = "--" + name.removeprefix("RUBRICATOR_").lower().replace("_", "-")
        expect(f"{option} is an option of serve", name.startswith("RUBRICATOR_") and f"  {option} " in options)

    pod = kubernetes["deployment.yaml"]["spec"]["template"]["spec"]
    seconds = {
        variable["name"]: int(variable["value"])
        for variable in next(everything(pod, "env"))
        if variable["value"].isdigit()
    }
    expect(
        "the grace period is longer than drain delay and shutdown timeout together",
        pod["terminationGracePeriodSeconds"] > sum(seconds.values()),
    )
    expect("the container port is that of the image", next(everything(pod, "containerPort")) == 8080)

    cache = re.search(r"RUBRICATOR_MODEL_CACHE=(\S+)", (FOLDER.parent / "Dockerfile").read_text())[1]
    expect(
        "the model cache is writable when the root file system is read-only",
        cache == next(everything(kubernetes, "mountPath")) and [cache] in everything(compose, "tmpfs"),
    )

    label = kubernetes["kustomization.yaml"]["labels"][0]["pairs"]
    budget = kubernetes["disruption-budget.yaml"]["spec"]["selector"]["matchLabels"]
    expect("the disruption budget selects these pods", budget == label)

    configuration = (FOLDER / "haproxy.cfg").read_text()
    for replica in re.findall(r"server \w+ ([\w-]+):8080", configuration):
        expect(f"compose.yaml has the service {replica}", replica in compose["services"])
    checks = re.search(r"inter (\d+)ms fall (\d+)", configuration)
    drain = float(next(everything(compose, "environment"))["RUBRICATOR_DRAIN_DELAY"])
    expect("HAProxy removes a replica before it stops listening", int(checks[1]) * int(checks[2]) / 1000 < drain)
    subprocess.run(
        ["haproxy", "-c", "-f", "/dev/stdin"],
        check=True,
        text=True,
        input=configuration.replace("rubricator-1", "127.0.0.1").replace("rubricator-2", "127.0.0.1"),
    )

    with running(program) as url:
        paths = json.load(urllib.request.urlopen(url + "/openapi.json"))["paths"]
        asked = [probe["path"] for probe in everything(kubernetes, "httpGet")] + re.findall(
            r"httpchk GET (\S+)", configuration
        )
        asked.append(kubernetes["deployment.yaml"]["spec"]["template"]["metadata"]["annotations"]["prometheus.io/path"])
        for path in asked:
            expect(f"{path} is a path of the service", path in paths)
        free = labels(url)
        metrics = urllib.request.urlopen(url + "/metrics").read().decode()
        for metric in everything(kubernetes["autoscaler.yaml"], "metric"):
            expect(f"{metric['name']} is a metric", f"\n{metric['name']} " in metrics)
        alerts = re.findall(
            r"`?(rubricator_\w+?|process_\w+?)(?:_bucket|_count|_sum)?[\[{` ]",
            (FOLDER.parent / "Documentation" / "operations.md").read_text(),
        )
        for name in set(alerts):
            expect(f"{name}, which is on the operations page, is a metric", f"# TYPE {name} " in metrics)
    entered = {"PATH": f"{pathlib.Path(program).parent}:/usr/bin:/bin"}
    for what, says in {
        "serve": "Serve POST /predict",
        "predict": "Label the texts",
        "label": "Label the sentences",
    }.items():
        help = subprocess.run(
            [FOLDER / "entrypoint.sh", what, "--help"], env=entered, capture_output=True, text=True, check=True
        )
        expect(
            f"the container's {what} command is that of the program",
            says in help.stdout and "--tracking-uri" in help.stdout and "--experiment" in help.stdout,
        )
    training = subprocess.run(
        [FOLDER / "entrypoint.sh", "train", "--help"], check=False, env=entered, capture_output=True, text=True
    )
    expect(
        "the container can train, or names the target that can",
        "--tracking-uri" in training.stdout if training.returncode == 0 else "--target train" in training.stderr,
    )

    if os.geteuid() == 0:
        writing = subprocess.run([*CONFINED, "touch", "/tmp/written"], check=False, capture_output=True, text=True)
        expect("the confined file system is read-only", "Read-only file system" in writing.stderr)
        with running(program, within=CONFINED) as url:
            expect("the labels are the same in the confined process", labels(url) == free)
    else:
        print("skipped the check with a read-only root file system, which needs root")
    print(f"{len(names)} settings, {len(asked)} paths and {len(set(alerts))} metrics exist in the program")


if __name__ == "__main__":
    main(sys.argv[1])
