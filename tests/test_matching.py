"""Terms are found where words begin and end, and the offsets are those of the text as written."""

import itertools
import subprocess
import sys
import threading
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate import _boundaries, matching
from translate.glossary import Glossary, Kind, Term, load
from translate.matching import Verdict, explain, find_terms
from translate.normalization import normalize

ROOT = Path(__file__).parent.parent
SHIPPED = load([ROOT / "glossaries/ja-en.csv"])
CASES = [
    line.split("\t")
    for line in (ROOT / "tests/quality/matching.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("# ")
]


def inline(entries: str) -> Glossary:
    """Read ``source/alias>target;source>!`` as a glossary."""
    terms = []
    for entry in entries.split(";"):
        sources, target = entry.split(">")
        source, *aliases = sources.split("/")
        kind = Kind.BLOCKER if target == "!" else Kind.TERM
        terms.append(Term(source, "" if target == "!" else target, tuple(aliases), kind=kind))
    return Glossary(tuple(terms))


def verdicts(text: str, glossary: Glossary) -> dict[str, Verdict]:
    return {item.surface: item.verdict for item in explain(text, glossary)}


@pytest.mark.parametrize(("text", "expected", "glossary", "note"), CASES)
def test_finds_what_the_table_expects(text: str, expected: str, glossary: str, note: str) -> None:
    entries = SHIPPED if glossary == "shipped" else inline(glossary)

    found = find_terms(text, entries)

    assert (" | ".join(f"{item.surface}={item.term.target}@{item.start}" for item in found) or "-") == expected, note


@pytest.mark.parametrize(
    "frame",
    ["{}は発表した。", "{}", "これについて{}が述べた。", "『{}』によれば", "前{}の机", "新{}をめぐる", "{}側は"],
)
def test_every_shipped_surface_is_found_in_a_sentence(frame: str) -> None:
    missed = [
        surface
        for term in SHIPPED
        if not (term.is_blocker and len(term.source) == 1)  # affixes only join words
        for surface in term.surfaces
        if verdicts(frame.format(surface), SHIPPED).get(surface) not in (Verdict.MATCH, Verdict.BLOCKER)
    ]

    assert missed == []


def test_explain_names_the_reason_and_the_rival() -> None:
    glossary = inline("米国>United States;国防総省>Pentagon;米国防総省>Pentagon;全米>!;米>U.S.")

    fates = {(item.surface, item.start): item for item in explain("米国防総省と全米", glossary)}

    assert fates["米国防総省", 0].verdict is Verdict.MATCH
    assert fates["国防総省", 1].verdict is Verdict.OVERLAP
    assert fates["国防総省", 1].rival is not None
    assert fates["国防総省", 1].rival.surface == "米国防総省"
    assert fates["米国", 0].verdict is Verdict.BOUNDARY
    assert fates["全米", 6].verdict is Verdict.BLOCKER
    assert fates["米", 7].verdict is Verdict.BOUNDARY


def test_explain_tells_a_blocker_from_a_longer_term() -> None:
    item = explain("中国地方の空", inline("中国>China;中国地方>!"))[0]

    assert (item.verdict, item.rival.surface if item.rival else "") == (Verdict.BLOCKED, "中国地方")


def test_a_long_text_is_read_in_chunks_with_right_offsets() -> None:
    text = "ロシアの港" * 12000 + "国防相"  # 180,000 bytes without a full stop

    found = find_terms(text, inline("ロシア>Russia;国防相>defense minister"))

    assert len(found) == 12001
    assert all(text[item.start : item.end] == item.surface for item in found)


def test_the_chunk_size_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "前国防相は欧米国防相会議に出ず米国会議員と中国地方の全米国民について語り" * 8
    whole = find_terms(text, SHIPPED)
    monkeypatch.setattr(_boundaries, "CHUNK", 60)
    monkeypatch.setattr(_boundaries, "OVERLAP", 20)

    assert find_terms(text, SHIPPED) == whole


def test_an_endless_katakana_run_is_no_trouble() -> None:
    assert find_terms("ア" * 30000 + "ロシア", inline("ロシア>Russia")) == []


def test_threads_share_the_dictionary_and_agree() -> None:
    text = "米国防総省とロシア国防省、全米国民。" * 20
    expected = find_terms(text, SHIPPED)
    results: list[bool] = []

    def work() -> None:
        results.extend(find_terms(text, SHIPPED) == expected for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == [True] * 20


def test_importing_loads_no_analyser_and_a_text_without_terms_needs_none() -> None:
    program = (
        "import sys; from translate.matching import find_terms; from translate.glossary import Glossary, Term;"
        "find_terms('どこにもない', Glossary((Term('国防総省', 'Pentagon'),))); print('sudachipy' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


def test_an_empty_glossary_and_an_empty_text_give_nothing() -> None:
    assert find_terms("国防総省", Glossary()) == []
    assert find_terms("", SHIPPED) == []


PIECES = [
    "ロシア",
    "ﾛｼｱ",
    "米国防総省",
    "全米",
    "国民",
    "ﾊﾟﾘ",
    "ＮＡＴＯ",
    "㈱",
    "㌦",
    "の",
    "は",
    "。",
    " ",
    "・",
    "ー",
    "か\u3099",
    "é",
    "\u200b",
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=15).map("".join)


@given(TEXTS)
def test_matches_never_overlap_and_their_surfaces_are_the_text(text: str) -> None:
    behind = 0
    for found in find_terms(text, SHIPPED):
        assert behind <= found.start < found.end
        assert text[found.start : found.end] == found.surface
        assert SHIPPED.by_source(found.surface) == found.term
        behind = found.end


@given(TEXTS)
def test_an_unrelated_term_changes_nothing(text: str) -> None:
    unrelated = Term("鵺鵼", "chimera")
    more = Glossary((*SHIPPED.terms, unrelated))

    expected = find_terms(text.replace("鵺", ""), SHIPPED)

    assert find_terms(text.replace("鵺", ""), more) == expected


@given(st.text())
def test_the_copy_is_nfkc_without_invisible_characters(text: str) -> None:
    visible = "".join(char for char in text if normalize(char).text)

    assert normalize(text).text == unicodedata.normalize("NFKC", visible)


@given(TEXTS)
def test_every_cluster_of_the_copy_leads_back_to_its_origin(text: str) -> None:
    copy = normalize(text)
    edges = [place for place in range(len(copy.text) + 1) if copy.is_edge(place)]

    for start, end in itertools.pairwise(edges):
        low, high = copy.original(start, end)
        assert normalize(text[low:high]).text == copy.text[start:end]


@given(st.lists(st.sampled_from(["ロシア", "国防省", "米国"]), min_size=1, max_size=5))
def test_half_width_and_full_width_text_match_alike(words: list[str]) -> None:
    text = "と".join(words)

    wide = [item.term for item in find_terms(text, SHIPPED)]
    narrow = [item.term for item in find_terms(text.replace("ロシア", "ﾛｼｱ"), SHIPPED)]

    assert wide == narrow


SPANS = st.sets(st.tuples(st.integers(0, 7), st.integers(1, 4)).map(lambda pair: (pair[0], sum(pair))), max_size=8)


@given(SPANS, st.sets(st.integers(0, 11)), st.sets(st.integers(0, 11)))
def test_the_cover_is_the_best_of_all_that_are_allowed(
    spans: set[tuple[int, int]], free: set[int], more: set[int]
) -> None:
    joint = more - free

    def allowed(chosen: tuple[tuple[int, int], ...]) -> bool:
        starts, ends = {start for start, _ in chosen}, {end for _, end in chosen}
        apart = all(left[1] <= right[0] for left, right in itertools.pairwise(chosen))
        return apart and all(
            (start in free or (start in joint and start in ends)) and (end in free or (end in joint and end in starts))
            for start, end in chosen
        )

    def score(chosen: tuple[tuple[int, int], ...]) -> tuple[int, int, int]:
        lengths = [end - start for start, end in chosen]
        return sum(lengths), -len(lengths), sum(length * length for length in lengths)

    ordered = sorted(spans)
    choices = [choice for size in range(len(ordered) + 1) for choice in itertools.combinations(ordered, size)]

    found = tuple(sorted(matching._cover(ordered, free, joint)))

    assert allowed(found)
    assert score(found) == max(score(choice) for choice in choices if allowed(choice))
