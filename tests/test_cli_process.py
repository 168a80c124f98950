"""The command line as people run it: in a process, on full disks, with Ctrl-C, on a terminal and off it."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cape import BODY, CHECKOUT, SEGMENTS, TERMS, TITLE, Project, command

from translate.pipeline import CHUNK

HEAVY = ("numpy", "ctranslate2", "sudachipy", "sacrebleu", "rich", "polib", "transformers", "torch", "filelock")


def translate(*words: str | Path) -> list[str | Path]:
    return ["translate", "articles/ja/cape.txt", "--engine", "fake", "--glossary", "terms.csv", *words]


def long_article(project: Project) -> None:
    counted = "".join(f"第{n}灯台の番人は{n}枚の手紙を読んだ。\n\n" for n in range(1, 3 * CHUNK))
    project.write(project.article, f"{TITLE}\n\n{counted}")


# Bad input

CONFLICT = TERMS + "岬町,Cape Town,,,,place,hard,,\n"
Prepare = Callable[[Project], None]
CAPE = "articles/ja/cape.txt"
BAD: list[tuple[list[str], Prepare, list[str]]] = [
    (["gone.txt"], lambda p: None, ["gone.txt: no such file; check the path"]),
    (["empty.txt"], lambda p: p.write("empty.txt", "") and None, ["empty.txt: the file is empty"]),
    (["blank.txt"], lambda p: p.write("blank.txt", "\u3000\n\n") and None, ["blank.txt: the file is empty"]),
    (["articles/ja"], lambda p: None, ["articles/ja: is a folder; name the article files in it"]),
    (["bin.txt"], lambda p: p.write("bin.txt", bytes(range(256)) * 4) and None, ["bin.txt: "]),
    (["img.txt"], lambda p: p.write("img.txt", b"\x89PNG\r\n\x1a\n\0\0") and None, ["img.txt: ", "PNG"]),
    (["x.docx"], lambda p: p.write("x.docx", "灯台。") and None, ["x.docx: no format reads the suffix .docx", ".txt"]),
    ([CAPE], lambda p: p.write("terms.csv", CONFLICT) and None, ["terms.csv:5", "terms.csv:2"]),
    ([CAPE], lambda p: p.terms.unlink(), ["terms.csv"]),
    ([CAPE], lambda p: p.write("terms.csv", "a,b\n1,2\n") and None, ["terms.csv:1", "source"]),
    ([CAPE], lambda p: p.write(p.po, 'msgid "a\nmsgstr "b"\n') and None, ["cape.po:1: not PO syntax"]),
    ([CAPE, "--engine", "fakir"], lambda p: None, ["unknown engine 'fakir': did you mean 'fake'?"]),
    ([CAPE, "--engine", "fake:deef"], lambda p: None, ["did you mean 'deaf'?"]),
    ([CAPE], lambda p: p.write("yakubun.toml", 'engin = "x"') and None, ["'engin'; did you mean 'engine'?"]),
    ([CAPE], lambda p: p.write("yakubun.toml", "engine =") and None, ["yakubun.toml: not valid TOML"]),
    ([CAPE], lambda p: p.write("locales", "a file") and None, ["locales/en/"]),
    ([CAPE, "--beam-size", "0"], lambda p: None, ["'0' is not a whole number from 1 on"]),
    ([CAPE, "--frobnicate"], lambda p: None, ["--frobnicate"]),
    ([CAPE, "--json", "x.po"], lambda p: None, ["x.po: would be overwritten"]),
    ([CAPE, "gone.txt"], lambda p: None, ["gone.txt: no such file"]),
]  # fmt: skip


@pytest.mark.parametrize(("words", "prepare", "messages"), BAD, ids=lambda value: "")
def test_bad_input_is_a_clear_message_with_exit_2_and_nothing_written(
    project: Project, words: list[str], prepare: Prepare, messages: list[str]
) -> None:
    prepare(project)
    before = project.files()
    done = project.run("translate", "--engine", "fake", "--glossary", "terms.csv", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert [message for message in messages if message not in done.stderr] == []
    assert "Traceback" not in done.stderr
    assert project.files() == before


def test_an_unknown_command_names_the_ones_there_are(project: Project) -> None:
    done = project.run("translat")
    assert done.returncode == 2
    assert "translate" in done.stderr.replace("translat'", "")


# A full disk


def small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))


def test_a_file_that_cannot_grow_leaves_nothing_behind(project: Project) -> None:
    before = project.files()
    done = project.run(*translate(), preexec_fn=small_files)
    assert (done.returncode, done.stdout) == (2, "")
    assert "cape.jsonl: cannot write: " in done.stderr
    assert "Traceback" not in done.stderr
    assert project.files() == before


def test_a_file_that_cannot_grow_leaves_an_older_run_as_it_was(project: Project) -> None:
    project.translate()
    project.write(project.terms, TERMS.replace("Misaki", "Cape Town"))
    before = project.files()
    done = project.run(*translate(), preexec_fn=small_files)
    assert done.returncode == 2
    assert project.files() == before
    assert project.run(*translate()).returncode == 0


@pytest.fixture
def small_disk(project: Project) -> Iterator[Project]:
    disk = Path("disk")
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only a superuser mounts a small disk")
    try:
        yield project
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_is_told_and_nothing_is_left_on_it(small_disk: Project) -> None:
    small_disk.write("disk/articles/cape.txt", small_disk.article.read_bytes())
    with Path("disk/filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(bytes(4096))
    before = small_disk.files()
    words = ["translate", "disk/articles/cape.txt", "--engine", "fake", "--locales", "disk/locales"]
    done = small_disk.run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "No space left on device: free some space and run again" in done.stderr
    assert "Traceback" not in done.stderr
    assert small_disk.files() == before
    Path("disk/filler").unlink()
    assert small_disk.run(*words).returncode == 0


def test_a_full_disk_while_publishing_leaves_the_old_article(project: Project) -> None:
    project.translate()
    project.approve_all()
    assert project.run("publish", project.po).returncode == 0
    project.review({TITLE: "Another title"})
    before = project.files()
    done = project.run("publish", project.po, preexec_fn=small_files)
    assert done.returncode == 2
    assert "articles/en/cape.txt: cannot write: " in done.stderr
    assert project.files() == before


# Interrupted


def test_ctrl_c_keeps_the_finished_segments_and_the_next_run_goes_on(project: Project) -> None:
    long_article(project)
    words = ["translate", project.article, "--engine", "fake:slow", "--glossary", "terms.csv"]
    process = subprocess.Popen(
        command(words),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell starts background jobs, and so whole test runs, with SIGINT ignored; a terminal does not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 30
    while not (project.journal.exists() and project.journal.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.2)  # into the middle of the next chunk, which takes half a second
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert err == "yakubun: interrupted; finished segments are kept, run the command again to go on\n"
    finished = sum(bool(english) for english in project.english().values())
    assert 0 < finished < 3 * CHUNK
    assert finished % CHUNK == 0
    done = project.run(*words, "--json")
    (report,) = json.loads(done.stdout)["articles"]
    assert done.returncode == 0
    assert (report["translated"], report["reused"]) == (3 * CHUNK - finished, finished)
    assert not [name for name in project.files() if name.endswith((".lock", ".tmp"))]


def test_two_runs_at_once_share_the_work_of_one(project: Project) -> None:
    long_article(project)
    words = command(["translate", project.article, "--engine", "fake:slow", "--glossary", "none", "--json"])
    running = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    reports = [json.loads(process.communicate(timeout=60)[0])["articles"][0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert sorted(report["translated"] for report in reports) == [0, 3 * CHUNK]
    assert len(project.journal.read_bytes().splitlines()) == 3 * CHUNK


# Exit codes


def test_check_exits_with_3_and_writes_nothing(project: Project) -> None:
    before = project.files()
    done = project.run(*translate("--check"))
    change = f"would change {project.po}, {SEGMENTS} segments to translate"
    assert (done.returncode, done.stdout) == (3, f"articles/ja/cape.txt: {change}\n")
    assert project.files() == before
    assert project.run(*translate()).returncode == 0
    before = project.files()
    done = project.run(*translate("--check"))
    assert (done.returncode, done.stdout, project.files()) == (0, "", before)


def test_strict_exits_with_4_if_a_term_is_missing_from_the_saved_file(project: Project) -> None:
    done = project.run(*translate("--strict", "--engine", "fake:stubborn"))
    assert done.returncode == 4
    assert "glossary: 3 of 4 hard terms in place" in done.stdout
    assert "大森町 must be 'Ōmori'" in done.stdout
    assert (
        project.run(*translate("--strict", "--engine", "fake:stubborn")).returncode == 4
    )  # nothing to do, still missing
    assert project.run(*translate("--engine", "fake:stubborn")).returncode == 0
    project.review({BODY[4]: "Twelve people came."}, note="waive: 大森町: the town is named above")
    assert project.run(*translate("--strict")).returncode == 0


def test_untranslated_segments_exit_with_1(project: Project) -> None:
    done = project.run(*translate("--engine", "fake:degenerate"))
    assert done.returncode == 1
    assert "(7 translated now, 0 reused, 4 untranslated)" in done.stdout


def test_an_engine_that_raises_exits_with_2_and_no_traceback(project: Project) -> None:
    before = project.files()
    done = project.run(*translate("--engine", "fake:broken"))
    assert done.returncode == 2
    assert "fake:broken@1 failed with RuntimeError: " in done.stderr
    assert "Traceback" not in done.stderr
    assert project.files() == before


# Output


def test_json_is_all_there_is_on_standard_output(project: Project) -> None:
    done = project.run(*translate("--json"))
    assert (done.returncode, done.stderr) == (0, "")
    (report,) = json.loads(done.stdout)["articles"]
    assert (report["segments"], report["translated"]) == (SEGMENTS, SEGMENTS)


def test_off_a_terminal_progress_is_silent(project: Project) -> None:
    done = project.run(*translate())
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    assert done.stdout.startswith(
        "articles/ja/cape.txt\n  po: locales/en/LC_MESSAGES/cape.po\n  segments: 11 (11 trans"
    )


def test_on_a_terminal_a_bar_shows_on_standard_error(project: Project) -> None:
    long_article(project)
    leader, follower = pty.openpty()
    words = command(["translate", project.article, "--engine", "fake:slow", "--glossary", "terms.csv", "--json"])
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=follower, env=environment)
    os.close(follower)
    shown = b""
    while select.select([leader], [], [], 30)[0]:
        try:
            shown += os.read(leader, 65536)
        except OSError:  # the other end is closed
            break
    out, _ = process.communicate(timeout=30)
    os.close(leader)
    assert process.returncode == 0
    assert json.loads(out)["articles"][0]["translated"] == 3 * CHUNK
    text = shown.decode()
    assert "Translating articles/ja/cape.txt" in text
    assert f"{CHUNK}/{3 * CHUNK}" in text
    assert "\x1b[" in text


def test_a_reader_that_goes_away_is_no_error(project: Project) -> None:
    long_article(project)
    pipe = subprocess.Popen(command(["segment", project.article]), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert pipe.stdout is not None
    assert pipe.stderr is not None
    pipe.stdout.close()
    assert (pipe.wait(30), pipe.stderr.read()) == (0, b"")
    pipe.stderr.close()


def test_japanese_is_printed_whatever_the_locale(project: Project) -> None:
    done = project.run("segment", project.article, env={**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
    assert TITLE in done.stdout


@pytest.mark.parametrize(("words", "allowed"), [
    (["--help"], set()), (["--version"], set()), (["nonsense"], set()),
    (["translate", "--help"], {"numpy", "filelock", "polib"}),
    (["status"], {"numpy", "filelock", "polib", "rich"}),
])  # fmt: skip
def test_nothing_heavy_is_imported_before_it_is_needed(project: Project, words: list[str], allowed: set[str]) -> None:
    code = (
        "import sys\nfrom translate.cli import main\n"
        "try:\n    main(sys.argv[2:])\nexcept SystemExit:\n    pass\n"
        "print('\\n', *(name for name in sys.argv[1].split(',') if name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, ",".join(HEAVY), *words],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )  # fmt: skip
    assert set(done.stdout.splitlines()[-1].split()) <= allowed


def test_help_lists_every_command(project: Project) -> None:
    done = project.run("--help")
    assert (done.returncode, done.stderr) == (0, "")
    for name in ("translate", "segment", "glossary", "check", "status", "publish", "score", "models"):
        assert f"\n    {name}" in done.stdout
        assert project.run(name, "--help").returncode == 0


def test_standard_input_is_segmented_as_one_plain_body(project: Project) -> None:
    done = project.run("segment", "-", "--json", input="灯台\n\n船が来た。港は静かだ。")
    assert json.loads(done.stdout) == {
        "segments": [
            {"text": text, "start": start, "end": end, "role": "body", "section": 0}
            for text, start, end in (("灯台", 0, 2), ("船が来た。", 4, 9), ("港は静かだ。", 9, 15))
        ]
    }
    empty = project.run("segment", "-", input="")
    assert (empty.returncode, "standard input: the file is empty" in empty.stderr) == (2, True)
