"""``models convert``: whole or not at all, known by its checksums, safetensors only, and as a user calls it."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import NEEDS_TORCH

from translate.cli import main
from translate.engines import create
from translate.errors import EngineError

pytest.importorskip("torch", reason=NEEDS_TORCH)

from translate.engines import conversion


def silent(*_: object) -> None:
    """Take progress and say nothing."""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YAKUBUN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_a_checkpoint_is_converted_once_listed_and_used(
    marian: Path, cache: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["models", "convert", str(marian), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    folder = Path(made["path"])
    assert folder.parent == cache / "converted"
    assert folder.name.startswith("tiny-marian-int8-")
    assert made["engine"] == f"ct2:{folder.name}"
    facts = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert facts["files"] == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name != "manifest.json"
    }
    assert {"model.bin", "source.spm", "target.spm", "shared_vocabulary.json"} <= set(facts["files"])
    assert (facts["name"], facts["model_type"], facts["quantization"]) == ("tiny-marian", "marian", "int8")
    assert str(marian.parent) not in (folder / "manifest.json").read_text("utf-8")

    monkeypatch.setattr(conversion, "_convert", None)  # a second time there is nothing to do
    assert main(["models", "convert", str(marian)]) == 0
    assert f"use it with --engine ct2:{folder.name}" in capsys.readouterr().out
    assert main(["models", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["converted"] == [
        {"name": folder.name, "source": "tiny-marian", "quantization": "int8"}
    ]
    assert main(["models", "list"]) == 0
    assert f"converted: {folder.name} (ct2:{folder.name}, from tiny-marian)" in capsys.readouterr().out
    assert create("ct2:tiny-marian").name == "ct2:tiny-marian"


def test_a_damaged_conversion_is_refused_when_used_and_made_anew_when_asked_for(marian: Path, cache: Path) -> None:
    folder = conversion.convert(str(marian), silent)
    sound = (folder / "model.bin").read_bytes()
    (folder / "model.bin").write_bytes(sound[:-1])
    with pytest.raises(EngineError, match=r"model\.bin differs from the manifest"):
        create("ct2:tiny-marian")
    assert conversion.convert(str(marian), silent) == folder
    assert (folder / "model.bin").read_bytes() == sound
    assert [path.name for path in folder.parent.iterdir() if not path.name.endswith(".lock")] == [folder.name]


def test_an_interrupted_conversion_leaves_nothing_that_looks_finished(
    marian: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(conversion, "seal", interrupted)
    with pytest.raises(KeyboardInterrupt):
        conversion.convert(str(marian), silent)
    assert [path.name for path in (cache / "converted").iterdir() if not path.name.endswith(".lock")] == []


def test_another_checkpoint_or_precision_is_another_model(marian: Path, tmp_path: Path) -> None:
    one = conversion.convert(str(marian), silent)
    copy = Path(shutil.copytree(marian, tmp_path / "other" / marian.name))
    assert conversion.convert(str(copy), silent) == one  # the same content from another place
    assert conversion.convert(str(marian), silent, quantization="float32") != one
    content = bytearray((copy / "model.safetensors").read_bytes())
    content[-2] ^= 1
    (copy / "model.safetensors").write_bytes(content)
    assert conversion.convert(str(copy), silent) not in (one, None)


def test_output_names_the_folder_and_overwrites_nothing_else(marian: Path, tmp_path: Path) -> None:
    target = tmp_path / "models" / "ours"
    assert conversion.convert(str(marian), silent, output=target) == target
    assert create(f"ct2:{target}").name == "ct2:ours"
    conversion.convert(str(marian), silent, output=target, quantization="float32")  # one of ours may be replaced
    assert json.loads((target / "manifest.json").read_text())["quantization"] == "float32"
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("kept")
    with pytest.raises(EngineError, match="is there already and no converted model; name a new folder"):
        conversion.convert(str(marian), silent, output=tmp_path / "letters")
    assert (tmp_path / "letters" / "dear.txt").read_text() == "kept"


class TestRefused:
    def test_pickled_weights_with_the_way_to_convert_them(self, marian: Path, tmp_path: Path) -> None:
        folder = Path(shutil.copytree(marian, tmp_path / "pickled"))
        (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
        with pytest.raises(EngineError, match=r"models convert .*no safetensors weights, and pickled.*save_pretrained"):
            conversion.convert(str(folder), silent)

    def test_weights_with_holes(self, marian: Path, tmp_path: Path) -> None:
        from safetensors.torch import load_file, save_file

        folder = Path(shutil.copytree(marian, tmp_path / "holes"))
        weights = load_file(folder / "model.safetensors")
        del weights["model.decoder.layers.1.fc1.weight"]
        save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
        with pytest.raises(EngineError, match=r"the weights lack model\.decoder\.layers\.1\.fc1\.weight"):
            conversion.convert(str(folder), silent)

    def test_the_first_mbart(self, checkpoint: Callable[[str], Path], tmp_path: Path) -> None:
        folder = Path(shutil.copytree(checkpoint("mbart50"), tmp_path / "first"))
        for name in ("tokenizer.json", "tokenizer_config.json"):
            text = (folder / name).read_text("utf-8").replace("af_ZA", "qq_QQ")
            (folder / name).write_text(text.replace("MBart50Tokenizer", "PreTrainedTokenizerFast"), "utf-8")
        with pytest.raises(EngineError, match="the first mBART opens texts with their language; use it with hf:"):
            conversion.convert(str(folder), silent)

    def test_code_of_a_checkpoint_does_not_run(self, marian: Path, tmp_path: Path) -> None:
        folder = Path(shutil.copytree(marian, tmp_path / "code"))
        config = json.loads((folder / "config.json").read_text())
        config |= {"model_type": "ours", "auto_map": {"AutoConfig": "evil.Config", "AutoModelForSeq2SeqLM": "evil.M"}}
        (folder / "config.json").write_text(json.dumps(config))
        (folder / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Config: pass\nclass M: pass\n")
        with pytest.raises(EngineError, match="cannot be converted"):
            conversion.convert(str(folder), silent)
        assert not (tmp_path / "ran").exists()

    def test_a_hub_model_out_of_reach_says_how_to_bring_it(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
        assert main(["models", "convert", "nobody/no-such-model"]) == 2
        assert "hf download nobody/no-such-model --local-dir FOLDER" in capsys.readouterr().err

    def test_a_missing_torch_gives_the_pip_line(
        self, marian: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setitem(sys.modules, "torch", None)
        assert main(["models", "convert", str(marian)]) == 2
        assert 'pip install "yakubun[hf]"; the converted model needs neither' in capsys.readouterr().err


def test_a_converted_model_is_used_without_torch_and_transformers(marian: Path, tmp_path: Path) -> None:
    import subprocess

    folder = conversion.convert(str(marian), silent, output=tmp_path / "model")
    code = (
        "import sys; from translate.engines import create; from translate.engines.base import MarkedText\n"
        f"create('ct2:{folder}', threads=1).translate([MarkedText('三毛猫が鍵を探す。')])\n"
        "print([m for m in ('torch', 'transformers', 'httpx2') if m in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
