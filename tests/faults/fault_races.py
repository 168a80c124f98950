"""Many processes on one project: the same articles, other commands, an editor that knows no locks, git."""

from __future__ import annotations

import json
import os
import random
import secrets
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import fault_checks as checks
import fault_project
import polib
from fault_server import CHILD, ROOT, Server

STEMS = [f"news{number}" for number in range(8)]


@dataclass
class Race:
    """A folder with processes in it.

    Attributes:
        folder: The project.
        notes: Where the engine's account and the processes' output go.
        running: What was started.
    """

    folder: Path
    notes: Path
    running: list[tuple[tuple[str, ...], subprocess.Popen[bytes], Path]] = field(default_factory=list)

    def start(self, *words: str, pause: float = 0.0) -> subprocess.Popen[bytes]:
        """Start a whole process of the command line."""
        out = self.notes / f"{len(self.running)}.out"
        environment = {
            **os.environ, "PYTHONPATH": str(ROOT), "YAKUBUN_CACHE": str(self.folder / ".cache"),
            "COUNTED_LOG": str(self.notes / "asked"), "COUNTED_PAUSE": str(pause), "OMP_NUM_THREADS": "1",
        }  # fmt: skip
        with out.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, str(CHILD), "run", *words], cwd=self.folder, env=environment,
                stdin=subprocess.DEVNULL, stdout=file, stderr=file,
            )  # fmt: skip
        self.running.append((words, process, out))
        return process

    def join(self, *allowed: int, seconds: float = 300) -> list[int]:
        """Wait for all; raise if one hangs, ends with another code, or shows a traceback."""
        codes = []
        deadline = time.monotonic() + seconds
        for words, process, out in self.running:
            try:
                code = process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                for _, each, _ in self.running:
                    each.kill()
                raise AssertionError(f"deadlock: {words} did not end in {seconds:.0f} s") from None
            text = out.read_text("utf-8", "replace")
            assert "Traceback" not in text, text[-2000:]
            assert code in allowed, f"{words[:2]} exits with {code}: {text[-500:]}"
            codes.append(code)
        self.running.clear()
        return codes

    def wait_for_journal(self, lines: int) -> None:
        """Wait until so many segments are finished."""
        deadline = time.monotonic() + 120
        while len(checks.journal_lines(self.folder)) < lines:
            assert time.monotonic() < deadline, "nothing is finished in two minutes"
            time.sleep(0.01)

    def asked(self) -> Counter[str]:
        """Return how often the engine was asked for each source."""
        path = self.notes / "asked"
        return Counter(map(json.loads, path.read_bytes().splitlines())) if path.exists() else Counter()


def prepare(folder: Path, server: Server) -> None:
    """Make a project of eight articles, half of them translated and reviewed, all edited since."""
    fault_project.fresh(folder)
    shutil.rmtree(folder / ".git")
    shutil.rmtree(folder / "articles")
    for number, stem in enumerate(STEMS):
        text = f"港の便り{number}\n\n{fault_project.paragraphs(60 * number, 60 * number + 30)}\n"
        fault_project.write(folder, f"articles/ja/{stem}.txt", text)
    (folder / ".git").mkdir()
    server.run(("translate", *_articles(STEMS[:4])), folder).require(0)
    for stem in STEMS[:4]:
        fault_project.review(folder, stem)
    for stem in STEMS:
        path = folder / f"articles/ja/{stem}.txt"
        path.write_text(path.read_text("utf-8").replace("太鼓を打った", "太鼓と笛を鳴らした"), "utf-8")


def _articles(stems: Sequence[str]) -> list[str]:
    return [f"articles/ja/{stem}.txt" for stem in stems]


def _whole(race: Race, server: Server, stems: Sequence[str]) -> dict[str, object]:
    """Return what one run alone makes of a copy of the project."""
    saved = race.folder.with_name("saved")
    shutil.copytree(race.folder, saved)
    server.run(("translate", *_articles(stems)), race.folder).require(0)
    wanted = checks.snapshot(race.folder)
    shutil.rmtree(race.folder)
    saved.rename(race.folder)
    return wanted


def eight_on_all(race: Race, server: Server, chance: random.Random) -> None:
    """Eight processes translate the same eight articles, each in another order."""
    before, wanted = checks.people(race.folder), _whole(race, server, STEMS)
    for _ in range(8):
        race.start("translate", *_articles(chance.sample(STEMS, len(STEMS))), pause=0.002)
    race.join(0)
    assert not (what := checks.differences(checks.snapshot(race.folder), wanted)), what
    checks.require_people(before, checks.people(race.folder), {})
    assert max(race.asked().values()) == 1, "a segment was translated twice"


