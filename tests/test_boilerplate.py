"""The shipped patterns drop what sites add and keep what people write; users can stack their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from translate.errors import InputError
from translate.formats.boilerplate import Boilerplate, shipped_boilerplate

TABLE = Path(__file__).parent / "quality" / "boilerplate.tsv"
CASES = [tuple(line.split("\t")) for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


@pytest.mark.parametrize(("line", "verdict"), CASES)
def test_shipped_patterns_agree_with_the_table(line: str, verdict: str) -> None:
    assert shipped_boilerplate().matches(line) == (verdict == "drop")


def test_a_literal_fits_the_whole_line_in_any_width() -> None:
    patterns = Boilerplate.parse("ABC通信　会員限定\n", "mine.txt")
    assert patterns.matches("  ＡＢＣ通信 会員限定 ")
    assert not patterns.matches("ABC通信 会員限定の記事")


def test_no_patterns_match_nothing() -> None:
    assert not Boilerplate().matches("関連記事")


def test_a_long_line_is_never_boilerplate() -> None:
    assert not Boilerplate.parse("/港/", "mine.txt").matches("港" * 201)


def test_files_stack(tmp_path: Path) -> None:
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    one.write_text("\ufeff# ours\n\nみなと通信より\n", encoding="utf-8")
    two.write_text("/^撮影[:]/\n", encoding="utf-8")
    patterns = Boilerplate.load([one, two])
    assert patterns.matches("みなと通信より")
    assert patterns.matches("撮影：浜口")


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("/(港/", "unterminated"),
        ("/港*/", "matches every line"),
        ("//", "every"),
        ("/港{1,99999999999}/", "too large"),
        pytest.param("/" + "(" * 9000 + "港" + ")" * 9000 + "/", "recursion|nest", id="deep"),
    ],
)
def test_a_bad_pattern_is_reported_with_its_line(pattern: str, problem: str) -> None:
    with pytest.raises(InputError, match=rf"mine\.txt:2: .*{problem}"):
        Boilerplate.parse(f"# head\n{pattern}\n", "mine.txt")


def test_a_missing_pattern_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.txt: cannot read"):
        Boilerplate.load([tmp_path / "none.txt"])
