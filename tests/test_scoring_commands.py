"""Metrics of other programs: what they are given, and everything that they can get wrong."""

from __future__ import annotations

import json
import os
import shlex
import sys
import time
from pathlib import Path

import pytest

from translate._score_commands import parse_metric, run_metric
from translate.errors import ScoreError
from translate.evaluation import Aligned

LENGTH = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps({"score": len(asked["hypothesis"]) / len(asked["reference"]), "more": 1}))
"""


def rows(*english: str, sources: list[str] | None = None, sets: int = 1) -> Aligned:
    count = len(english)
    references = [["four"] * count for _ in range(sets)]
    return Aligned(english, references, sources, ["x"] * count, ["x:1"] * count, [frozenset()] * count)


def python(folder: Path, code: str) -> list[str]:
    (folder / "metric.py").write_text(code, encoding="utf-8")
    return [sys.executable, str(folder / "metric.py")]


def test_each_segment_gets_its_score(tmp_path: Path) -> None:
    assert run_metric("length", python(tmp_path, LENGTH), rows("four", "be", "")) == [1.0, 0.5, 0.0]


def test_the_program_reads_source_hypothesis_and_reference(tmp_path: Path) -> None:
    code = f"import sys\nopen({str(tmp_path / 'seen')!r}, 'w').write(sys.stdin.read())\nprint('{{\"score\": 1}}')"
    run_metric("spy", python(tmp_path, code), rows("“one”\u2028", sources=["灯台"], sets=2))
    seen = [json.loads(line) for line in (tmp_path / "seen").read_text().splitlines()]
    assert seen == [
        {"source": "灯台", "hypothesis": "“one”\u2028", "reference": "four", "references": ["four", "four"]}
    ]
    run_metric("spy", python(tmp_path, code), rows("one"))
    assert json.loads((tmp_path / "seen").read_text()) == {"source": None, "hypothesis": "one", "reference": "four"}


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import sys; print('no model', file=sys.stderr); sys.exit(3)", r"ended with code 3; it said: no model"),
        ("print('{\"score\": 1}')", "wrote 1 scores for 2 segments"),
        ("print('{\"score\": 1}\\n' * 3)", "more lines than the 2 segments"),
        ("print('loading')", "line 1 of its output: 'loading' is not"),
        ("print('{\"scores\": 1}')", "is not .*keep other output on standard error"),
        ("print('[1]')", "is not "),
        ("print('{\"score\": NaN}')", "holds no finite number"),
        ("print('{\"score\": true}')", "holds no finite number"),
        ('print(\'{"score": "1"}\')', "holds no finite number"),
        ("print('[' * 4000)", "is not "),
        ("print('1' * 10000)", "holds no finite number"),
    ],
)
def test_whatever_it_gets_wrong_is_said(tmp_path: Path, code: str, message: str) -> None:
    with pytest.raises(ScoreError, match=rf"metric own.*{message}"):
        run_metric("own", python(tmp_path, code), rows("a", "b"))


def test_a_program_that_does_not_exist_is_named() -> None:
    with pytest.raises(ScoreError, match="metric own: no/such/thing cannot be started: No such file"):
        run_metric("own", ["no/such/thing"], rows("a"))


def test_a_program_that_takes_too_long_is_stopped_with_its_children(tmp_path: Path) -> None:
    child = "import time; time.sleep(60)"
    code = (
        f"import subprocess, sys, time\np = subprocess.Popen([sys.executable, '-c', {child!r}])\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(p.pid))\ntime.sleep(60)"
    )
    with pytest.raises(ScoreError, match=r"was not done after 1\.5 seconds; raise --metric-timeout"):
        run_metric("own", python(tmp_path, code), rows("a"), timeout=1.5)
    for _ in range(100):
        if not _lives(int((tmp_path / "pid").read_text())):
            return
        time.sleep(0.05)
    pytest.fail("its child went on")


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2][:3]
    except OSError:
        return False


def test_much_output_and_much_input_do_not_block_each_other(tmp_path: Path) -> None:
    code = "import sys\nprint('x' * 300000, file=sys.stderr)\n" + LENGTH
    assert run_metric("own", python(tmp_path, code), rows(*["four" * 100] * 2000)) == [100.0] * 2000


def test_words_are_split_as_a_shell_does_and_no_shell_runs(tmp_path: Path) -> None:
    name, words = parse_metric(f"own={shlex.join(python(tmp_path, LENGTH))} '; touch gone' $HOME")
    assert words[2:] == ["; touch gone", "$HOME"]
    assert run_metric(name, words, rows("four")) == [1.0]


@pytest.mark.parametrize("option", ["own", "own=", "=true", "own='true", "BLEU=true", "chrf2=true", "a b=true"])
def test_a_malformed_option_is_refused(option: str) -> None:
    with pytest.raises(ScoreError, match="--metric"):
        parse_metric(option)
