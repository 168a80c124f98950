"""Which configuration file counts, what it may say, and what its mistakes are answered with."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import translate.config
from translate.config import Config, load
from translate.errors import InputError
from translate.housestyle import HouseStyle


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a folder in it; commands run at its top."""
    top = tmp_path / "my project"
    (top / ".git").mkdir(parents=True)
    (top / "desk" / "sport").mkdir(parents=True)
    monkeypatch.chdir(top)
    return top


def write(folder: Path, text: str, name: str = "yakubun.toml") -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_without_a_file_the_defaults_hold(project: Path) -> None:
    assert load(Path()) == Config()
    assert load(Path()).locales == "locales"


def test_every_setting_can_be_written(project: Path) -> None:
    write(
        project,
        """
        engine = "fake"
        glossaries = ["default", "terms.csv"]
        locales = "po"
        boilerplate = ["footers.txt"]
        output = "en"
        beam_size = 2
        threads = 3
        similarity = 90
        pot = true
        numbers = false
        ledger = "scores.jsonl"
        [checks]
        length = "off"
        [style]
        headings = "title"
        quotes = "curly"
        spelling = "uk"
        names = "eastern"
        """,
    )
    style = HouseStyle(headings="title", quotes="curly", spelling="uk", names="eastern")
    config = load(Path())
    assert config == Config(
        "fake",
        ("default", "terms.csv"),
        "po",
        ("footers.txt",),
        "en",
        beam_size=2,
        threads=3,
        similarity=90,
        pot=True,
        numbers=False,
        ledger="scores.jsonl",
        checks={"length": "off"},
        style=style,
    )
    written = {field.name for field in dataclasses.fields(Config)} - {"root"}
    assert all(getattr(config, name) != getattr(Config(), name) for name in written)


def test_the_example_of_the_documentation_is_valid(project: Path) -> None:
    example = (translate.config.__doc__ or "").partition("::\n")[2]
    write(project, example)
    assert set(tomllib.loads(example)) == {field.name for field in dataclasses.fields(Config)} - {"root"}
    assert load(Path()).style.headings == "title"


def test_the_table_of_pyproject_counts_too(project: Path) -> None:
    write(project, "[project]\nname = 'paper'\n[tool.yakubun]\nthreads = 5\nstyle.quotes = 'curly'\n", "pyproject.toml")
    assert (load(Path()).threads, load(Path()).style.quotes) == (5, "curly")


def test_yakubun_toml_wins_over_pyproject_beside_it(project: Path) -> None:
    write(project, "[tool.yakubun]\nthreads = 5\n", "pyproject.toml")
    write(project, "beam_size = 2\n")
    assert (load(Path()).beam_size, load(Path()).threads) == (2, None)


def test_the_nearest_file_wins(project: Path) -> None:
    write(project, "threads = 1\n")
    write(project / "desk", "threads = 2\n")
    assert load(project / "desk" / "sport").threads == 2


def test_a_pyproject_without_our_table_is_passed_over(project: Path) -> None:
    write(project, "threads = 4\n")
    write(project / "desk", "[tool.ruff]\nline-length = 99\n", "pyproject.toml")
    assert load(project / "desk").threads == 4


def test_the_search_ends_at_the_top_of_the_repository(project: Path) -> None:
    write(project.parent, "threads = 7\n")
    assert load(project / "desk").threads is None
    (project / ".git").rmdir()
    assert load(project / "desk").threads == 7


def test_a_worktree_ends_the_search_as_well(project: Path) -> None:
    write(project, "threads = 7\n")
    write(project / "desk", "gitdir: elsewhere\n", ".git")
    assert load(project / "desk" / "sport").threads is None


def test_paths_are_relative_to_the_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project, "glossaries = ['default', 'terms.csv']\nboilerplate = ['footers.txt']\n")
    monkeypatch.chdir(project / "desk" / "sport")
    config = load(Path())
    assert config.root.resolve() == project
    for path, expected in [
        (config.glossaries[1], "terms.csv"),
        (config.boilerplate[0], "footers.txt"),
        (config.locales, "locales"),
        (config.output, "articles/en"),
    ]:
        assert not Path(path).is_absolute()
        assert Path(path).resolve() == project / expected
    assert config.glossaries[0] == "default"


def test_an_absolute_start_gives_absolute_paths(project: Path) -> None:
    write(project, "")
    assert load(project / "desk").locales == str(project / "locales")
    assert load(project / "desk").root == project


def test_a_start_with_dots_finds_the_folders_above_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project, "threads = 1\n")
    write(project / "desk" / "sport", "threads = 2\n")
    monkeypatch.chdir(project / "desk" / "sport")
    assert load(Path("..")).threads == 1


