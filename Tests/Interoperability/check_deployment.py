"""Reads what Deployment/ says and holds it against the program: settings, paths, ports and metrics have to be its own.

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
        raise SystemExit(f"not so: {what}")


def everything(node, key):
    """Every value of a key, however deep."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                yield value
            yield from everything(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from everything(value, key)


# What the manifests ask of the container: nobody's rights, and a file system that cannot be written to.
CONFINED = ("unshare", "--mount", "--propagation", "private", "sh", "-c", 'mount -o remount,bind,ro / && exec "$@"', "confined",
            "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--no-new-privs", "--bounding-set", "-all",
            "--inh-caps", "-all")


def labels(url):
    """What the service says of an abstract."""
    body = (FOLDER.parent / "Documentation" / "abstract.txt").read_bytes()
    request = urllib.request.Request(url + "/predict", body, {"Content-Type": "text/plain"})
    return [sentence["label"] for sentence in json.load(urllib.request.urlopen(request))["sentences"]]


def main(program):
    options = subprocess.run([program, "serve", "--help"], capture_output=True, text=True, check=True).stdout
    kubernetes = {path.name: yaml.safe_load(path.read_text()) for path in (FOLDER / "kubernetes").glob("*.yaml")}
    compose = yaml.safe_load((FOLDER / "compose.yaml").read_text())

    listed = set(kubernetes["kustomization.yaml"]["resources"]) | {"kustomization.yaml"}
    expect(f"the base has every manifest: {listed}", listed == set(kubernetes))
    names = [variable["name"] for variable in next(everything(kubernetes, "env"))] + list(next(everything(compose, "environment")))
    for name in names:
        option = "--" + name.removeprefix("RUBRICATOR_").lower().replace("_", "-")
        expect(f"{option} is an option", name.startswith("RUBRICATOR_") and f"  {option} " in options)

    pod = kubernetes["deployment.yaml"]["spec"]["template"]["spec"]
    seconds = {variable["name"]: int(variable["value"]) for variable in next(everything(pod, "env")) if variable["value"].isdigit()}
    expect("the grace period holds drain delay and shutdown timeout", pod["terminationGracePeriodSeconds"] > sum(seconds.values()))
    expect("the container's port is the image's", next(everything(pod, "containerPort")) == 8080)

    cache = re.search(r"RUBRICATOR_MODEL_CACHE=(\S+)", (FOLDER.parent / "Dockerfile").read_text())[1]
    expect("a tracker's checkpoints can be kept where the root is read-only",
           cache == next(everything(kubernetes, "mountPath")) and [cache] in everything(compose, "tmpfs"))

    label = kubernetes["kustomization.yaml"]["labels"][0]["pairs"]
    budget = kubernetes["disruption-budget.yaml"]["spec"]["selector"]["matchLabels"]
    expect("the disruption budget is of these pods", budget == label)

    configuration = (FOLDER / "haproxy.cfg").read_text()
    for replica in re.findall(r"server \w+ ([\w-]+):8080", configuration):
        expect(f"compose has {replica}", replica in compose["services"])
    checks = re.search(r"inter (\d+)ms fall (\d+)", configuration)
    drain = float(next(everything(compose, "environment"))["RUBRICATOR_DRAIN_DELAY"])
    expect("HAProxy leaves a replica before it stops listening", int(checks[1]) * int(checks[2]) / 1000 < drain)
    subprocess.run(["haproxy", "-c", "-f", "/dev/stdin"], check=True, text=True,
                   input=configuration.replace("rubricator-1", "127.0.0.1").replace("rubricator-2", "127.0.0.1"))

    with running(program) as url:
        paths = json.load(urllib.request.urlopen(url + "/openapi.json"))["paths"]
        asked = [probe["path"] for probe in everything(kubernetes, "httpGet")] + re.findall(r"httpchk GET (\S+)", configuration)
        asked.append(kubernetes["deployment.yaml"]["spec"]["template"]["metadata"]["annotations"]["prometheus.io/path"])
        for path in asked:
            expect(f"{path} is a path of the service", path in paths)
        free = labels(url)
        metrics = urllib.request.urlopen(url + "/metrics").read().decode()
        for metric in everything(kubernetes["autoscaler.yaml"], "metric"):
            expect(f"{metric['name']} is a metric", f"\n{metric['name']} " in metrics)
        alerts = re.findall(r"`?(rubricator_\w+?|process_\w+?)(?:_bucket|_count|_sum)?[\[{` ]",
                            (FOLDER.parent / "Documentation" / "operations.md").read_text())
        for name in set(alerts):
            expect(f"{name}, which the operations page names, is a metric", f"# TYPE {name} " in metrics)
    entered = {"PATH": f"{pathlib.Path(program).parent}:/usr/bin:/bin"}
    for what, says in {"serve": "Answers POST /predict", "predict": "Labels the rows", "label": "Labels the sentences"}.items():
        help = subprocess.run([FOLDER / "entrypoint.sh", what, "--help"], env=entered, capture_output=True, text=True, check=True)
        expect(f"the container's {what} is the program's", says in help.stdout and "--tracking-uri" in help.stdout and "--experiment" in help.stdout)
    training = subprocess.run([FOLDER / "entrypoint.sh", "train", "--help"], env=entered, capture_output=True, text=True)
    expect("the container trains, or says which one does", "--tracking-uri" in training.stdout if training.returncode == 0 else "--target train" in training.stderr)

    if os.geteuid() == 0:
        writing = subprocess.run([*CONFINED, "touch", "/tmp/written"], capture_output=True, text=True)
        expect("nothing can be written there", "Read-only file system" in writing.stderr)
        with running(program, within=CONFINED) as url:
            expect("the labels are the same there", labels(url) == free)
    else:
        print("not root, so the program was not run with a read-only root file system")
    print(f"{len(names)} settings, {len(asked)} paths and {len(set(alerts))} metrics are the program's own")


if __name__ == "__main__":
    main(sys.argv[1])
