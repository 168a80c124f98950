"""The dictionary file is read as it is, its glosses are made usable, and its absence has a remedy."""

import sqlite3
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lexicon import build

from translate import dictionary
from translate.dictionary import Dictionary, Sense, What, clean
from translate.errors import InputError


@pytest.fixture
def small(tmp_path: Path) -> Dictionary:
    return build(
        tmp_path / "small.db",
        words=[
            ("灯台", "トウダイ", ["lighthouse", "beacon (esp. of a harbour)"], True),
            ("灯台", "トウダイ", ["lampstand (old)"], False),
            ("港湾局", "", ["the harbour authority"], False),
            ("", "ランタン", ["lantern"], True),
            ("", "とうだい", ["foot of a lamp"], True),
        ],
        names=[
            ("浜田", "ハマダ", "Hamada", "surname"),
            ("浜田", "ハマタ", "Hamata", "place"),
            ("大谷", "オオタニ", "Ootani", "surname"),
            ("", "コヴァーチ", "Kovacs", "surname"),
            ("灯台商会", "", "Toudai Trading (Osaka)", "company"),
            ("岬屋", "", "Misakiya", "unclass"),
        ],
    )


def test_words_come_before_names_and_common_ones_first(small: Dictionary) -> None:
    assert small.lookup("灯台") == (
        Sense(("lighthouse", "beacon"), What.COMMON, frequent=True),
        Sense(("lampstand",), What.COMMON, frequent=True),
    )


@pytest.mark.parametrize(
    ("surface", "english", "what"),
    [
        ("コヴァーチ", "Kovacs", What.PERSON),
        ("大谷", "Ootani", What.PERSON),
        ("灯台商会", "Toudai Trading", What.ORG),
        ("岬屋", "Misakiya", What.NAME),
        ("ランタン", "lantern", What.COMMON),
        ("港湾局", "harbour authority", What.COMMON),
    ],
)
def test_a_surface_gives_its_english_and_what_it_names(
    small: Dictionary, surface: str, english: str, what: What
) -> None:
    (sense,) = small.lookup(surface)

    assert (sense.english, sense.what) == ((english,), what)


def test_a_name_of_two_kinds_has_two_senses(small: Dictionary) -> None:
    assert [(sense.english[0], sense.what) for sense in small.lookup("浜田")] == [
        ("Hamada", What.PERSON),
        ("Hamata", What.PLACE),
    ]


def test_hiragana_are_not_looked_up_by_sound(small: Dictionary) -> None:
    assert small.lookup("とうだい") == ()


def test_an_unknown_surface_has_no_sense(small: Dictionary) -> None:
    assert small.lookup("鵺") == small.lookup("") == small.lookup("'; DROP TABLE Sense; --") == ()


@pytest.mark.parametrize(
    ("gloss", "plain"),
    [
        ("lighthouse", "lighthouse"),
        ("to light (a lamp)", "light"),
        ("an oar", "oar"),
        ("the (old) harbour (of Misaki)", "harbour"),
        ("tower", "tower"),
        ("athlete", "athlete"),
        ("(see also)", ""),
        ("灯台 keeper", ""),
        ("1999", ""),
        ("x" * 61, ""),
    ],
)
def test_a_gloss_becomes_what_a_translation_would_hold(gloss: str, plain: str) -> None:
    assert clean(gloss) == plain


@given(st.text(max_size=80))
def test_cleaning_never_fails_and_is_stable_in_size(gloss: str) -> None:
    assert len(clean(gloss)) <= min(60, max(len(gloss), 0))


def test_without_the_package_there_is_no_dictionary_and_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dictionary, "_PACKAGE", "no_such_package_as_this")
    dictionary.find.cache_clear()

    assert dictionary.find() is None
    with pytest.raises(InputError, match=r"pip install 'yakubun\[dict\]'"):
        dictionary.require()

    dictionary.find.cache_clear()


@pytest.mark.parametrize("content", [b"", b"no database" * 100])
def test_a_damaged_file_is_named_with_the_remedy(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.db").write_bytes(content)

    with pytest.raises(InputError, match=r"broken\.db: cannot be read as a dictionary: .*pip install"):
        Dictionary(tmp_path / "broken.db")


def test_a_missing_file_is_named_and_not_created(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.db"):
        Dictionary(tmp_path / "gone.db")
    assert not (tmp_path / "gone.db").exists()


def test_the_file_is_opened_for_reading_only(small: Dictionary) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        small._connection.execute("DELETE FROM Sense")


def test_importing_opens_nothing() -> None:
    program = "import sys, translate.dictionary; print('jamdict_data' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


@pytest.mark.skipif(not find_spec("jamdict_data"), reason="jamdict-data is not installed")
def test_the_installed_dictionary_knows_a_city_a_word_and_a_name() -> None:
    real = dictionary.require()

    assert real.lookup("大阪")[0] == Sense(("Osaka",), What.COMMON, frequent=True)
    assert "vaccine" in real.lookup("ワクチン")[0].english
    assert any(sense.english == ("Biden",) and sense.what is What.PERSON for sense in real.lookup("バイデン"))
