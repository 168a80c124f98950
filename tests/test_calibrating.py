"""A confidence is fitted by least squares, and judged on lines that the fit did not see."""

import json
import math
import random
import shutil
from pathlib import Path

import pytest

from translate.calibrating import Figures, fit, observe, write
from translate.cli import main
from translate.engines.base import Calibration
from translate.engines.embedded_model import adapter_folder, calibration, check_inputs
from translate.engines.fake import FakeEngine
from translate.errors import ScoreError

TRUE = Calibration(0.3, 0.1, 0.25, 0.02)


def lines(noise: float) -> tuple[list[Figures], list[float]]:
    rng = random.Random(7)
    figures = [Figures(-2 * rng.random(), rng.random(), "港" * rng.randrange(5, 80)) for _ in range(400)]
    quality = [
        TRUE.intercept + TRUE.score * one.score + TRUE.agreement * one.agreement
        + TRUE.length * math.log(len(one.source) + 1) + rng.gauss(0, noise)
        for one in figures
    ]  # fmt: skip
    return figures, quality


def test_without_noise_the_weights_are_found_and_every_estimate_is_right() -> None:
    found = fit(*lines(0.0))
    assert found.calibration == TRUE
    assert (found.pearson, found.spearman, found.error) == pytest.approx((1, 1, 0), abs=1e-9)
    assert all(estimated == pytest.approx(measured) for estimated, measured in found.quarters)
    assert [estimated for estimated, _ in found.quarters] == sorted(estimated for estimated, _ in found.quarters)


def test_noise_lowers_what_it_is_worth_and_figures_that_say_nothing_are_worth_nothing() -> None:
    figures, quality = lines(0.1)
    some = fit(figures, quality)
    assert 0.3 < some.pearson < 0.9
    assert some.error < some.error_of_mean
    random.Random(1).shuffle(quality)
    none = fit(figures, quality)
    assert abs(none.pearson) < 0.25
    assert none.error == pytest.approx(none.error_of_mean, rel=0.05)


def test_ranks_forgive_a_bent_scale() -> None:
    figures, quality = lines(0.0)
    bent = fit(figures, [value**3 for value in quality])
    assert bent.spearman > bent.pearson > 0.9


def test_few_lines_are_refused() -> None:
    figures, quality = lines(0.0)
    with pytest.raises(ScoreError, match="39 translated lines are too few to fit a confidence on; give 40 or more"):
        fit(figures[:39], quality[:39])


def test_what_is_observed_is_what_the_pipeline_would_ask_the_calibration() -> None:
    sources = [f"第{number}の港に船が入った。" for number in range(70)]
    figures, quality = observe(FakeEngine.open(""), sources, ["A ship came in."] * 70, lambda *_: None)
    assert [one.source for one in figures] == sources
    assert len(quality) == 70
    assert all(0 <= value <= 1 for value in quality)


def test_the_folder_holds_the_weights_and_their_sum_once(tmp_path: Path) -> None:
    (tmp_path / "SHA256SUMS").write_text("00  adapter_config.json\n11  confidence.json\n")
    for _ in range(2):
        path = write(tmp_path, TRUE)
    assert json.loads(path.read_text()) == {"intercept": 0.3, "score": 0.1, "agreement": 0.25, "length": 0.02}
    assert [line.split()[1] for line in (tmp_path / "SHA256SUMS").read_text().splitlines()] == [
        "adapter_config.json",
        "confidence.json",
    ]


@pytest.mark.slow
def test_the_command_fits_the_shipped_model_and_its_folder_stays_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        line.split("\t")[:2]
        for line in (Path(__file__).parent / "quality" / "sentences.tsv").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ][:60]
    for column, name in enumerate(("test.ja", "test.en")):
        (tmp_path / name).write_text("".join(f"{row[column]}\n" for row in rows), "utf-8")
    folder = tmp_path / "jaen-base"  # of the same name and content, so it is the model that is built already
    shutil.copytree(adapter_folder(""), folder)
    lines = ["--source", str(tmp_path / "test.ja"), "--reference", str(tmp_path / "test.en")]

    assert main(["models", "calibrate", str(folder), *lines, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)

    assert found["path"] == str(folder / "confidence.json")
    assert found["lines"] >= 55
    assert found["error"] < 0.3
    assert calibration(folder) == Calibration(**found["calibration"])
    assert "adapter_model.safetensors" in check_inputs(folder)  # which compares all sums, the new one's too

    assert main(["models", "calibrate", str(folder), *lines, "--lines", "12"]) == 2
    assert "12 translated lines are too few" in capsys.readouterr().err
