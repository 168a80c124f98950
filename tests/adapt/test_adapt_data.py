"""Pairs: what is read, what is dropped, and that what is held out stays out."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import SENTENCES, write_pairs

from translate.adapt.data import Pair, digest, flaw, hold_out, key, keys_of, read_lines, read_po, read_tsv, without
from translate.adapt.options import Options
from translate.adapt.selection import nearest
from translate.adapt.sets import read_sets
from translate.errors import InputError

GOOD = Pair("港の灯台が修理された。", "The lighthouse at the harbour was repaired.")


@pytest.mark.parametrize(
    ("ja", "en", "reason"),
    [
        ("港の灯台", "The harbour light", ""),
        ("港", "Harbour authority", ""),
        ("", "Nothing", "empty"),
        ("港の灯台", "", "empty"),
        ("Port 7", "Port 7", "no Japanese"),
        ("港の灯台", "The 灯台", "Japanese in the English"),
        ("港の灯台", "!?", "no English"),
        ("港の灯台\x07", "The harbour light", "control characters"),
        ("港の灯台", "The \u202eharbour light", "control characters"),
        ("港の灯台が一つだけ残っている", "Harbour", "length ratio"),
        ("港の灯台", "The light at the end of the long pier of the harbour", "length ratio"),
        ("港" * 401, "Harbour " * 50, "too long"),
    ],
)
def test_a_pair_is_dropped_for_its_flaw(ja: str, en: str, reason: str) -> None:
    assert flaw(ja, en) == reason


def test_a_file_gives_its_good_pairs_once_and_counts_the_others(tmp_path: Path) -> None:
    lines = [
        "\t".join(GOOD),
        "\t".join(GOOD),
        "一列だけ",
        "",
        "港 の灯台\tThe 灯台",
        " 船が着いた。\tThe ship arrived. ",
    ]
    path = tmp_path / "a.tsv.gz"
    path.write_bytes(gzip.compress("\r\n".join(["\ufeff" + lines[0], *lines[1:]]).encode()))
    source = read_tsv(path, "CC0")
    assert source.pairs == [GOOD, Pair("船が着いた。", "The ship arrived.")]
    assert source.read == 5
    assert dict(source.dropped) == {"not two columns": 1, "duplicate": 1, "Japanese in the English": 1}
    assert len(source.sha256) == 64


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe", "not UTF-8"),
        ("一\n二\n三\tthree".encode(), "a.tsv:1: 2 of 3 lines are not two columns"),
        (b"x" * 100_001, "a line over 100000 bytes"),
    ],
)
def test_a_file_that_is_no_table_is_an_error(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.tsv").write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_tsv(tmp_path / "a.tsv")


@pytest.mark.parametrize("data", [b"no gzip", gzip.compress("港\tHarbour\n".encode() * 99, mtime=0)[:-12]])
def test_a_damaged_gzip_file_is_an_error(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.tsv.gz").write_bytes(data)
    with pytest.raises(InputError, match="damaged gzip file"):
        read_tsv(tmp_path / "a.tsv.gz")


def test_only_approved_entries_of_a_po_file_are_taken_without_tags(tmp_path: Path) -> None:
    path = tmp_path / "a.po"
    entries = [
        'msgid "<1>港</1>の灯台"\nmsgstr "The <1>harbour</1> light"',
        '#, fuzzy\nmsgid "船が着いた。"\nmsgstr "The ship arrived."',
        'msgid "霧が出た。"\nmsgstr ""',
    ]
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"'
    path.write_text("\n\n".join([head, *entries]) + "\n", "utf-8")
    source = read_po(path)
    assert source.pairs == [Pair("港の灯台", "The harbour light")]
    assert (source.read, dict(source.dropped)) == (3, {"not approved": 2})


def test_which_sentences_are_held_out_does_not_depend_on_their_order() -> None:
    chosen = hold_out(SENTENCES, 0.1, 100, seed=1)
    assert set(hold_out(SENTENCES[::-1], 0.1, 100, seed=1)) == set(chosen)
    assert len(chosen) == -(-len(SENTENCES) // 10)
    assert set(hold_out(SENTENCES, 0.1, 100, seed=2)) != set(chosen)
    assert len(hold_out(SENTENCES, 0.5, 7, seed=1)) == 7


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=30), st.integers(0, 9))
def test_nothing_of_the_held_out_set_is_left_in_the_rest(pairs: list[Pair], seed: int) -> None:
    again = [*pairs, *(Pair(pair.ja.replace("、", " "), pair.en.upper()) for pair in pairs)]
    held_out = hold_out(again, 0.3, 10, seed)
    rest = without(again, keys_of(held_out))
    assert not {key(pair.ja) for pair in held_out} & {key(pair.ja) for pair in rest}
    assert not {key(pair.en) for pair in held_out} & {key(pair.en) for pair in rest}


def test_test_sets_are_kept_out_by_either_side(tmp_path: Path) -> None:
    pairs = write_pairs(
        tmp_path / "a.tsv",
        [*SENTENCES[:6], Pair("別の文だが、英語の側は試験用の文と同じものがそのまま書かれている。", SENTENCES[0].en)],
    )
    (tmp_path / "t.ja").write_text(SENTENCES[0].ja.replace("、", "，") + "\n", "utf-8")
    (tmp_path / "t.en").write_text(SENTENCES[0].en + "\n", "utf-8")
    (tmp_path / "u.en").write_text(SENTENCES[1].en + "\n", "utf-8")
    held_out = (tmp_path / "t.ja", tmp_path / "t.en")
    options = Options(tmp_path, tmp_path, pairs=(pairs,), held_out=held_out, exclude=(tmp_path / "u.en",))
    sets = read_sets(options)
    assert sets.train == SENTENCES[2:6]
    assert [pair.en for pair in sets.held_out] == [SENTENCES[0].en]
    assert sets.sources[0].dropped["held out"] == 3


def test_files_of_a_test_set_must_be_equally_long(tmp_path: Path) -> None:
    (tmp_path / "t.ja").write_text("一\n二\n", "utf-8")
    (tmp_path / "t.en").write_text("one\n", "utf-8")
    with pytest.raises(InputError, match=r"t.ja has 2 lines, .*t.en has 1"):
        read_lines(tmp_path / "t.ja", tmp_path / "t.en")


def test_repetition_and_selection_follow_the_file(tmp_path: Path) -> None:
    harbour = [Pair(f"港の灯台に船が{n}隻着いた。", f"{n} ships arrived at the harbour light.") for n in range(5)]
    kitchen = [Pair(f"台所で皿を{n}枚洗った。", f"I washed {n} dishes in the kitchen.") for n in range(5)]
    one = write_pairs(tmp_path / "one.tsv", harbour[:2])
    two = write_pairs(tmp_path / "two.tsv", [*kitchen, *harbour[2:]])
    near = tmp_path / "near.ja"
    near.write_text("灯台のある港に船が着いた。\n港の船\n", "utf-8")
    options = Options(
        tmp_path, tmp_path, pairs=(one, two), held_out=0.0, repeat={"one.tsv": 3}, select={"two.tsv": 3}, near=near
    )
    sets = read_sets(options)
    assert sets.train == harbour
    assert sets.order == [0, 1, 0, 1, 0, 1, 2, 3, 4]
    assert sets.sources[1].dropped == {"not selected": 5}


def test_an_option_for_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    path = write_pairs(tmp_path / "a.tsv", SENTENCES[:3])
    with pytest.raises(InputError, match=r"--repeat b.tsv=…: no such file among the data: a.tsv"):
        read_sets(Options(tmp_path, tmp_path, pairs=(path,), repeat={"b.tsv": 2}))


def test_no_pair_left_is_an_error_that_says_why(tmp_path: Path) -> None:
    path = write_pairs(tmp_path / "a.tsv", [Pair("港", "港")])
    with pytest.raises(InputError, match=r"no pairs to train on \(1 Japanese in the English\)"):
        read_sets(Options(tmp_path, tmp_path, pairs=(path,)))


def test_the_nearest_keep_their_order_and_few_stay_all() -> None:
    assert nearest(SENTENCES[:5], ["港"], 9, seed=0) == SENTENCES[:5]
    chosen = nearest(SENTENCES, [SENTENCES[4].ja, SENTENCES[9].ja], 10, seed=0)
    assert [pair for pair in SENTENCES if pair in chosen] == chosen
    assert {SENTENCES[4], SENTENCES[9]} <= set(chosen)


def test_the_digest_knows_text_and_order() -> None:
    assert digest(SENTENCES) == digest(list(SENTENCES))
    assert len({digest(SENTENCES), digest(SENTENCES[::-1]), digest(SENTENCES[1:])}) == 3