def test_a_model_folder_beside_the_file_is_found_from_below(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "models" / "ours").mkdir(parents=True)
    write(project, "engine = 'embedded:models/ours'\n")
    monkeypatch.chdir(project / "desk")
    name, _, folder = load(Path()).engine.partition(":")
    assert (name, Path(folder).resolve()) == ("embedded", project / "models" / "ours")


def test_an_engine_argument_that_is_no_folder_stays(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project, "engine = 'hf:someone/a-model'\n")
    monkeypatch.chdir(project / "desk")
    assert load(Path()).engine == "hf:someone/a-model"


def test_default_and_none_name_the_shipped_glossary_and_no_glossary() -> None:
    assert [path.name for path in Config().glossary_paths] == ["ja-en.csv"]
    assert Config().glossary_paths[0].is_file()
    assert Config(glossaries=("none",)).glossary_paths == ()
    assert Config(glossaries=("a.csv", "default")).glossary_paths[0] == Path("a.csv")


def test_flags_override_and_absent_flags_do_not() -> None:
    config = Config(threads=2, engine="fake").replace(threads=None, engine="hf:x", glossaries=["a.csv"])
    assert config == Config(threads=2, engine="hf:x", glossaries=("a.csv",))


@given(st.dictionaries(st.sampled_from(["engine", "locales", "output", "threads"]), st.none()))
def test_flags_that_are_not_given_change_nothing(flags: dict[str, None]) -> None:
    assert Config(threads=3).replace(**flags) == Config(threads=3)


def test_a_byte_order_mark_does_no_harm(project: Path) -> None:
    (project / "yakubun.toml").write_bytes(b"\xef\xbb\xbfthreads = 2\r\n")
    assert load(Path()).threads == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("glossary = ['a.csv']", "yakubun.toml: unknown key 'glossary'; did you mean 'glossaries'?"),
        ("beamsize = 4", "yakubun.toml: unknown key 'beamsize'; did you mean 'beam_size'?"),
        ("xyz = 4", "yakubun.toml: unknown key 'xyz'; there are: engine, glossaries, locales"),
        ("root = '/'", "yakubun.toml: unknown key 'root'"),
        ("[style]\nquote = 'curly'", "yakubun.toml: style: unknown key 'quote'; did you mean 'quotes'?"),
        ("[style]\nquotes = 'fancy'", "quotes = 'fancy' is unknown; write one of straight, curly"),
        ("style = 'uk'", "yakubun.toml: style = 'uk'; write a table such as [style]"),
        ("threads = '2'", "yakubun.toml: threads = '2'; write a whole number from 1 on"),
        ("threads = true", "yakubun.toml: threads = True; write a whole number"),
        ("beam_size = 0", "yakubun.toml: beam_size = 0; write a whole number from 1 on"),
        ("similarity = 101", "yakubun.toml: similarity = 101; write a whole number from 1 to 100"),
        ("pot = 1", "yakubun.toml: pot = 1; write true or false"),
        ("engine = ''", "yakubun.toml: engine = ''; write a string such as"),
        ("glossaries = 'a.csv'", "yakubun.toml: glossaries = 'a.csv'; write a list of files such as"),
        ("glossaries = [1]", "yakubun.toml: glossaries = [1]; write a list"),
        ("glossaries = ['none', 'a.csv']", "yakubun.toml: glossaries: 'none' stands beside others"),
        ("threads = 1\nlocales = po\n", "yakubun.toml: not valid TOML: Invalid value (at line 2"),
    ],
)
def test_a_mistake_is_answered_with_the_place_and_the_remedy(project: Path, text: str, message: str) -> None:
    write(project, text)
    with pytest.raises(InputError) as raised:
        load(Path())
    assert message in str(raised.value)
    assert str(raised.value).startswith("yakubun.toml: ")


def test_a_mistake_in_pyproject_names_the_table(project: Path) -> None:
    write(project, "[tool.yakubun]\nthread = 5\n", "pyproject.toml")
    with pytest.raises(InputError, match=r"pyproject\.toml: \[tool\.yakubun\]: unknown key 'thread'; did you mean"):
        load(Path())
    write(project, "[tool]\nyakubun = 5\n", "pyproject.toml")
    with pytest.raises(InputError, match=r"pyproject\.toml: \[tool\.yakubun\] is 5; make it a table"):
        load(Path())


def test_a_file_in_another_encoding_is_an_input_error(project: Path) -> None:
    (project / "yakubun.toml").write_bytes("engine = 'fake' # 訳文".encode("shift_jis"))
    with pytest.raises(InputError, match="not UTF-8 at byte 18"):
        load(Path())
