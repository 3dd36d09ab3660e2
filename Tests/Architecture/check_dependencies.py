"""Checks the dependencies of the modules and of Serving's folders, and README.md's diagram of the modules.

    python3 check_dependencies.py [--write]    `make lint-dependencies` runs it; --write updates the diagram

- A module imports modules of lower layers only, in the order of Tests/Architecture/layers.txt. Tests and benchmarks are
  above every layer.
- Package.swift declares the modules that are imported, and no others.
- A file in a folder of Sources/Serving uses types, functions and variables of another folder only if its own folder's
  line in Sources/Serving/layers.txt names that folder. The lines form no cycle. Members of extensions are not checked.
"""

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = "Tests/Architecture/check_dependencies.py"
LAYERS = "Tests/Architecture/layers.txt"
FOLDERS = "Sources/Serving/layers.txt"
MOST_LINES, LONGEST_LINE = 30, 120
BEGIN, END = "<!-- module diagram: begin -->", "<!-- module diagram: end -->"
DIAGRAM = re.compile(f"(?<={BEGIN}\n).*?(?={END})", re.DOTALL)

# Modules of the toolchain, which no manifest declares.
TOOLCHAIN = set("Darwin Dispatch Foundation FoundationEssentials Glibc Musl Synchronization Testing".split())
KIND = r"(?:struct|class|enum|actor|protocol|typealias|func|let|var|macro)"
IMPORT = re.compile(rf"^[ \t]*(?:(?:@\w+(?:\(\w+\))?|\w+)[ \t]+)*import[ \t]+(?:{KIND}[ \t]+)?(\w+)", re.MULTILINE)
DECLARATION = re.compile(rf"((?:\b\w+(?:\(\w+\))?[ \t]+)*)\b{KIND}\s+([A-Za-z_]\w*)")
# Not members, and not argument labels.
USE = re.compile(r"(?<![\w.])(?:[A-Z_]\w*|[a-z]\w*\b(?!:))")
CODE_TOKEN = re.compile(r'//[^\n]*|/\*|#*"""|#*"|[()]')


class UnreadableManifest(Exception):
    pass


def read(root, path):
    return (root / path).read_text(encoding="utf-8")


def line_at(text, offset):
    return text.count("\n", 0, offset) + 1


def blank(text):
    return re.sub(r"[^\n]", " ", text)


@cache
def code_of(text):
    """The text of a Swift file with comments and string literals blanked out, except for interpolated expressions."""
    code, position = [], 0
    closers = [""]  # What ends each open parenthesis, comment and string
    while position < len(text):
        closer = closers[-1]
        in_code = closer in ("", ")")
        if in_code:
            tokens = CODE_TOKEN
        elif closer == "*/":
            tokens = re.compile(r"/\*|\*/")
        else:
            escape = "\\" + closer.strip('"')
            tokens = re.compile(f"{re.escape(closer)}|{re.escape(escape)}.", re.DOTALL)
        found = tokens.search(text, position)
        start, end = found.span() if found else (len(text), len(text))
        before, token = text[position:start], text[start:end]
        position = end
        code.append(before if in_code else blank(before))
        code.append(token if in_code and token in ("(", ")") else blank(token))
        if token == closer and len(closers) > 1:
            closers.pop()
        elif token.startswith("//"):
            continue
        elif token == "/*":
            closers.append("*/")
        elif token.endswith("("):
            closers.append(")")
        elif in_code and token.endswith('"'):
            closers.append(token.strip("#") + "#" * token.count("#"))
    return "".join(code)


@cache
def imports_of(code):
    """The imports of a Swift file as (line, module)."""
    return [(line_at(code, found.start(1)), found[1]) for found in IMPORT.finditer(code)]


def swift_files(root, folder):
    """Yields (path, code) for each Swift file in a folder."""
    for file in sorted((root / folder).rglob("*.swift")):
        yield file.relative_to(root).as_posix(), code_of(file.read_text(encoding="utf-8"))


class Target:
    def __init__(self, root, package, described, products):
        self.name = described["name"]
        self.manifest = f"{package}Package.swift"
        parent = "Tests" if described["type"] == "test" else "Sources"
        self.folder = package + described.get("path", f"{parent}/{self.name}")
        self.has_layer = self.folder.startswith("Sources/")
        names = [next(iter(dependency.values()))[0] for dependency in described["dependencies"]]
        self.dependencies = {name: products.get(name, {name}) for name in names}
        self.files = dict(swift_files(root, self.folder))
        self.imports = [(path, *place) for path, code in self.files.items() for place in imports_of(code)]

    def manifest_line(self, root, dependency=""):
        """The line of the manifest that names the target, or one of its dependencies."""
        text = read(root, self.manifest)
        start = re.search(rf'arget\(\s*name:\s*(?="{re.escape(self.name)}")', text).end()
        return line_at(text, max(start, text.find(f'"{dependency}"', start)))


