"""One run over many articles: what is wrong with any is told before the first is written, and few plans are kept."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from translate import _planning, _running, cli, proposals
from translate.bench.generated import Generator, edited
from translate.engines import create
from translate.errors import InputError
from translate.glossary import Glossary, Kind, Term
from translate.matching import Match
from translate.pipeline import Plan, Settings, each_article, plan_article, read_article, translate_article
from translate.proposals import Journal, Proposal
from translate.reporting import ArticleReport
from translate.terms import segment_matches

GLOSSARY = Glossary(
    (Term("白糸県", "Shiraito", kind=Kind.PLACE), Term("港湾局", "Port Bureau", kind=Kind.ORG)), numbers=True
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(GLOSSARY, tmp_path / "locales", tmp_path, engine="fake")


@pytest.fixture
def articles(tmp_path: Path) -> list[Path]:
    generator = Generator(GLOSSARY)
    paths = [tmp_path / f"{number}.txt" for number in range(4)]
    for number, path in enumerate(paths):
        path.write_text(generator.article(number, 12), "utf-8")
    return paths


def translating(settings: Settings) -> Callable[[Path, Plan | None], ArticleReport]:
    engine = create("fake")
    return lambda path, plan: translate_article(path, settings, lambda: engine, lambda *_: None, plan=plan)


def run(paths: list[Path], settings: Settings) -> dict[int, ArticleReport]:
    return dict(each_article(paths, settings, translating(settings)))


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.po")}


@pytest.fixture(params=[0, 2_000_000], ids=["no plan kept", "all kept"])
def kept(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(_running, "KEPT", request.param)
    return int(request.param)


def test_each_article_is_reported_once_and_written(articles: list[Path], settings: Settings, kept: int) -> None:
    reports = run(articles, settings)
    assert {number: (one.segments, one.translated) for number, one in reports.items()} == dict.fromkeys(
        range(4), (12, 12)
    )
    assert len(files(settings.locales)) == 4


def test_the_articles_with_something_to_do_come_last_and_alone_are_touched(
    articles: list[Path], settings: Settings, kept: int
) -> None:
    run(articles, settings)
    before = {path: path.stat().st_mtime_ns for path in settings.locales.rglob("*.po")}
    articles[1].write_text(edited(articles[1].read_text("utf-8"), every=6), "utf-8")
    reports = run(articles, settings)
    assert list(reports) == [0, 2, 3, 1]
    assert [reports[number].translated for number in range(4)] == [0, reports[1].translated, 0, 0]
    assert reports[1].translated > 0
    touched = [path.name for path, time in before.items() if path.stat().st_mtime_ns != time]
    assert touched == ["1.po"]


def test_a_broken_article_is_told_before_the_first_is_written(
    articles: list[Path], settings: Settings, kept: int
) -> None:
    articles[3].write_bytes(b"")
    with pytest.raises(InputError, match=r"3\.txt"):
        run(articles, settings)
    assert not settings.locales.exists()


def test_a_broken_journal_of_a_new_article_is_told_before_the_first_is_written(
    articles: list[Path], settings: Settings, kept: int
) -> None:
    journal = plan_article(articles[3], settings).journal
    journal.parent.mkdir(parents=True)
    journal.write_text('{"no": "proposal"}\n{"no": "proposal"}\n', "utf-8")
    with pytest.raises(InputError, match=r"3\.jsonl:1"):
        run(articles, settings)
    assert files(settings.locales) == {}


@pytest.mark.parametrize("change", ["edited", "shortened"])
def test_terms_are_looked_for_once_in_an_article_whose_sentences_changed(
    articles: list[Path], settings: Settings, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    monkeypatch.setattr(_running, "KEPT", 0)
    run(articles, settings)
    text = articles[1].read_text("utf-8")
    articles[1].write_text(edited(text, every=6) if change == "edited" else text.partition("\n\n")[0], "utf-8")
    seen: Counter[str] = Counter()

    def counting(text: str, glossary: Glossary) -> list[Match]:
        seen[text] += 1
        return segment_matches(text, glossary)

    monkeypatch.setattr(_planning, "segment_matches", counting)
    reports = run(articles, settings)
    assert list(reports) == [0, 2, 3, 1]
    assert set(seen.values()) == {1}
    assert set(seen) >= {segment.plain for _, segment in read_article(articles[1], settings).segments()}


def test_a_broken_journal_of_an_edited_article_is_told_before_the_first_is_written(
    articles: list[Path], settings: Settings, kept: int
) -> None:
    run(articles, settings)
    before = files(settings.locales)
    for path in articles:
        path.write_text(edited(path.read_text("utf-8"), every=6), "utf-8")
    with plan_article(articles[3], settings).journal.open("a") as journal:
        journal.write('{"no": "proposal"}\n{"no": "proposal"}\n')
    with pytest.raises(InputError, match=r"3\.jsonl:13"):
        run(articles, settings)
    assert files(settings.locales) == before


def test_how_many_plans_are_kept_changes_no_translation(
    articles: list[Path], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for room in (0, 2_000_000):
        monkeypatch.setattr(_running, "KEPT", room)
        place = replace(settings, locales=settings.root / f"locales{room}")
        run(articles, place)
        made.append({name: b"\n".join(data.split(b"\n\n")[1:]) for name, data in files(place.locales).items()})
    assert made[0] == made[1]


@pytest.mark.parametrize("surplus", [-1, 0, 1])
def test_all_plans_of_a_run_are_kept_or_none(
    articles: list[Path], settings: Settings, monkeypatch: pytest.MonkeyPatch, surplus: int
) -> None:
    monkeypatch.setattr(_running, "KEPT", sum(path.stat().st_size for path in articles) - surplus)
    given = []
    translate = translating(settings)

    def noting(path: Path, plan: Plan | None) -> ArticleReport:
        given.append(plan is not None)
        return translate(path, plan)

    list(each_article(articles, settings, noting))
    assert given == [surplus <= 0] * 4


def test_a_single_article_is_planned_once_whatever_its_size(
    articles: list[Path], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_running, "KEPT", 0)
    given: list[Plan | None] = []
    translate = translating(settings)
    list(each_article(articles[:1], settings, lambda path, plan: (given.append(plan), translate(path, plan))[1]))
    assert given[0] is not None


def test_the_command_shows_the_articles_in_the_order_in_which_they_were_named(
    articles: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names = [path.name for path in articles]
    command = ["translate", *names, "--engine", "fake", "--glossary", "none"]
    assert cli.main([command[0], names[2], *command[5:]]) == 0
    capsys.readouterr()
    assert cli.main(command) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line in names] == names


class TestJournal:
    @pytest.fixture
    def synced(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        monkeypatch.setattr(proposals, "_PAUSE", 1e9)
        calls: list[int] = []
        real = os.fsync
        monkeypatch.setattr(os, "fsync", lambda descriptor: (calls.append(descriptor), real(descriptor))[1])
        return calls

    @staticmethod
    def proposal(number: int) -> Proposal:
        return Proposal(f"文{number}", f"Text {number}", "fake@1", "e3b0c442")

    def test_what_follows_at_once_is_written_and_forced_to_the_disk_later(
        self, tmp_path: Path, synced: list[int]
    ) -> None:
        journal = Journal(tmp_path / "a.jsonl")
        journal.append([self.proposal(0)])
        first = len(synced)
        assert first > 0
        for number in range(1, 5):
            journal.append([self.proposal(number)])
        assert len(synced) == first
        assert len(list(Journal(tmp_path / "a.jsonl"))) == 5  # another reader has them all the same
        journal.sync()
        assert len(synced) == first + 1
        journal.sync()
        assert len(synced) == first + 1

    def test_the_journal_is_on_the_disk_before_the_po_file_is_touched(
        self, articles: list[Path], settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        order: list[str] = []
        force, replaced = os.fsync, os.replace

        def fsync(descriptor: int) -> None:
            order.append(Path(f"/proc/self/fd/{descriptor}").resolve().suffix)
            force(descriptor)

        def put(source: Path, target: Path) -> None:
            order.append("PO")
            replaced(source, target)

        long = settings.root / "long.txt"
        long.write_text(Generator(GLOSSARY).article(9, 100), "utf-8")
        monkeypatch.setattr(proposals, "_PAUSE", 1e9)
        monkeypatch.setattr(os, "fsync", fsync)
        monkeypatch.setattr(os, "replace", put)
        run([long], settings)
        assert order.count(".jsonl") == 2  # the first of five chunks, and the rest before the PO file
        assert order.index("PO") > max(at for at, one in enumerate(order) if one == ".jsonl")


class TestGenerator:
    def test_an_article_has_so_many_different_segments_with_terms_and_numbers(self, settings: Settings) -> None:
        path = settings.root / "a.txt"
        path.write_text(Generator(GLOSSARY).article(1, 130), "utf-8")
        texts = [segment.plain for _, segment in read_article(path, settings).segments(boilerplate=True)]
        assert (len(texts), len(set(texts))) == (130, 130)
        plan = plan_article(path, settings)
        kinds = {match.term.kind for found in plan.matches.values() for match in found}
        assert {Kind.PLACE, Kind.ORG, Kind.NUMBER} <= kinds

    def test_it_is_the_same_every_time_and_another_with_another_number_or_seed(self) -> None:
        first = Generator(GLOSSARY).article(1, 40)
        assert first == Generator(GLOSSARY).article(1, 40)
        assert len({first, Generator(GLOSSARY).article(2, 40), Generator(GLOSSARY, seed=8).article(1, 40)}) == 3
