"""Scores equal sacrebleu's own, to the last digit, and refuse what cannot be compared."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translate.errors import ScoreError
from translate.metrics import corpus_scores, segment_chrf

HYPOTHESES = [
    "The harbor office closed the northern pier on Tuesday morning.",
    'Two ferries waited outside the bay, "until the wind dropped," the captain said.',
    "No one was hurt",
    "",
    "The repairs cost 3.5 million yen, 12% more than the town had planned.",
]
REFERENCES = [
    "On Tuesday morning, the harbor office closed the north pier.",
    'Two ferries waited off the bay "until the wind fell," their captain said.',
    "No one was injured.",
    "Traffic resumed in the evening.",
    "Repairs cost 3.5 million yen, 12 percent more than the town had planned.",
]
SECOND = [
    "The port office shut the north pier on Tuesday morning.",
    'Two ferries waited outside the bay "until the wind dropped," a captain said.',
    "There were no injuries.",
    "Services restarted in the evening.",
    "The repairs came to 3.5 million yen, 12% above the town's plan.",
]

line = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=12)


def sacrebleu_cli(folder: Path, hypotheses: list[str], *references: list[str]) -> list[dict[str, object]]:
    paths = []
    for number, lines in enumerate([hypotheses, *references]):
        path = folder / f"{number}.txt"
        path.write_text("".join(f"{one}\n" for one in lines), encoding="utf-8")
        paths.append(str(path))
    command = [sys.executable, "-m", "sacrebleu", *paths[1:], "-i", paths[0], "-m", "bleu", "chrf", "ter"]
    done = subprocess.run([*command, "-w", "12", "-f", "json"], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("references", [[REFERENCES], [REFERENCES, SECOND]], ids=["one set", "two sets"])
def test_scores_and_signatures_equal_sacrebleus_command_line(tmp_path: Path, references: list[list[str]]) -> None:
    expected = {str(one["name"]).lower(): one for one in sacrebleu_cli(tmp_path, HYPOTHESES, *references)}
    scores = corpus_scores(HYPOTHESES, references)
    for key, name in (("bleu", "bleu"), ("chrf", "chrf2"), ("ter", "ter")):
        assert round(getattr(scores, key), 12) == expected[name]["score"]
        assert scores.signature[key] == expected[name]["signature"]
        assert "version:" in scores.signature[key]


def test_chrf_is_chrf2_without_words() -> None:
    assert "nc:6|nw:0" in corpus_scores(HYPOTHESES, [REFERENCES]).signature["chrf"]


def test_empty_hypotheses_are_counted_and_cost_score() -> None:
    scores = corpus_scores(HYPOTHESES, [REFERENCES])
    assert (scores.segments, scores.empty) == (5, 1)
    filled = [*HYPOTHESES[:3], REFERENCES[3], HYPOTHESES[4]]
    assert corpus_scores(filled, [REFERENCES]).chrf > scores.chrf


def test_signature_is_that_of_this_corpus_not_of_an_earlier_one() -> None:
    assert "nrefs:2" in corpus_scores(HYPOTHESES, [REFERENCES, SECOND]).signature["bleu"]
    assert "nrefs:1" in corpus_scores(HYPOTHESES, [REFERENCES]).signature["bleu"]


def test_unequal_lengths_state_both_lengths_both_names_and_the_fix() -> None:
    with pytest.raises(ScoreError) as caught:
        corpus_scores(["a"], [["a", "b"]], hypotheses_name="out.en", references_name="ref.en")
    message = str(caught.value)
    assert "out.en has 1 segment," in message
    assert "ref.en has 2 segments" in message
    assert "one line a segment in both" in message


def test_the_short_one_of_several_reference_sets_is_named() -> None:
    with pytest.raises(ScoreError, match=r"references \(set 2 of 2\) has 4 segments"):
        corpus_scores(HYPOTHESES, [REFERENCES, SECOND[:-1]])


def test_nothing_to_score_is_an_error() -> None:
    with pytest.raises(ScoreError, match="nothing to score"):
        corpus_scores([], [[]])
    with pytest.raises(ScoreError, match="no reference set"):
        corpus_scores(["a"], [])


def test_lines_in_place_of_reference_sets_are_refused() -> None:
    with pytest.raises(ScoreError, match="wrap a single reference set"):
        corpus_scores(["ab"], ["ab"])


def test_scores_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        corpus_scores(["a"], [["a"]]).bleu = 100.0  # type: ignore[misc]


def test_importing_metrics_does_not_import_sacrebleu() -> None:
    code = "import sys, translate.metrics; sys.exit('sacrebleu' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_segment_chrf_orders_a_near_and_a_far_translation() -> None:
    near, far = segment_chrf("The pier closed.", "The pier was closed."), segment_chrf("Rain fell.", "The pier closed.")
    assert 100 > near > far >= 0
    assert segment_chrf("", "The pier closed.") == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(line, min_size=1, max_size=4))
def test_scores_of_any_text_lie_in_bounds_and_do_not_depend_on_the_sequence_type(lines: list[str]) -> None:
    scores = corpus_scores(lines, [lines])
    assert scores == corpus_scores(tuple(lines), (tuple(lines),))
    assert 0 <= scores.bleu <= 100.0001
    assert 0 <= scores.chrf <= 100.0001
    assert scores.ter >= 0