def two_on_one(race: Race, server: Server, chance: random.Random) -> None:
    """Two processes translate one article; the first one is killed, the other goes on with its work."""
    wanted = _whole(race, server, STEMS[5:6])
    first = race.start("translate", *_articles(STEMS[5:6]), pause=0.02)
    race.start("translate", *_articles(STEMS[5:6]), pause=0.002)
    race.wait_for_journal(len(checks.journal_lines(race.folder)) + 1)
    if chance.random() < 0.5:
        first.kill()  # while it holds the lock
    known = checks.finished(race.folder)
    race.join(0, -9)
    assert not (what := checks.differences(checks.snapshot(race.folder), wanted)), what
    assert all(times == 1 for text, times in race.asked().items() if text in known), "a finished segment was done twice"


def editor_and_others(race: Race, server: Server, chance: random.Random) -> None:
    """People's tools write while machines translate: an editor without locks, waivers, a CAT tool's file."""
    po = race.folder / fault_project.PO / f"{STEMS[0]}.po"
    server.run(("exchange", "export", str(po), "--output", "cat.csv"), race.folder).require(0)
    cat = race.folder / "cat.csv"
    cat.write_text(cat.read_text("utf-8").replace(".", " in the CAT tool.", 3), "utf-8")
    texts = [entry.msgid for entry in polib.pofile(str(po)) if "岬町" in entry.msgid][:4]
    for _ in range(2):
        race.start("translate", *_articles(chance.sample(STEMS[:2], 2)), "--retranslate", pause=0.005)
    race.start("exchange", "import", "cat.csv")
    for text in texts:
        race.start("waive", str(po), text, "岬町", "--reason", "an open sea")
    edits: dict[str, str] = {}
    while any(process.poll() is None for _, process, _ in race.running):
        edits |= _edit(po, f"In the editor, {len(edits)}.")
        time.sleep(0.02)
    waived = [process.returncode == 0 for words, process, _ in race.running if words[0] == "waive"]
    race.join(0, 1, 2)
    assert edits, "the editor never came to its turn"
    found = {entry.msgid: entry for entry in polib.pofile(str(po))}
    lost = [text for text, english in edits.items() if found[text].msgstr != english or found[text].fuzzy]
    assert not lost, f"{len(lost)} of {len(edits)} saved edits are lost: {lost[:2]}"
    gone = [
        text for text, told in zip(texts, waived, strict=True) if told and "waive: 岬町" not in found[text].tcomment
    ]
    assert not gone, f"waivers that were told are lost: {gone}"
    server.run(("translate", *_articles(STEMS)), race.folder).require(0)


def _edit(po: Path, english: str) -> dict[str, str]:
    """Save a correction as an editor does that holds no lock, but looks whether the file changed under it."""
    before = po.read_bytes()
    file = polib.pofile(before.decode(), wrapwidth=0)
    entry = next((one for one in file if one.fuzzy and not one.obsolete and one.msgstr), None)
    if entry is None:
        return {}
    entry.msgstr, entry.flags = english, [flag for flag in entry.flags if flag != "fuzzy"]
    new = po.with_name(f"{po.stem}.{secrets.token_hex(4)}.saving")
    file.save(str(new))
    if po.read_bytes() != before:
        new.unlink()
        return {}
    new.replace(po)
    return {entry.msgid: english}


