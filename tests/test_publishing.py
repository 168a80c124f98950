"""Publishing: the article's structure in English, and nothing unapproved without being asked for."""

from __future__ import annotations

import pytest
from cape import ARTICLE, BODY, BOILERPLATE, HEADINGS, TERMS, TITLE, Project

from translate.cli import main
from translate.errors import CatalogError
from translate.glossary import Glossary, Kind, Term
from translate.housestyle import HouseStyle
from translate.pipeline import read_article
from translate.publishing import Fuzzy, Published, publish

ENGLISH = {
    TITLE: "Lighthouse on the Coast Faces Repairs After a Century",
    HEADINGS[0]: "The light that went out",
    HEADINGS[1]: "Those who ring the bell",
    HEADINGS[2]: "Next Spring in Misaki",
    BODY[0]: "The light of Misaki's lighthouse went out on March 4.",
    BODY[1]: "Lighthouse keeper Hamada says it 'went dark without a sound'.",
    BODY[2]: "Seven ships, gray in the fog, returned to port.",
    BODY[3]: "The town rang the bell to guide ships.",
    BODY[4]: "Twelve people came from Ōmori to help.",
    BODY[5]: "The repairs end in April next year.",
    BODY[6]: 'The lighthouse keeper laughed: "The flame will burn again."',
}
PUBLISHED = """Lighthouse on the coast faces repairs after a century

The light that went out
Those who ring the bell
Next spring in Misaki

The light that went out

The light of Misaki's lighthouse went out on March 4. Lighthouse keeper Hamada says it 'went dark without a sound'. \
Seven ships, gray in the fog, returned to port.

Those who ring the bell

The town rang the bell to guide ships. Twelve people came from Ōmori to help.

Next spring in Misaki

The repairs end in April next year. The lighthouse keeper laughed: "The flame will burn again."
"""


@pytest.fixture
def reviewed(project: Project) -> Project:
    project.translate()
    project.review(ENGLISH)
    return project


def published(project: Project, **options: object) -> Published:
    document = read_article(project.article, project.settings())
    return publish(document, project.catalog(), **{"glossary": project.glossary, **options})  # type: ignore[arg-type]


def text(project: Project, **options: object) -> str:
    data = published(project, **options).data
    assert data is not None
    return data.decode()


def test_an_approved_article_has_the_structure_of_its_source(reviewed: Project) -> None:
    assert text(reviewed) == PUBLISHED


@pytest.mark.parametrize("fuzzy", Fuzzy)
def test_an_approved_article_is_the_same_however_unapproved_entries_are_treated(
    reviewed: Project, fuzzy: Fuzzy
) -> None:
    result = published(reviewed, fuzzy=fuzzy)
    assert (result.data, result.unapproved, result.untranslated) == (PUBLISHED.encode(), (), ())


def test_an_unapproved_entry_forbids_publishing(project: Project) -> None:
    project.translate()
    project.review({msgid: english for msgid, english in ENGLISH.items() if msgid != BODY[3]})
    result = published(project)
    assert (result.data, [entry.msgid for entry in result.unapproved]) == (None, [BODY[3]])


def test_an_edited_but_unapproved_entry_forbids_it_too(reviewed: Project) -> None:
    reviewed.translate(retranslate=True)
    path = reviewed.po
    path.write_text(path.read_text("utf-8").replace(f'msgid "{BODY[3]}"', f'#, fuzzy\nmsgid "{BODY[3]}"'), "utf-8")
    assert [str(entry.state) for entry in published(reviewed).unapproved] == ["edited"]


def test_unapproved_entries_are_included_on_request(project: Project) -> None:
    project.translate()
    machine = project.english()[BODY[3]]
    project.review({msgid: english for msgid, english in ENGLISH.items() if msgid != BODY[3]})
    result = published(project, fuzzy=Fuzzy.INCLUDE)
    assert result.data == PUBLISHED.replace(ENGLISH[BODY[3]], machine).encode()
    assert [entry.msgid for entry in result.unapproved] == [BODY[3]]


def test_or_their_japanese_stands_in_the_article(project: Project) -> None:
    project.translate()
    project.review({msgid: english for msgid, english in ENGLISH.items() if msgid != BODY[3]})
    assert text(project, fuzzy=Fuzzy.SOURCE) == PUBLISHED.replace(ENGLISH[BODY[3]], BODY[3])


def test_what_has_no_english_stands_in_japanese_and_is_listed(project: Project) -> None:
    project.translate(engine="fake:degenerate")
    result = published(project, fuzzy=Fuzzy.INCLUDE)
    assert [entry.msgid for entry in result.untranslated] == [BODY[0], BODY[2], BODY[4], BODY[5]]
    assert result.data is not None
    assert all(msgid in result.data.decode() for msgid in (BODY[0], BODY[2], BODY[4], BODY[5]))
    assert BODY[1] not in result.data.decode()


def test_boilerplate_stays_on_request_translated_if_it_was(project: Project) -> None:
    project.translate(keep_boilerplate=True)
    project.review({**ENGLISH, BOILERPLATE: "Follow the Cape News"})
    assert text(project) == PUBLISHED
    kept = PUBLISHED.replace("to help.\n\n", "to help.\n\nFollow the Cape News\n\n")
    assert text(project, keep_boilerplate=True) == kept


