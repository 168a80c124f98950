"""The gettext template of an article: what tools need to start or update a translation, and nobody's English."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from cape import ARTICLE, BODY, SEGMENTS, Project

from translate.catalog import Catalog
from translate.cli import main

POT = Path("locales/cape.pot")
needs_gettext = pytest.mark.skipif(not shutil.which("msgfmt"), reason="needs GNU gettext: apt-get install gettext")


def gettext(*words: str | Path) -> str:
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_template_has_the_texts_in_reading_order_with_their_comments(project: Project) -> None:
    project.translate(template=True)
    po, pot = project.catalog(), Catalog.read(POT)
    assert [(one.msgid, one.extracted, one.occurrences) for one in pot] == [
        (one.msgid, one.extracted, one.occurrences) for one in po
    ]
    assert len(pot) == SEGMENTS
    assert not any(one.msgstr or one.notes or one.provenance for one in pot)
    text = POT.read_text("utf-8")
    assert text.startswith('#, fuzzy\nmsgid ""\nmsgstr ""\n"Project-Id-Version: yakubun\\n"\n')
    assert pot.headers["POT-Creation-Date"] == po.headers["POT-Creation-Date"]
    assert pot.headers["PO-Revision-Date"] == "YEAR-MO-DA HO:MI+ZONE"
    assert pot.headers["Content-Type"] == "text/plain; charset=UTF-8"
    assert pot.headers["X-Source-Path"] == "articles/ja/cape.txt"


def test_nobodys_work_and_no_obsolete_text_is_in_it(project: Project) -> None:
    project.translate(template=True)
    project.review({BODY[0]: "By a person."}, note="ask Aya")
    project.write(project.article, ARTICLE.replace(BODY[2], ""))
    project.translate(template=True)
    text = POT.read_text("utf-8")
    assert "#~" not in text
    assert "ask Aya" not in text
    assert BODY[2] not in text
    assert len(Catalog.read(POT)) == SEGMENTS - 1


def test_no_date_changes_while_the_texts_do_not(project: Project) -> None:
    project.translate(template=True)
    before = POT.read_bytes()
    project.approve_all()
    project.translate(template=True)
    assert POT.read_bytes() == before


def test_a_template_is_written_only_if_asked_for(project: Project) -> None:
    words = ["translate", str(project.article), "--engine", "fake", "--glossary", "terms.csv"]
    assert main(words) == 0
    assert not POT.exists()
    assert main([*words, "--pot", "--check"]) == 3
    assert not POT.exists()
    assert main([*words, "--pot"]) == 0
    assert POT.exists()
    assert main([*words, "--pot", "--check"]) == 0
    POT.unlink()
    project.write("yakubun.toml", "pot = true\n")
    assert main(words) == 0
    assert POT.exists()


def test_two_articles_of_one_name_have_two_templates(project: Project) -> None:
    other = project.write("articles/ja/old/cape.txt", f"{BODY[3]}\n")
    project.translate(template=True)
    project.translate(other, template=True)
    assert len(list(Path("locales").glob("cape*.pot"))) == 2


@needs_gettext
def test_gettext_starts_a_translation_from_it(project: Project) -> None:
    project.translate(template=True)
    gettext("msginit", "--no-translator", "--locale=fr", "--input", POT, "--output-file", "fr.po")
    gettext("msgfmt", "--check", "-o", "/dev/null", "fr.po")
    assert {one.msgid for one in Catalog.read(Path("fr.po"))} == set(project.english())


@needs_gettext
def test_msgmerge_with_it_changes_nothing_that_anybody_wrote(project: Project) -> None:
    project.translate(template=True)
    project.review({BODY[0]: "By a person."}, note="waive: 岬町: in the title")
    before = {one.msgid: (one.msgstr, one.state, one.notes, one.provenance) for one in project.catalog()}
    gettext("msgmerge", "--quiet", "--no-wrap", "--update", "--backup=none", project.po, POT)
    assert {one.msgid: (one.msgstr, one.state, one.notes, one.provenance) for one in project.catalog()} == before
