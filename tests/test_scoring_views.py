"""The gate's verdict for GitHub and dashboards: nothing that other people wrote becomes markup or a command."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

from translate._score_views import junit, markdown, workflow_commands
from translate.gate import Moved, Verdict
from translate.metrics import Comparison

NASTY = 'a|b <img src=x> `c` [d](e) @team\n::error::f %0A \x07 & "q" **g** 訳文'
VIEWED = Verdict(
    NASTY, 0.3, {"bleu": Comparison(20, 10, -12, -8, 0.001)}, (3, 2, 3), {"bleu": NASTY, "terms": "fell"},
    (Moved("x.po:1", "訳", NASTY, NASTY, 50, 10),), 1,
)  # fmt: skip


def test_markdown_shows_text_as_it_is() -> None:
    text = markdown(VIEWED, NASTY, 3)
    assert "<img" not in text
    assert "@team" not in text
    assert "\n::error" not in text
    row = next(line for line in text.splitlines() if line.startswith("| x.po:1"))
    assert row.count("|") - row.count("\\|") == 5


def test_a_workflow_command_stays_one_line() -> None:
    lines = workflow_commands(VIEWED, "a:b,c\nd")
    assert [line.count("\n") for line in lines] == [0, 0]
    assert lines[0].startswith("::error title=Translation scores of a%3Ab%2Cc%0Ad::a|b <img")
    assert "%250A" in lines[0]
    assert workflow_commands(replace(VIEWED, reasons={}), "x")[0].startswith("::notice title=")


def test_junit_is_well_formed_whatever_stands_in_it() -> None:
    root = ET.fromstring(junit(VIEWED, NASTY))
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert [len(cases[name]) for name in ("BLEU", "chrF2", "terms")] == [1, 1, 1]
    assert cases["chrF2"][0].tag == "skipped"
    assert cases["terms"][0].get("message") == "fell"
