"""What is too large, never ends, or unpacks without end is refused with a message, and depth costs no crash."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from translate import bounded
from translate.adapt.data import read_tsv
from translate.cli import main
from translate.errors import InputError
from translate.formats import reader_for
from translate.ledger import Ledger, Record

RECORD = Record({"name": "a", "hash": "b"}, 1, {}, {}, id="20260101T000000Z-00000000")


def sparse(path: Path, size: int) -> Path:
    with path.open("wb") as file:
        file.truncate(size)
    return path


class TestLargeFiles:
    def test_an_article_of_100_megabytes_is_refused_before_it_is_read(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        article = sparse(tmp_path / "a.txt", 100_000_000)
        assert main(["translate", str(article), "--engine", "fake", "--locales", str(tmp_path / "locales")]) == 2
        assert "larger than 16 MiB" in capsys.readouterr().err
        assert not (tmp_path / "locales").exists()

    @pytest.mark.parametrize(
        ("name", "size", "arguments"),
        [
            ("a.po", bounded.CATALOG, ["check"]),
            ("a.csv", bounded.TABLE, ["glossary", "check"]),
            ("a.tmx", 128 * bounded.MIB, ["memory", "import"]),
            ("a.xlf", 128 * bounded.MIB, ["exchange", "import"]),
        ],
    )
    def test_other_files_have_limits_of_their_own(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, size: int, arguments: list[str]
    ) -> None:
        path = sparse(tmp_path / name, size + 1)
        assert main([*arguments, str(path)]) in (1, 2)
        captured = capsys.readouterr()
        assert f"larger than {size // bounded.MIB} MiB" in captured.err + captured.out

    @pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
    def test_one_line_of_a_megabyte_is_read_and_written(self, suffix: str) -> None:
        data = ("あ" * 350_000 + "。\n").encode()
        form = reader_for(f"a{suffix}")
        assert form.render(form.read(data, f"a{suffix}"), {}, keep_boilerplate=True) == data


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
class TestWhatNeverEnds:
    def test_a_device_is_no_article(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="is a device, pipe or socket"):
            bounded.read(Path("/dev/zero"), 10)

    def test_a_pipe_is_no_article_and_is_not_waited_for(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        os.mkfifo(tmp_path / "a.txt")
        assert main(["segment", str(tmp_path / "a.txt")]) == 2
        assert "is a device, pipe or socket" in capsys.readouterr().err

    def test_a_pipe_that_the_user_opened_is_read(self) -> None:
        reader, writer = os.pipe()
        os.write(writer, b"abc")
        os.close(writer)
        assert bounded.read(Path(f"/dev/fd/{reader}"), 10) == b"abc"


class TestBombs:
    def test_training_data_that_unpacks_without_end_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "a.tsv.gz"
        path.write_bytes(gzip.compress((b"x" * 50_000 + b"\n") * 500, 9))
        assert path.stat().st_size < 50_000
        with pytest.raises(InputError, match="unpacks to far more than text does"):
            read_tsv(path)

    def test_real_training_data_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "a.tsv.gz"
        path.write_bytes(gzip.compress("港に橋が架かった。\tA bridge was built in the port.\n".encode() * 3000))
        assert read_tsv(path).read == 3000

    def test_hypotheses_that_unpack_without_end_are_refused(self, tmp_path: Path) -> None:
        ledger = Ledger(tmp_path / "ledger.jsonl")
        ledger.stored_path(RECORD).write_bytes(gzip.compress(b" " * 40_000_000, 9))
        with pytest.raises(InputError, match="unpacks to more than 16 MiB"):
            ledger.stored(RECORD)


@pytest.mark.parametrize(
    ("suffix", "unit"),
    [
        (".md", "> "), (".md", "- "), (".md", "[" ), (".md", "*a "), (".md", "![["), (".md", "<b>"), (".md",
        "^["), (".md", "`"),
        (".html", "<div>"), (".html", "<b>"), (".html", "<ruby>"), (".html", "<article>"), (".html", "<!--"),
        (".txt", "「"), (".txt", "（"), (".txt", "・"),
    ],
)  # fmt: skip
def test_deep_nesting_is_read_and_comes_back(suffix: str, unit: str) -> None:
    form = reader_for(f"a{suffix}")
    data = (unit * 3000 + "深い文。\n").encode()
    try:
        document = form.read(data, f"a{suffix}")
    except InputError:
        return  # a message is an answer, too
    assert form.render(document, {}, keep_boilerplate=True) == data


def test_a_large_article_takes_no_more_than_a_bounded_amount_of_memory(tmp_path: Path) -> None:
    """Ten thousand segments in a process that may not take more than half a gigabyte of address space for data."""
    article = tmp_path / "a.txt"
    article.write_text("灯台は明るい。\n" * 10_000, "utf-8")
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_DATA, (1 << 29, 1 << 29));"
        "from translate.formats import reader_for; data = open(sys.argv[1], 'rb').read();"
        "print(sum(1 for _ in reader_for('a.txt').read(data, 'a.txt').segments()))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(article)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "10000"
