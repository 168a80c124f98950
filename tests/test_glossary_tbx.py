"""TBX files as other programs write them are read, dangerous ones are refused."""

from pathlib import Path

import pytest
from test_glossary_formats import back, outcome

from translate.errors import GlossaryError
from translate.glossary import Term
from translate.glossary_formats import read, render

DCT = """<?xml version="1.0"?>
<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
  xmlns:basic="http://www.tbxinfo.net/ns/basic" xmlns:min="http://www.tbxinfo.net/ns/min">
<tbxHeader><fileDesc><sourceDesc><p>made by hand</p></sourceDesc></fileDesc></tbxHeader><text><body>
<conceptEntry id="1"><min:subjectField>harbours</min:subjectField><basic:definition>where ships lie</basic:definition>
 <langSec xml:lang="en-US"><termSec><term>haven</term></termSec>
  <termSec><term>port</term><min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus></termSec>
  <termSec><term>dock</term><min:administrativeStatus>deprecatedTerm-admn-sts</min:administrativeStatus></termSec>
 </langSec>
 <langSec xml:lang="ja"><termSec><term>港</term><min:partOfSpeech>noun</min:partOfSpeech></termSec></langSec>
</conceptEntry>
<conceptEntry id="2"><langSec xml:lang="de"><termSec><term>Hafen</term></termSec></langSec></conceptEntry>
</body></text></tbx>"""
MARTIF = """<?xml version="1.0"?>
<!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">
<martif type="TBX-Basic" xml:lang="en"><text><body>
<termEntry id="1"><langSet xml:lang="ja"><ntig><termGrp><term>港</term></termGrp></ntig></langSet>
<langSet xml:lang="en"><tig><term>port</term></tig><tig><term>dock</term>
<termNote type="administrativeStatus">supersededTerm-admn-sts</termNote></tig></langSet><note>of old</note></termEntry>
</body></text></martif>"""


def test_tbx_in_dct_style_is_read_and_what_is_not_is_named(tmp_path: Path) -> None:
    terms, losses = back(tmp_path, DCT.encode(), "tbx")

    assert terms == [Term("港", "port", variants=("haven",), forbidden=("dock",))]
    assert losses == {
        "definition: left out": 1,
        "partOfSpeech: left out": 1,
        "subjectField: left out": 1,
        "concepts without Japanese: left out": 1,
    }


def test_tbx_of_2008_is_read(tmp_path: Path) -> None:
    terms, losses = back(tmp_path, MARTIF.encode(), "tbx")

    assert (terms, losses) == ([Term("港", "port", forbidden=("dock",), note="of old")], {})


def test_a_concept_without_english_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "g.tbx"
    path.write_text(
        "<tbx><text><body>\n<conceptEntry>\n<langSec xml:lang='ja'><termSec><term>港</term></termSec></langSec>"
        "</conceptEntry></body></text></tbx>",
        encoding="utf-8",
    )

    (problem,) = read(path, "tbx")[0].problems

    assert (problem.where, "has no target" in problem.message) == (f"{path}:2", True)


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]><tbx>&b;</tbx>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><tbx>&b;</tbx>',
        '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><tbx>&b;</tbx>',
        "<tbx>&nbsp;</tbx>",
        "<tbx><text>",
        "<html/>",
    ],
    ids=["entity", "outside file", "nested entities", "undeclared entity", "torn file", "another format"],
)
def test_dangerous_or_foreign_xml_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "g.tbx"
    path.write_text(text, encoding="utf-8")
    problems, terms = outcome(path, "tbx")

    assert [problem.startswith(str(path)) for problem in problems] == [True]
    assert terms == []


@pytest.mark.parametrize("character", ["\x0b", "\ufffe", "\ud800"])
def test_what_xml_cannot_hold_is_an_error_that_names_the_entry(character: str) -> None:
    with pytest.raises(GlossaryError, match=r"g\.csv:7.*take it out"):
        render([Term("港", "port", note=f"a{character}b", origin="g.csv:7")], "tbx")


def test_an_empty_glossary_comes_back_empty(tmp_path: Path) -> None:
    rendered, _ = render([], "tbx")
    assert back(tmp_path, rendered, "tbx") == ([], {})