@cache
def described_package(folder, _manifest):
    """The manifest as SwiftPM reads it. The manifest's text tells apart what is cached."""
    command = [os.environ.get("SWIFT", "swift"), "package", "--package-path", folder, "dump-package"]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    if result.returncode:
        raise UnreadableManifest(f"{folder}/Package.swift:1: SwiftPM cannot read it: {result.stderr.strip()}")
    return json.loads(result.stdout)


def read_targets(root):
    """The targets of the package and of its benchmarks, which use several modules through one product."""
    targets, products = [], {}
    for package in ("", "Benchmarks/"):
        described = described_package(root / package, read(root, f"{package}Package.swift"))
        targets += [Target(root, package, target, products) for target in described["targets"]]
        products |= {product["name"]: set(product["targets"]) for product in described["products"]}
    return targets


class Layers:
    """The modules in layers, the exceptions, and the line of each."""

    def __init__(self, root):
        self.titles, self.modules, self.lines, self.allowed, self.faults = [], [], {}, {}, []
        for line, text in enumerate(read(root, LAYERS).splitlines(), 1):
            if found := re.fullmatch(r"\[(.+)\]", text):
                self.titles.append(found[1])
                self.modules.append([])
            elif found := re.fullmatch(r"allow (\S+) -> (\S+): \S.*", text):
                self.allowed[found[1], found[2]] = line
            elif (found := re.fullmatch(r"([^\s#]+): \S.*", text)) and self.modules and found[1] not in self.lines:
                self.modules[-1].append(found[1])
                self.lines[found[1]] = line
            elif text and not text.startswith("#"):
                expected = "[layer], a new Module: purpose, or allow Importer -> Imported: reason"
                self.faults.append(f"{LAYERS}:{line}: found {text!r}; expected {expected}")
        self.height = {module: height for height, modules in enumerate(self.modules) for module in modules}


def check_layers(root, targets, layers):
    yield from layers.faults
    layered = {target.name: target for target in targets if target.has_layer}
    for name in sorted(layers.lines.keys() - layered.keys()):
        yield f"{LAYERS}:{layers.lines[name]}: {name} is not a module in Sources; remove this line"
    for name in sorted(layered.keys() - layers.lines.keys()):
        line = layered[name].manifest_line(root)
        yield f"Package.swift:{line}: {name} is in no layer; add it to {LAYERS}, above the modules that it imports"
    needed = set()
    height = layers.height | {target.name: len(layers.titles) for target in targets if not target.has_layer}
    for target in layered.values():
        for path, line, imported in target.imports:
            if height.get(imported, -1) < height.get(target.name, len(height)):
                continue
            needed.add((target.name, imported))
            if (target.name, imported) not in layers.allowed:
                title = ([*layers.titles, "Tests"])[height[imported]]
                yield (
                    f"{path}:{line}: {target.name} (layer {layers.titles[height[target.name]]}) imports {imported} "
                    f"(layer {title}), which is not below it; move the code, or allow the import in {LAYERS}"
                )
    for names in sorted(layers.allowed.keys() - needed):
        line = layers.allowed[names]
        yield f"{LAYERS}:{line}: {names[0]} does not import {names[1]} against the order; remove this line"


def check_declarations(root, targets):
    """Compares what each target declares with what its files import."""
    for target in targets:
        imported = {module for _, _, module in target.imports}
        declared = set().union(*target.dependencies.values())
        for path, line, module in target.imports:
            if module not in declared | TOOLCHAIN:
                advice = f"declare it for {target.name} in {target.manifest}, or remove the import"
                yield f"{path}:{line}: {module} is imported but not declared; {advice}"
        for name, modules in target.dependencies.items():
            if target.files and not modules & imported:
                line = target.manifest_line(root, name)
                yield f"{target.manifest}:{line}: no file of {target.name} imports {name}; remove this dependency"


def top_level_names(code):
    """The names that a file declares at its top level for other files."""
    depth, outside = 0, []
    for part in re.split(r"([{}])", code):
        if depth == 0:
            outside.append(part)
        depth += {"{": 1, "}": -1}.get(part, 0)
    found = DECLARATION.findall("".join(outside))
    return {name for modifiers, name in found if not {"private", "fileprivate"} & set(modifiers.split())}


