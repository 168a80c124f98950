"""The gate's verdict for GitHub (step summary, annotations) and for test dashboards (JUnit XML).

Hypotheses and names are other people's text: none of it may become markup, a workflow command or broken XML.
"""

from __future__ import annotations

import html
import re
from xml.sax.saxutils import quoteattr

from translate.gate import DECIDING, Verdict
from translate.metrics import LABELS, Comparison
from translate.page import harmless

_XML_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
COLUMNS = ("metric", "baseline", "now", "difference [95 %]", "p")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]|~])")


def headline(verdict: Verdict) -> str:
    """Return the verdict in one line."""
    if verdict.baseline is None:
        return "passed: a first run, there is no baseline to compare with"
    if verdict.passed:
        return f"passed: no worse than {verdict.baseline}"
    return f"failed against {verdict.baseline}: {'; '.join(verdict.reasons.values())}"


def comparison_rows(verdict: Verdict) -> list[list[str]]:
    """Return the table of the verdict: metric, baseline, now, difference with interval, p-value."""
    rows = [[LABELS.get(name, name), *comparison_cells(found)] for name, found in verdict.comparisons.items()]
    if verdict.terms:
        before, now, of = verdict.terms
        rows.append(["terms", f"{before} of {of}", f"{now} of {of}", f"{now - before:+d}", ""])
    return rows


def comparison_cells(found: Comparison) -> list[str]:
    """Return baseline, system, difference with its 95 % interval, and p-value as text."""
    difference = f"{found.difference:+.2f} [{found.low:+.2f}, {found.high:+.2f}]"
    return [f"{found.baseline:.2f}", f"{found.system:.2f}", difference, f"{found.p_value:.3f}"]


def markdown(verdict: Verdict, test_set: str, segments: int) -> str:
    """Return the verdict for a step summary: a table, and what moved most, folded up."""
    sign = "✅" if verdict.passed else "❌"
    lines = [f"### {sign} Translation scores: {_escaped(headline(verdict))}", ""]
    if verdict.comparisons:
        lines += [f"| {' | '.join(COLUMNS)} |", "| --- | ---: | ---: | ---: | ---: |"]
        lines += [f"| {' | '.join(map(_escaped, row))} |" for row in comparison_rows(verdict)]
        lines += ["", f"Tolerance {verdict.tolerance:g}; {verdict.changed} of {segments} segments changed."]
    lines += ["", f"Test set {_escaped(test_set)}, {segments} segments."]
    if verdict.moved:
        lines += ["", "<details><summary>Segments that moved most (chrF2)</summary>", ""]
        lines += ["| segment | chrF2 | before | after |", "| --- | ---: | --- | --- |"]
        for one in verdict.moved:
            move = f"{one.chrf_before:.1f} → {one.chrf_after:.1f}"
            lines.append(f"| {' | '.join(map(_escaped, (one.place, move, one.before, one.after)))} |")
        lines += ["", "</details>"]
    return "\n".join(lines) + "\n"


def workflow_commands(verdict: Verdict, test_set: str) -> list[str]:
    """Return workflow commands that GitHub shows on the run: an error for each reason, a notice if there is none."""
    title = _command_property(f"Translation scores of {test_set}")
    if verdict.passed:
        return [f"::notice title={title}::{_command_data(headline(verdict))}"]
    return [f"::error title={title}::{_command_data(reason)}" for reason in verdict.reasons.values()]


def junit(verdict: Verdict, test_set: str) -> str:
    """Return JUnit XML with a test case for each thing that decides; one without a baseline is skipped."""
    cases = []
    for name in (*DECIDING, "terms"):
        label = LABELS.get(name, name)
        decided = name in verdict.comparisons or (name == "terms" and verdict.terms is not None)
        failure = f"<failure message={_attribute(verdict.reasons[name])}/>" if name in verdict.reasons else ""
        identity = f"classname={_attribute(f'yakubun.score.{test_set}')} name={_attribute(label)}"
        cases.append(f"    <testcase {identity}>{failure if decided else '<skipped/>'}</testcase>")
    skipped = sum("<skipped/>" in case for case in cases)
    counts = f'tests="{len(cases)}" failures="{len(verdict.reasons)}" errors="0" skipped="{skipped}"'
    body = "\n".join(cases)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites {counts}>\n'
        f"  <testsuite name={_attribute(f'yakubun score {test_set}')} {counts}>\n{body}\n"
        "  </testsuite>\n</testsuites>\n"
    )


def _escaped(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return _MARKDOWN.sub(r"\\\1", html.escape(" ".join(text.split()), quote=False)).replace("@", "&#64;")


def _command_data(text: str) -> str:
    return harmless(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _command_property(text: str) -> str:
    return _command_data(text).replace(":", "%3A").replace(",", "%2C")


def _attribute(text: str) -> str:
    return quoteattr(_XML_ILLEGAL.sub("\ufffd", text))
