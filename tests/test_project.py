"""What holds for the project as a whole: safe code, one direction of imports, quick starts, files that match."""

from __future__ import annotations

import ast
import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import translate

ROOT = Path(__file__).parent.parent
SOURCES = [*sorted((ROOT / "translate").rglob("*.py")), ROOT / "run_translation.py"]
MODEL = ROOT / "models" / "jaen-base"
LONGEST = 300

PICKLES = {"cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"}
HEAVY = {
    *(
        "ctranslate2",
        "gguf",
        "lxml",
        "markdown_it",
        "mdit_py_plugins",
        "numpy",
        "polib",
        "ray",
        "rich",
        "sacrebleu",
        "safetensors",
        "sentencepiece",
        "sudachipy",
    ),
    *("torch", "transformers"),
}

# Rooms from the ground up: a room may import its own tier and those below. One that is not named is in the first.
TIERS = (
    (),
    ("catalog", "_human", "proposals", "enforcement", "bilingual", "publishing", "metrics", "ledger"),
    (
        *("memory", "_memory_store", "_memory_suggesting", "interchange", "glossary_formats"),
        *("calibrating", "evaluation", "gate", "postedit", "reporting"),
        *("_score_commands", "_score_inputs", "_score_modes", "_score_terms", "_score_views"),
    ),
    ("pipeline", "_planning", "_proposing", "_running"),
    ("adapt", "bench", "cluster", "edition", "reading", "report", "review", "status"),
    ("cli",),
)
# What a room may import beside itself. ANYWHERE is what knows nothing of articles, terms or models.
ANYWHERE = {
    *("atomic", "bounded", "encoding", "errors", "formulas", "git", "jsonlines", "links"),
    *("normalization", "repetition", "resources"),
}
MAY_IMPORT = {
    "document": set(),
    "segmentation": set(),
    "glossary": set(),
    "matching": {"glossary"},
    "formats": {"document", "markup", "segmentation"},
    "markup": {"document", "glossary", "matching"},
    "engines": set(),
    "english": {"glossary"},
    "candidates": {"checks", "engines", "english", "glossary", "matching"},
    "generators": {"candidates", "engines", "english", "glossary", "matching"},
    "enforcement": {"candidates", "checks", "engines", "generators", "glossary", "matching"},
    "reporting": {"catalog", "checks", "enforcement", "glossary", "markup", "matching"},
    "checks": {"glossary", "markup", "matching", "quantities"},
    "marking": {"glossary"},
    "metrics": set(),
    "proposals": set(),
    "spelling": set(),
    "headings": {"spelling"},
    "housestyle": {"document", "headings", "spelling"},
    "config": {"checks", "housestyle"},
    "quantities": {"glossary"},
    "terms": {"glossary", "matching", "quantities"},
    "variants": {"glossary", "matching"},
    "transliteration": set(),
    "dictionary": set(),
    "morphology": set(),
    "mining": {"dictionary", "glossary", "matching", "morphology"},
    "suggesting": {"dictionary", "glossary", "matching", "transliteration"},
    "glossary_lint": {"glossary"},
    "glossary_diff": {"glossary", "markup", "matching", "terms"},
    "glossary_formats": {"glossary", "interchange"},
    "reading": {"catalog", "document", "pipeline"},
    "edition": {"catalog", "config", "document", "formats", "glossary", "pipeline", "publishing"},
    "review": {
        *("catalog", "checks", "config", "document", "edition", "glossary", "glossary_diff", "interchange", "marking"),
        *("markup", "matching", "memory", "page", "pipeline", "proposals", "provenance", "publishing", "reading"),
        *("reporting", "status", "terms"),
    },
    "cluster": {"engines", "pipeline", "proposals", "reporting"},
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def every(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=name_of)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def called(node: ast.AST) -> str:
    """Return the dotted name of what a node calls, empty if it is no call of a name."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def imports(path: Path) -> Iterator[str]:
    """Yield the full name of every module that a file imports, at its top or later."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "write imports in full"
            module = node.module or ""
            yield from (f"{module}.{alias.name}" for alias in node.names)
        elif called(node).rpartition(".")[2] in {"import_module", "__import__"} and isinstance(node, ast.Call):
            yield from (str(arg.value) for arg in node.args[:1] if isinstance(arg, ast.Constant))


def packages(path: Path) -> set[str]:
    return {module.partition(".")[0] for module in imports(path)}


def room(module: str) -> str:
    """Return the room of ours that a module such as ``translate.engines.base`` stands in, empty for the package."""
    return f"{module}.".split(".")[1]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def rooms_imported(path: Path) -> set[str]:
    ours = {room(module) for module in imports(path) if module.startswith("translate.")}
    names = {place.stem for place in (ROOT / "translate").iterdir()}
    return (ours & names) - {room(module_of(path))}  # `from translate import __version__` is no room


def tier(name: str) -> int:
    return next((number for number, names in enumerate(TIERS) if name in names), 0)


IN_ROOMS = [path for path in SOURCES if path.is_relative_to(ROOT / "translate")]


@every(SOURCES)
def test_nothing_runs_code_from_data(path: Path) -> None:
    assert not packages(path) & PICKLES
    for node in ast.walk(tree(path)):
        assert called(node) not in {"eval", "exec", "compile", "os.system", "os.popen", "torch.load"}, ast.unparse(node)
        if isinstance(node, ast.keyword):
            assert node.arg not in {"shell", "trust_remote_code", "allow_pickle"} or (
                isinstance(node.value, ast.Constant) and node.value.value is False
            ), ast.unparse(node)


@every(SOURCES)
def test_nothing_trusts_what_a_file_or_a_name_says(path: Path) -> None:
    """No YAML that makes objects, no archive unpacked by its own names, no guessable names, no shell behind a list."""
    for node in ast.walk(tree(path)):
        name = called(node)
        assert not name.endswith(("yaml.load", "yaml.unsafe_load", "extractall", "mktemp", "unpack_archive")), name
        assert name.rpartition(".")[2] not in {"getoutput", "getstatusoutput", "create_subprocess_shell"}, name
        assert not name.startswith(("os.exec", "os.spawn", "pty.spawn")), name
        if name in {"subprocess.run", "subprocess.Popen", "subprocess.call", "subprocess.check_output"}:
            assert isinstance(node, ast.Call)
            assert isinstance(node.args[0], ast.List | ast.Name), f"line {node.lineno}: give a list, not a line"
            assert not isinstance(node.args[0], ast.JoinedStr | ast.Constant)
        if name.endswith("from_pretrained") and isinstance(node, ast.Call):
            assert "trust_remote_code" not in ast.unparse(node) or "trust_remote_code=False" in ast.unparse(node)


@every(SOURCES)
def test_xml_is_parsed_in_one_hardened_place(path: Path) -> None:
    parsers = {"etree.parse", "etree.fromstring", "etree.XML", "etree.XMLParser", "etree.iterparse", "etree.HTML"}
    found = [called(node) for node in ast.walk(tree(path)) if called(node) in parsers]
    assert not found or name_of(path) == "translate/interchange/xml.py", found
    makers = {"xml.etree", "xml.dom", "xml.sax.expatreader", "xml.parsers", "xmlrpc", "lxml.html", "lxml.objectify"}
    assert not [one for one in imports(path) if one.startswith(tuple(makers))]


@pytest.mark.parametrize(("package", "owner"), [("polib", "_pofile.py"), ("sacrebleu", "metrics.py")])
def test_a_library_with_an_owner_is_imported_there_only(package: str, owner: str) -> None:
    assert {name_of(path) for path in SOURCES if package in packages(path)} <= {f"translate/{owner}"}


def test_ray_is_imported_by_two_files_of_the_cluster_only() -> None:
    importers = {name_of(path) for path in SOURCES if "ray" in packages(path)}
    assert importers == {"translate/cluster/joining.py", "translate/cluster/ray_pool.py"}


@every([path for path in IN_ROOMS if not path.is_relative_to(ROOT / "translate" / "cli")])
def test_only_the_command_line_prints_or_exits(path: Path) -> None:
    speaking = {"print", "input", "exit", "quit", "sys.exit", "os._exit", "SystemExit"}
    for node in ast.walk(tree(path)):
        assert called(node) not in speaking, f"line {node.lineno}: {ast.unparse(node)}"  # type: ignore[attr-defined]
        if isinstance(node, ast.Attribute):
            assert ast.unparse(node) not in {"sys.stdout", "sys.stderr", "sys.stdin"}, f"line {node.lineno}"


@every(IN_ROOMS)
def test_imports_point_downward(path: Path) -> None:
    here = room(module_of(path))
    upward = {name for name in rooms_imported(path) if tier(name) > tier(here)}
    assert not upward, f"{here} stands below {', '.join(sorted(upward))}"


@every([path for path in IN_ROOMS if room(module_of(path)) in MAY_IMPORT])
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    here = room(module_of(path))
    imported = {name for name in rooms_imported(path) if not name.startswith("_")}
    assert imported <= MAY_IMPORT[here] | ANYWHERE, "see docs/architecture.md"


def test_no_two_rooms_import_each_other() -> None:
    graph: dict[str, set[str]] = {}
    for path in IN_ROOMS:
        here = room(module_of(path))
        if not here.startswith("_"):
            graph.setdefault(here, set()).update(n for n in rooms_imported(path) if not n.startswith("_"))

    def reachable(start: str) -> set[str]:
        found, waiting = set(), [start]
        while waiting:
            new = graph.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return found

    assert [name for name in sorted(graph) if name in reachable(name)] == []


@every(SOURCES)
def test_files_stay_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST


def test_the_core_starts_without_anything_heavy() -> None:
    code = "import sys, translate.document, translate.config, translate.engines; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not HEAVY & set(run.stdout.split())


def test_the_shipped_model_is_the_one_that_its_sums_describe() -> None:
    lines = (MODEL / "SHA256SUMS").read_text("ascii").splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    inputs = {"adapter_model.safetensors", "adapter_config.json", "kept_tokens.json", "output_tokens.json"}
    assert set(sums) == inputs | {"confidence.json"}
    for name, digest in sums.items():
        actual = hashlib.sha256((MODEL / name).read_bytes()).hexdigest()
        assert actual == digest, f"{name} changed: cd models/jaen-base && sha256sum {' '.join(sums)} > SHA256SUMS"


def test_the_shipped_model_carries_the_terms_that_bind_it() -> None:
    notice = "Gemma is provided under and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms"
    assert (MODEL / "GEMMA_NOTICE").read_text("utf-8").splitlines()[0] == notice
    terms = (MODEL / "GEMMA_TERMS.txt").read_text("utf-8")
    for section in ("3.1 Distribution and Redistribution", "3.2 Use Restrictions", "4.9 No Waiver"):
        assert section in terms


def test_every_dependency_is_named_with_its_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    optional = project["optional-dependencies"]
    tools = optional["dev"]  # they are not part of what users install; ci/licences.py looks at them
    requirements = project["dependencies"] + [one for extra in optional.values() if extra is not tools for one in extra]
    table = (ROOT / "THIRD_PARTY.md").read_text("utf-8")
    for requirement in requirements:
        name = re.split(r"[<>=~! ]", requirement)[0]
        assert re.search(rf"^\| {re.escape(name)} \|", table, re.MULTILINE), f"{name} is missing in THIRD_PARTY.md"


def test_the_changelog_knows_the_version() -> None:
    assert f"\n## [{translate.__version__}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_contributing_has_one_section_for_each_thing_a_newcomer_adds() -> None:
    lines = (ROOT / "CONTRIBUTING.md").read_text("utf-8").splitlines()
    assert [line[3:] for line in lines if line.startswith("## ")] == [
        "Add a glossary term",
        "Add an engine",
        "Add a document format",
        "Add a check",
        "Add a metric",
        "Reproduce the README's score",
    ]


def test_the_files_that_contributing_names_exist() -> None:
    named = re.findall(r"\b\w+/[\w./-]+\.(?:py|csv|tsv)\b", (ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    assert len(named) > 10
    assert [name for name in named if "NAME" not in name and not (ROOT / name).is_file()] == []


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
class TestMakefile:
    """The recipes, run with an interpreter that only writes down what it was called with."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        place = tmp_path / "a checkout"
        (place / ".venv" / "bin").mkdir(parents=True)
        shutil.copy(ROOT / "Makefile", place)
        (place / "pyproject.toml").touch()
        python = place / ".venv" / "bin" / "python"
        python.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > calls\n')
        python.chmod(0o755)
        for stamp in (".installed", ".installed-dev"):
            (place / ".venv" / stamp).touch()
        return place

    @staticmethod
    def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"}
        return subprocess.run(["make", *arguments], cwd=folder, capture_output=True, text=True, env=environment)

    def test_translate_without_an_article_says_so_before_it_installs(self, folder: Path) -> None:
        shutil.rmtree(folder / ".venv")
        run = self.make(folder, "translate")
        assert run.returncode == 2
        assert "which article? For example: make translate ARTICLE=articles/ja/" in run.stderr
        assert not (folder / ".venv").exists()

    def test_translate_names_an_article_that_does_not_exist(self, folder: Path) -> None:
        run = self.make(folder, "translate", "ARTICLE=my article.txt")
        assert run.returncode == 2
        assert "no file my article.txt" in run.stderr

    def test_the_example_of_the_message_exists(self, folder: Path) -> None:
        example = self.make(folder, "translate").stderr.splitlines()[0].partition("ARTICLE=")[2]
        assert (ROOT / example).is_file()

    def test_translate_passes_paths_with_spaces_and_quotes(self, folder: Path) -> None:
        article, locales = 'the "new" article\'s.txt', "../our locales"
        (folder / article).touch()
        run = self.make(folder, "translate", f"ARTICLE={article}", f"LOCALES={locales}")
        assert run.returncode == 0, run.stderr
        assert (folder / "calls").read_text("utf-8").splitlines() == [
            *["run_translation.py", "translate", article, "--locales", locales],
            *["--publish", "../our locales/en/articles"],
        ]
        assert "../our locales/en/LC_MESSAGES" in run.stdout
        assert "../our locales/en/articles" in run.stdout

    def test_translate_leaves_the_locales_to_the_configuration(self, folder: Path) -> None:
        (folder / "a.txt").touch()
        assert self.make(folder, "translate", "ARTICLE=a.txt").returncode == 0
        calls = (folder / "calls").read_text("utf-8").split()
        assert calls == ["run_translation.py", "translate", "a.txt", "--publish", "articles/en"]

    def test_a_changed_pyproject_installs_again_and_nothing_else_does(self, folder: Path) -> None:
        assert "pip install" not in self.make(folder, "-n", "test").stdout
        (folder / ".venv" / ".installed-dev").unlink()
        assert "pip install" in self.make(folder, "-n", "test").stdout
        (folder / "a.txt").touch()
        assert "pip install" not in self.make(folder, "-n", "translate", "ARTICLE=a.txt").stdout


def test_the_script_of_continuous_integration_can_be_run() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(script)], check=True)