def check_folders(root):
    """Checks the folders of Serving against its own layers."""
    serving = Path(FOLDERS).parent.as_posix()
    files, home = {}, {}  # {folder: {path: code}}, and the folder that declares each name
    for path, code in swift_files(root, serving):
        folder = Path(path).relative_to(serving).parts[0]
        files.setdefault(folder, {})[path] = code
        home |= dict.fromkeys(top_level_names(code), folder)

    lines, allowed = {}, {}
    for line, text in enumerate(read(root, FOLDERS).splitlines(), 1):
        found = re.fullmatch(r"(\w+):((?: \w+)*)", text)
        if found and found[1] not in allowed:
            lines[found[1]], allowed[found[1]] = line, found[2].split()
        elif text and not text.startswith("#"):
            yield f"{FOLDERS}:{line}: found {text!r}; expected a new Folder: Folder Folder"
    for folder, others in allowed.items():
        for name in [folder, *others]:
            if name not in files:
                yield f"{FOLDERS}:{lines[folder]}: {serving} has no folder {name} with Swift files; remove the name"
    if cycle := find_cycle(allowed):
        path = " -> ".join(cycle)
        yield f"{FOLDERS}:{lines[cycle[0]]}: the folders form a cycle, {path}; move what they share to a lower folder"

    for folder, sources in files.items():
        if folder not in allowed:
            yield f"{next(iter(sources))}:1: {folder} has no line in {FOLDERS}; add one, or move the file"
            continue
        used = set()
        for path, code in sources.items():
            own = {name for _, name in DECLARATION.findall(code)}
            reported = set()
            for found in USE.finditer(code):
                other = home.get(found[0], folder)
                if other == folder or found[0] in own | reported:
                    continue
                used.add(other)
                if other not in allowed[folder]:
                    reported.add(found[0])
                    yield (
                        f"{path}:{line_at(code, found.start())}: {folder} uses {found[0]} of {other}, which is not on "
                        f"its line in {FOLDERS}; move the code, or add {other} to the line if no cycle arises"
                    )
        for other in sorted(set(allowed[folder]) & files.keys() - used):
            yield f"{FOLDERS}:{lines[folder]}: {folder} uses nothing of {other}; remove the name"


def find_cycle(edges):
    """Returns the nodes of a cycle, the first one repeated at the end, or None."""
    done = set()

    def visit(path):
        for node in edges.get(path[-1], ()):
            if node in path:
                return [*path[path.index(node) :], node]
            if node not in done and (cycle := visit([*path, node])):
                return cycle
        done.add(path[-1])
        return None

    return next((cycle for node in edges if (cycle := visit([node]))), None)


def diagram(targets, layers):
    """A Mermaid flowchart of the Swift modules. It leaves out imports that follow from others."""
    drawn = {target.name: target for target in targets if target.has_layer and target.files}
    below = {name: sorted(target.dependencies.keys() & drawn.keys()) for name, target in drawn.items()}

    @cache
    def reach(name):
        return set(below[name]).union(*map(reach, below[name]))

    # Modules with the same arrows share a line.
    arrows = {}
    for name in (name for modules in reversed(layers.modules) for name in modules if name in drawn):
        direct = tuple(other for other in below[name] if not any(other in reach(third) for third in below[name]))
        arrows.setdefault(direct, []).append(name)
    groups = [
        f'  subgraph layer{height}["{layers.titles[height]}"]; {"; ".join(filter(drawn.get, modules))}; end'
        for height, modules in reversed([*enumerate(layers.modules)])
        if drawn.keys() & set(modules)
    ]
    edges = [f"  {' & '.join(names)} --> {' & '.join(direct)}" for direct, names in arrows.items() if direct]
    return ["```mermaid", "flowchart TD", *groups, *edges, "```"]


def check_diagram(root, lines, write):
    text = read(root, "README.md")
    found = DIAGRAM.search(text)
    if not found:
        yield f"README.md:1: found no diagram; add the lines {BEGIN} and {END}"
        return
    line, current = line_at(text, found.start()), "\n".join(["", *lines, "", ""])
    if write:
        (root / "README.md").write_text(DIAGRAM.sub(lambda _: current, text), encoding="utf-8")
    elif found[0] != current:
        yield f"README.md:{line}: the module diagram is out of date; run python3 {SCRIPT} --write"
    longest = max(map(len, lines))
    if len(lines) > MOST_LINES or longest > LONGEST_LINE:
        yield (
            f"README.md:{line}: the diagram has {len(lines)} lines of up to {longest} characters; "
            f"expected at most {MOST_LINES} of {LONGEST_LINE}: merge layers in {LAYERS} or shorten their names"
        )


def faults(root, write=False):
    """Yields a message for each fault. With `write`, updates the diagram instead of comparing it."""
    targets, layers = read_targets(root), Layers(root)
    yield from check_layers(root, targets, layers)
    yield from check_declarations(root, targets)
    if (root / FOLDERS).exists():
        yield from check_folders(root)
    yield from check_diagram(root, diagram(targets, layers), write)


def main(arguments):
    if arguments not in ([], ["--write"]):
        sys.exit(__doc__)
    if not (ROOT / FOLDERS).exists():
        print(f"{FOLDERS} does not exist: the folders of Serving are not checked")
    try:
        found = list(faults(ROOT, write=bool(arguments)))
    except UnreadableManifest as error:
        sys.exit(str(error))
    if found:
        print(*found, sep="\n")
        sys.exit(f"{len(found)} faults in the dependencies")


if __name__ == "__main__":
    main(sys.argv[1:])