def git_in_the_middle(race: Race, server: Server, chance: random.Random) -> None:
    """Another branch is checked out, or work is stashed, while articles are translated."""
    shutil.rmtree(race.folder / ".git")
    _git(race.folder, "init", "-q", "-b", "main")
    fault_project.write(race.folder, ".gitignore", ".cache/\n")
    _git(race.folder, "add", "-A")
    _git(race.folder, "commit", "-q", "-m", "as it is")
    _git(race.folder, "checkout", "-q", "-b", "other")
    for stem in STEMS[:4]:
        fault_project.review(race.folder, stem, every=1)
    _git(race.folder, "commit", "-q", "-a", "-m", "more reviews")
    theirs = checks.people(race.folder)
    _git(race.folder, "checkout", "-q", "main")
    ours = checks.people(race.folder)
    stash = chance.random() < 0.5
    if stash:
        path = race.folder / fault_project.PO / f"{STEMS[0]}.po"
        _edit(path, "Not yet committed.")
    stashed = checks.people(race.folder)
    for stems in (STEMS[:4], STEMS[3:6]):
        race.start("translate", *_articles(stems), pause=0.01)
    race.wait_for_journal(len(checks.journal_lines(race.folder)) + 1)
    time.sleep(chance.random())
    _git(race.folder, *(("stash", "-q") if stash else ("checkout", "-q", "-f", "other")))
    now = checks.people(race.folder)
    race.join(0, 2)
    after = checks.people(race.folder)
    assert set(now.items()) <= set(after.items()), "git's version lost a person's work"
    assert set(now.items()) >= set((ours if stash else theirs).items())
    if stash:
        _git(race.folder, "checkout", "-q", "--", "locales")
        _git(race.folder, "stash", "pop", "-q")
        found = checks.people(race.folder)
        assert set(found.items()) >= set(stashed.items()), "what was stashed does not come back"
    server.run(("translate", *_articles(STEMS)), race.folder).require(0)


def _git(folder: Path, *words: str) -> None:
    identity = ["-c", "user.name=Keeper", "-c", "user.email=keeper@cape.example"]
    done = subprocess.run(["git", *identity, *words], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, f"git {words}: {done.stderr}"


def many_scores(race: Race, server: Server, chance: random.Random) -> None:
    """Eight processes score into one ledger, and eight import into one memory."""
    for stem in STEMS[:2]:
        text = (race.folder / fault_project.PO / f"{stem}.po").read_text("utf-8")
        fault_project.write(race.folder, f"references/{stem}.po", text.replace("#, fuzzy\n", ""))
    for number in range(8):
        units = "".join(f"{fault_project.sentence(700 + n)},Unit {n}.\n" for n in range(number, number + 4))
        fault_project.write(race.folder, f"{number}/units.csv", "source,target\n" + units)
        stem = chance.choice(STEMS[:2])
        po, reference = f"{fault_project.PO}/{stem}.po", f"references/{stem}.po"
        race.start("score", "--po", po, "--reference", reference, "--ledger", "scores/ledger.jsonl")
        race.start("memory", "import", f"{number}/units.csv")
    race.join(0)
    records = [json.loads(line) for line in (race.folder / "scores/ledger.jsonl").read_bytes().splitlines()]
    assert len({one["id"] for one in records}) == 8
    assert checks.orphans(race.folder) == 0
    stored = list((race.folder / "locales/en/memory").glob("*.jsonl"))
    units = [json.loads(line)["target"] for path in stored for line in path.read_bytes().splitlines()]
    assert sorted(units) == sorted(f"Unit {n}." for n in range(11))


def namesakes(race: Race, server: Server, chance: random.Random) -> None:
    """Eight articles of one name in as many folders are translated for the first time, all at once."""
    names = [f"articles/{place}/tide.txt" for place in "abcdefgh"]
    for number, name in enumerate(names):
        text = f"潮の記録{number}\n\n{fault_project.paragraphs(800 + 6 * number, 806 + 6 * number)}\n"
        fault_project.write(race.folder, name, text)
    for name in chance.sample(names, len(names)):
        race.start("translate", name, pause=0.01)
    race.join(0)
    catalogs = [polib.pofile(str(path)) for path in (race.folder / fault_project.PO).glob("tide*.po")]
    assert sorted(one.metadata["X-Source-Path"] for one in catalogs) == names
    assert all(entry.msgstr for one in catalogs for entry in one)


RACES: dict[str, Callable[[Race, Server, random.Random], None]] = {
    "eight": eight_on_all,
    "two": two_on_one,
    "editor": editor_and_others,
    "git": git_in_the_middle,
    "scores": many_scores,
    "namesakes": namesakes,
}


def run(name: str, template: Path, folder: Path, server: Server, chance: random.Random) -> str:
    """Run one race in a copy of a prepared project; return what went wrong, empty if nothing did."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder / "work")
    (folder / "notes").mkdir()
    race = Race(folder / "work", folder / "notes")
    try:
        RACES[name](race, server, chance)
        litter = [path for path in race.folder.rglob("*") if path.suffix in (".lock", ".tmp")]
        litter = [path for path in litter if not path.is_relative_to(race.folder / ".cache" / "locks")]
        assert not litter, f"litter: {litter}"
    except AssertionError as error:
        return f"{name}: {error}"
    finally:
        for _, process, _ in race.running:
            process.kill()
            process.wait()
    return ""
