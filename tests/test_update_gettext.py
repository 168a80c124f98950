"""A PO file on its way through GNU gettext: whatever tool rewrites it, nothing that anybody wrote is lost."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import polib
import pytest
from cape import ARTICLE, BODY, Project

from translate.catalog import Catalog, State
from translate.engines.base import Engine

pytestmark = pytest.mark.skipif(not shutil.which("msgfmt"), reason="needs GNU gettext: apt-get install gettext")

POT = Path("locales/cape.pot")
TYPO = BODY[4].replace("来た", "きた")
OWN = 'msgctxt "menu"\nmsgid "灯台"\nmsgid_plural "灯台たち"\nmsgstr[0] "lighthouse"\nmsgstr[1] "lighthouses"\n'


def gettext(*words: str | Path) -> bytes:
    done = subprocess.run([*map(str, words)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def never() -> Engine:
    raise AssertionError("the engine was opened")


@pytest.fixture
def reviewed(project: Project) -> Project:
    """A file that holds one of everything."""
    project.translate(template=True)
    long = "The lighthouse keeper, Mr. Hamada, said that “it went dark without a sound”, and " + "then again " * 12
    project.review({BODY[0]: "The light of Misaki went out\non March 4."}, note="ask Aya: \\ \"cape\" or 'headland'?")
    project.review({BODY[1]: long + "."}, note="waive: length: he said it at length\nyakubun: not ours to keep")
    project.review({BODY[2]: "Seven ships\u2028came\tback."}, approve=False)
    project.review({BODY[4]: "Twelve came from Ōmori."}, note="waive: 大森町: no macron in headlines")
    project.review({BODY[5]: "It ends next April."})
    project.write(project.po, project.po.read_text("utf-8") + "\n" + OWN)
    project.write(project.article, ARTICLE.replace(BODY[4], TYPO).replace(BODY[5], ""))
    project.translate(template=True)
    return project


def content(path: Path) -> dict[tuple[str | None, str, bool], object]:
    """Return all that anybody wrote, as polib reads it: our own reader shall not judge itself."""
    return {
        (one.msgctxt, one.msgid, bool(one.obsolete)): (
            one.msgstr, one.msgstr_plural, sorted(one.flags), one.tcomment,
            one.previous_msgid if not one.obsolete else None,  # polib skips it there
        )
        for one in polib.pofile(str(path))
    }  # fmt: skip


def test_the_file_holds_one_of_everything(reviewed: Project) -> None:
    states = {one.msgid: one.state for one in reviewed.catalog()}
    assert {states[msgid] for msgid in (BODY[0], BODY[2], BODY[3])} == {State.APPROVED, State.EDITED, State.MACHINE}
    text = reviewed.po.read_text("utf-8")
    for part in (
        "# waive: 大森町",
        f'#| msgid "{BODY[4]}"',
        "# yakubun: was: ",
        f'#~ msgid "{BODY[5]}"',
        OWN,
        "# mt: ",
    ):
        assert part in text


TOOLS = {
    "msgcat": ["msgcat"],
    "msgcat without wrapping": ["msgcat", "--no-wrap"],
    "msgcat in narrow lines": ["msgcat", "--width=20", "--indent"],
    "msgcat sorted": ["msgcat", "--sort-output"],
    "msgattrib": ["msgattrib"],
    "msgconv": ["msgconv", "--to-code=UTF-8"],
    "msguniq": ["msguniq"],
}


@pytest.mark.parametrize("words", TOOLS.values(), ids=TOOLS)
def test_a_tool_that_rewrites_the_file_loses_nothing(reviewed: Project, words: list[str]) -> None:
    before, english = content(reviewed.po), reviewed.po.read_bytes()
    reviewed.write(reviewed.po, gettext(*words, reviewed.po))
    gettext("msgfmt", "--check", "-o", "/dev/null", reviewed.po)
    assert content(reviewed.po) == before
    reviewed.write(reviewed.article, "\n" + reviewed.article.read_text("utf-8"))  # so that we write it, too
    reviewed.translate(opener=never, template=True)
    assert content(reviewed.po) == before
    reviewed.write(reviewed.article, reviewed.article.read_text("utf-8")[1:])
    reviewed.translate(opener=never, template=True)
    assert reviewed.po.read_bytes() == english


@pytest.mark.parametrize("flags", [[], ["--previous"], ["--no-fuzzy-matching"], ["--no-wrap", "--sort-output"]])
def test_msgmerge_loses_nothing(reviewed: Project, flags: list[str]) -> None:
    before = content(reviewed.po)
    reviewed.write(reviewed.po, gettext("msgmerge", "--quiet", *flags, reviewed.po, POT))
    gettext("msgfmt", "--check", "-o", "/dev/null", reviewed.po)
    reviewed.translate(opener=never)  # msgmerge forgets previous msgids unless told otherwise; we write them again
    # An entry that is not in the template becomes obsolete: msgmerge knows no entries of people's own.
    assert {key[:2]: value for key, value in content(reviewed.po).items()} == {
        key[:2]: value for key, value in before.items()
    }


def test_what_msgmerge_matches_fuzzily_counts_as_a_persons(reviewed: Project) -> None:
    text = reviewed.article.read_text("utf-8").replace(BODY[0], BODY[0].replace("3月4日", "3月5日"))
    reviewed.write(reviewed.article, text)
    bare = reviewed.root / "bare"
    reviewed.translate(template=True, locales=bare)
    reviewed.write(reviewed.po, gettext("msgmerge", "--quiet", "--previous", reviewed.po, bare / "cape.pot"))
    reviewed.translate(opener=never, retranslate=False)
    found = reviewed.catalog().entry(BODY[0].replace("3月4日", "3月5日"))
    assert found is not None
    assert (found.msgstr, found.state) == ("The light of Misaki went out\non March 4.", State.EDITED)
    assert found.previous == BODY[0]


def test_msgattrib_can_choose_by_what_we_write(reviewed: Project) -> None:
    fuzzy = {one.msgid for one in reviewed.catalog() if one.state is not State.APPROVED}
    reviewed.write("fuzzy.po", gettext("msgattrib", "--only-fuzzy", "--no-obsolete", reviewed.po))
    assert {one.msgid for one in Catalog.read(Path("fuzzy.po"))} == fuzzy
    reviewed.write("gone.po", gettext("msgattrib", "--only-obsolete", reviewed.po))
    assert {one.msgid for one in Catalog.read(Path("gone.po")).obsolete} == {BODY[4], BODY[5]}


def test_clearing_fuzzy_with_msgattrib_approves_and_ends_what_entries_were(reviewed: Project) -> None:
    english = reviewed.english()
    reviewed.write(reviewed.po, gettext("msgattrib", "--clear-fuzzy", "--clear-previous", reviewed.po))
    reviewed.translate(opener=never)
    assert {one.state for one in reviewed.catalog()} == {State.APPROVED}
    assert reviewed.english() == english
    assert "# yakubun: was: " not in reviewed.po.read_text("utf-8")
