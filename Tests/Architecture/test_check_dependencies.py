"""Tests that check_dependencies.py reports a violation of each kind. `make lint-dependencies` runs it.

The violations of modules are planted in a copy of the sources, those of folders in a small folder of their own.
"""

import re
import shutil
import tempfile
import unittest
from contextlib import contextmanager
from pathlib import Path

from check_dependencies import FOLDERS, LAYERS, MOST_LINES, ROOT, check_diagram, check_folders, code_of, faults


@contextmanager
def planted(root, changes):
    """Replaces files, given by their path and their new text, and restores them afterwards."""
    before = {root / path: (root / path).read_text() if (root / path).exists() else None for path in changes}
    for path, text in changes.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    try:
        yield
    finally:
        for path, text in before.items():
            path.unlink() if text is None else path.write_text(text)


class DependencyTests(unittest.TestCase):
    def assert_reported(self, messages, expected):
        """Every message begins with one of the expected places, and contains the text expected there."""
        self.assertEqual(len(messages), len(expected), messages)
        for place, text in expected:
            self.assertTrue(any(re.match(place, message) and text in message for message in messages), messages)


class ModuleTests(DependencyTests):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = Path(folder.name).resolve()
        for pattern in ["Package.swift", "README.md", LAYERS, FOLDERS, "Benchmarks/Package.swift"]:
            cls.copy(ROOT / pattern)
        for parent in ["Sources", "Tests", "Benchmarks/Sources"]:
            for file in (ROOT / parent).rglob("*.swift"):
                cls.copy(file)
        # The tests are about what is planted: faults of the copied sources are reported elsewhere.
        cls.known = set(faults(cls.root, write=True))

    @classmethod
    def copy(cls, file):
        if file.exists():
            target = cls.root / file.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)

    def read(self, path):
        return (self.root / path).read_text()

    def assert_planted(self, changes, *expected):
        with planted(self.root, changes):
            self.assert_reported([message for message in faults(self.root) if message not in self.known], expected)

    def test_import_of_a_higher_layer(self):
        file = "Sources/Kernels/Planted.swift"
        text = "// import Text\ninternal import Serving\n"
        place = f"{file}:2: "
        self.assert_planted({file: text}, (place, "not below it"), (place, "not declared"))
        layers = self.read(LAYERS) + "allow Kernels -> Serving: planted\n"
        self.assert_planted({file: text, LAYERS: layers}, (place, "not declared"))

    def test_import_of_the_same_layer(self):
        file = "Sources/Kernels/Planted.swift"
        place = f"{file}:1: "
        self.assert_planted({file: "public import struct CSV.Row\n"}, (place, "not below it"), (place, "not declared"))

    def test_import_of_tests(self):
        file = "Sources/JSON/Planted.swift"
        place = f"{file}:1: "
        self.assert_planted({file: "import TestSupport\n"}, (place, "layer Tests"), (place, "not declared"))

    def test_undeclared_import(self):
        for file in [
            "Sources/Report/Planted.swift",
            "Tests/TextTests/Planted.swift",
            "Benchmarks/Sources/ForwardPasses/P.swift",
        ]:
            with self.subTest(file):
                self.assert_planted({file: "@testable import Plantable\n"}, (f"{file}:1: ", "Plantable is imported"))

    def test_unused_dependency(self):
        manifest = self.read("Package.swift")
        changed = manifest.replace('.target(name: "CSV",', '.target(name: "CSV", dependencies: ["JSON"],')
        self.assertNotEqual(changed, manifest)
        line = manifest[: manifest.index('.target(name: "CSV"')].count("\n") + 1
        self.assert_planted(
            {"Package.swift": changed},
            (f"Package.swift:{line}: ", "no file of CSV imports JSON"),
            ("README.md:", "out of date"),
        )

    def test_module_without_a_layer(self):
        layers = re.sub(r"(?m)^JSON: .*\n", "", self.read(LAYERS))
        self.assert_planted(
            {LAYERS: layers}, (r"Package.swift:\d+: ", "JSON is in no layer"), ("README.md:", "out of date")
        )

    def test_needless_lines_of_the_layers(self):
        layers = self.read(LAYERS)
        for line, text in [
            ("Planted: A module that does not exist", "not a module"),
            ("JSON: A module that has a layer", "expected [layer]"),
            ("Planted without a purpose", "expected [layer]"),
            ("allow Report -> Text: planted", "does not import"),
        ]:
            with self.subTest(line):
                place = f"{LAYERS}:{layers.count(chr(10)) + 1}: "
                self.assert_planted({LAYERS: f"{layers}{line}\n"}, (place, text))

    def test_outdated_diagram(self):
        readme = self.read("README.md")
        outdated = readme.replace("  Model --> ", "  Model --> JSON & ")
        self.assert_planted({"README.md": outdated}, ("README.md:", "out of date"))
        self.assert_planted({"README.md": ""}, ("README.md:1: ", "no diagram"))
        with planted(self.root, {"README.md": outdated}):
            list(faults(self.root, write=True))
            self.assertEqual(self.read("README.md"), readme)

    def test_long_diagram(self):
        with planted(self.root, {"README.md": self.read("README.md")}):
            messages = list(check_diagram(self.root, ["A --> B"] * (MOST_LINES + 1), write=True))
        self.assert_reported(messages, [(r"README.md:\d+: ", f"at most {MOST_LINES}")])