def test_boilerplate_that_was_not_translated_stays_in_japanese(reviewed: Project) -> None:
    kept = PUBLISHED.replace("to help.\n\n", f"to help.\n\n{BOILERPLATE}\n\n")
    assert text(reviewed, keep_boilerplate=True) == kept


def test_the_house_style_is_applied(reviewed: Project) -> None:
    style = HouseStyle(headings="title", quotes="curly", spelling="uk")
    expected = (
        PUBLISHED.replace("Lighthouse on the coast faces repairs after a century", ENGLISH[TITLE])
        .replace("The light that went out\n", "The Light That Went Out\n")
        .replace("Those who ring the bell", "Those Who Ring the Bell")
        .replace("Next spring", "Next Spring")
        .replace("'went dark without a sound'", "‘went dark without a sound’")
        .replace("Misaki's", "Misaki’s")
        .replace('"The flame will burn again."', "“The flame will burn again.”")
        .replace("gray", "grey")
    )
    assert text(reviewed, style=style) == expected


def test_names_of_japanese_people_change_their_order_by_style(project: Project) -> None:
    people = Glossary((
        Term("浜田守", "Mamoru Hamada", kind=Kind.PERSON, note="Japanese sailor"),
        Term("ジム・ウッド", "Jim Wood", kind=Kind.PERSON, note="Japan expert"),
    ))  # fmt: skip
    project.translate()
    project.review({**ENGLISH, BODY[3]: "Mamoru Hamada met Jim Wood."})
    style = HouseStyle(names="eastern")
    assert "Hamada Mamoru met Jim Wood." in text(project, style=style, glossary=people)
    assert "Mamoru Hamada met Jim Wood." in text(project, style=style, glossary=None)


def test_windows_line_ends_and_blank_lines_stay(project: Project) -> None:
    project.write(project.article, ARTICLE.replace("\n\n", "\n\n\n").replace("\n", "\r\n"))
    project.translate()
    project.review(ENGLISH)
    data = published(project).data
    assert data is not None
    assert data.count(b"\n") == data.count(b"\r\n")
    assert data.startswith(b"Lighthouse on the coast faces repairs after a century\r\n\r\n\r\nThe light")


def test_an_article_that_changed_since_is_an_error(reviewed: Project) -> None:
    reviewed.write(reviewed.article, ARTICLE.replace(BODY[2], "船は九隻だった。"))
    with pytest.raises(CatalogError, match=r"cape\.txt: .* not in the PO file, the first is '船は九隻だった。'"):
        published(reviewed)


# The command


def test_the_command_writes_the_article_and_says_where(reviewed: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", str(reviewed.po), "--glossary", "terms.csv"]) == 0
    assert capsys.readouterr().out == "articles/en/cape.txt\n"
    assert reviewed.files()["articles/en/cape.txt"] == PUBLISHED.encode()


def test_the_command_writes_nothing_unapproved_and_exits_with_1(project: Project, capsys) -> None:
    project.translate()
    before = project.files()
    assert main(["publish", str(project.po), "--glossary", "terms.csv"]) == 1
    assert project.files() == before
    out = capsys.readouterr().out
    assert f"{project.po}: not published, 11 entries are not approved:\n" in out
    assert f"{project.po}:{next(iter(project.catalog())).line}: machine: {TITLE}\n" in out
    assert out.endswith("… and 1 more\n")


def test_the_command_exits_with_1_if_something_is_untranslated(project: Project, capsys) -> None:
    project.translate(engine="fake:degenerate")
    words = ["publish", str(project.po), "--glossary", "terms.csv", "--fuzzy", "include", "--output", "out"]
    assert main(words) == 1
    assert BODY[2] in capsys.readouterr().out
    assert "out/cape.txt" in project.files()


def test_the_style_of_the_configuration_counts(reviewed: Project) -> None:
    reviewed.write("yakubun.toml", 'glossaries = ["terms.csv"]\noutput = "out"\n[style]\nquotes = "curly"\n')
    assert main(["publish", str(reviewed.po)]) == 0
    assert "“The flame will burn again.”" in reviewed.files()["out/cape.txt"].decode()


def test_a_po_file_of_no_article_is_an_error(project: Project, capsys) -> None:
    project.write("x.po", 'msgid "a"\nmsgstr "b"\n')
    assert main(["publish", "x.po"]) == 2
    assert "x.po: has no X-Source-Path header" in capsys.readouterr().err


def test_an_article_that_is_gone_is_an_error(reviewed: Project, capsys) -> None:
    reviewed.article.unlink()
    assert main(["publish", str(reviewed.po)]) == 2
    assert "articles/ja/cape.txt: no such file" in capsys.readouterr().err


def test_the_glossary_keeps_its_capitals_in_headings(project: Project) -> None:
    project.write(project.terms, TERMS + "春,Spring,,,,term,soft,,\n")
    project.translate()
    project.review(ENGLISH)
    assert "Next Spring in Misaki" in text(project)


def test_a_stale_article_among_several_leaves_all_unwritten(reviewed: Project, capsys) -> None:
    other = reviewed.write("articles/ja/bell.txt", f"{BODY[3]}\n")
    reviewed.translate(other)
    reviewed.write(other, "鐘が鳴った。\n")
    before = reviewed.files()
    words = ["publish", str(reviewed.po), str(reviewed.po.with_name("bell.po")), "--fuzzy", "include"]
    assert main(words) == 2
    assert "bell.txt" in capsys.readouterr().err
    assert reviewed.files() == before