HIGH = "Sources/Serving/High/High.swift"
LOW = "Sources/Serving/Low/Low.swift"
SOUND_FOLDERS = {
    FOLDERS: "# From the bottom up\nLow:\nHigh: Low\n",
    LOW: "/// Used by High.\nstruct Low { struct Inner {} }\nprivate struct Hidden {}\n",
    HIGH: "struct High { let low: Low, hidden: Hidden }\nprivate struct Hidden {}\nfunc raise(low: Int) {}\n"
    "private(set) nonisolated(unsafe) var level = 1",
}


class FolderTests(DependencyTests):
    def assert_planted(self, changes, *expected):
        with tempfile.TemporaryDirectory() as folder, planted(Path(folder), SOUND_FOLDERS | changes):
            self.assert_reported(list(check_folders(Path(folder))), expected)

    def test_sound_folders(self):
        self.assert_planted({})

    def test_use_of_a_folder_that_is_not_on_the_line(self):
        file = "Sources/Serving/Low/Planted.swift"
        for use in [
            "let a: High",
            "let a: [High: Int]",
            "extension High: Sendable {}",
            'let a = "\\(High(low: ("b")))"',
            "let a = raise(low: 1)",
            "let a = level",
        ]:
            with self.subTest(use):
                self.assert_planted({file: f"\n{use}\n"}, (f"{file}:2: ", "of High, which is not on its line"))
        for mention in [
            "// High",
            "/* High /* */ High */",
            'let a = #"\\(High)"#',
            "let a = B.High",
            "let a = b(level: c)",
            "struct High {}",
        ]:
            with self.subTest(mention):
                self.assert_planted({file: f"{mention}\n"})

    def test_cycle(self):
        self.assert_planted(
            {FOLDERS: "Low: High\nHigh: Low\n", "Sources/Serving/Low/Planted.swift": "let a: High\n"},
            (f"{FOLDERS}:1: ", "Low -> High -> Low"),
        )

    def test_folder_without_a_line(self):
        self.assert_planted({"Sources/Serving/Planted/A.swift": ""}, ("Sources/Serving/Planted/A.swift:1: ", "no line"))

    def test_needless_lines(self):
        for line, text in [
            ("Planted:", "no folder Planted"),
            ("Low: High", "expected a new Folder"),
            ("Low, High", "expected a new Folder"),
        ]:
            with self.subTest(line):
                self.assert_planted({FOLDERS: f"Low:\nHigh: Low\n{line}\n"}, (f"{FOLDERS}:3: ", text))

    def test_needless_name(self):
        self.assert_planted({HIGH: "struct High {}\n"}, (f"{FOLDERS}:3: ", "uses nothing of Low"))


class CodeTests(unittest.TestCase):
    def test_strings_and_comments_become_blanks(self):
        for text, words in [
            ('a "b" c // d', "a c"),
            ('"""\n"a" \\(b + "c") d\n""" + e', "b + ) + e"),
            ('#"a" \\(b)"# c', "c"),
            ('#"a" \\#(b)"# c', "b) c"),
            ('"\\\\" a "\\"b" c', "a c"),
            ("/* a /* b */ c */ d", "d"),
        ]:
            with self.subTest(text):
                code = code_of(text)
                self.assertEqual((code.split(), len(code)), (words.split(), len(text)))


if __name__ == "__main__":
    unittest.main()
