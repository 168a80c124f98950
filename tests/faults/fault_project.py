"""The small project that the harnesses break: articles, glossary, reviewed files, and one scenario for each command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fault_server import Server

from translate._human import write_human
from translate.catalog import Catalog, State

PEOPLE = ("岬町", "大森町", "浜田さん", "灯台守", "港長", "船大工", "漁協", "町役場")
DEEDS = (
    "{who}は{n}日、{m}通の手紙を読んだ。",
    "{who}の話では、港に戻った船は{n}隻だった。",
    "霧の朝、{who}は鐘を{n}回鳴らした。",
    "「{m}年ぶりの大潮だ」と{who}は言った。",
    "{who}は倉庫の屋根を{n}枚張り替え、残りは{m}枚になった。",
    "祭りには{n}人が集まり、{who}が太鼓を打った。",
)
TERMS = """source,target,aliases,variants,forbidden,kind,mode,case,note
岬町,Misaki,,,,place,hard,,
灯台守,lighthouse keeper,,keeper of the light,,office,hard,,
大森町,Ōmori,,,,place,hard,,
漁協,fishing cooperative,,,,org,soft,,
"""
CONFIGURATION = 'engine = "counted"\nglossaries = ["terms.csv"]\nnumbers = false\n'
PO = "locales/en/LC_MESSAGES"


def sentence(number: int) -> str:
    """Return a sentence of the harbour's chronicle; no two numbers make the same one."""
    return DEEDS[number % len(DEEDS)].format(who=PEOPLE[number % len(PEOPLE)], n=number + 2, m=number * 7 % 90 + 3)


def numbered(number: int) -> str:
    """Return a sentence of a chronicle without end, with its number in it."""
    who, deed = PEOPLE[number % len(PEOPLE)], DEEDS[number // len(PEOPLE) % len(DEEDS)]
    return deed.format(who=who, n=number + 2, m=number % 97 + 3)


def paragraphs(first: int, last: int) -> str:
    """Return paragraphs of three sentences."""
    lines = [sentence(number) for number in range(first, last)]
    return "\n\n".join("".join(lines[at : at + 3]) for at in range(0, len(lines), 3))


ARTICLES = {
    "articles/ja/harbour.txt": f"岬の港の一年\n\n{paragraphs(0, 58)}\n",
    "articles/ja/ferry.md": f"# 渡し船の日誌\n\n**大森町**から{sentence(200)}\n\n{paragraphs(201, 213)}\n",
    "articles/ja/market.html": "<!DOCTYPE html><html lang=ja><head><title>朝市</title></head>\n"
    "<body><article><h1>朝市の再開</h1>\n"
    + "".join(f"<p>{sentence(number)}<b>{sentence(number + 1)}</b></p>\n" for number in range(300, 312, 2))
    + "</article></body></html>\n",
}
TRANSLATE = ("translate", *ARTICLES)


@dataclass(frozen=True)
class Scenario:
    """A command to disturb.

    Attributes:
        words: The command line.
        prepare: Makes the folder in which it runs, which is then copied for each trial.
        pause: Seconds that the engine takes for a segment, so that moments of a kill spread over the translation.
        repeats: Whether each run adds to its result, as ``score`` does to its ledger.
    """

    words: tuple[str, ...]
    prepare: Callable[[Path, Server], None]
    pause: float = 0.0
    repeats: bool = False


def write(folder: Path, name: str, text: str) -> None:
    """Write a file of the project."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def review(folder: Path, stem: str, *, every: int = 2) -> None:
    """Do what a person does: approve, correct and approve, or edit without approving, entry by entry in turn."""
    path = folder / PO / f"{stem}.po"
    catalog = Catalog.read(path)
    for number, entry in enumerate([one for one in catalog if one.state is State.MACHINE]):
        if number % every == 0:
            english = entry.msgstr if number % 4 == 0 else f"By hand: {entry.msgstr}"
            write_human(catalog, entry.msgid, english, approved=number % 6 != 0)
    catalog.write(path)


def fresh(folder: Path, _server: Server | None = None) -> None:
    """Make the project as it is before the first run."""
    for name, text in ARTICLES.items():
        write(folder, name, text)
    write(folder, "terms.csv", TERMS)
    write(folder, "yakubun.toml", CONFIGURATION)
    (folder / ".git").mkdir()  # the search for a configuration ends here


def reviewed(folder: Path, server: Server) -> None:
    """Make a project that was translated and half reviewed."""
    fresh(folder, server)
    server.run(TRANSLATE, folder).require(0)
    for name in ARTICLES:
        review(folder, Path(name).stem)


def edited(folder: Path, server: Server) -> None:
    """Make one whose articles and glossary have changed since: new, edited, gone and returning sentences."""
    reviewed(folder, server)
    for name, text in ARTICLES.items():
        lines = text.replace("太鼓を打った", "太鼓と笛を鳴らした").replace("霧の朝、", "")
        write(folder, name, lines.replace(sentence(9), sentence(900)).replace(sentence(308), ""))
    write(folder, "terms.csv", TERMS.replace("lighthouse keeper,,keeper of the light", "keeper of the lighthouse,,"))


def remembered(folder: Path, server: Server) -> None:
    """Make one with a memory: an article that shares half its sentences with approved ones, and imported units."""
    reviewed(folder, server)
    units = "".join(f"{sentence(number)},From the memory {number}.\n" for number in range(640, 646))
    write(folder, "old.csv", "source,target\n" + units)
    write(folder, "articles/ja/second.txt", f"岬の港の二年目\n\n{paragraphs(20, 44)}\n\n{paragraphs(636, 650)}\n")


def approved(folder: Path, server: Server) -> None:
    """Make one that is approved throughout and was published before the last corrections."""
    fresh(folder, server)
    server.run(TRANSLATE, folder).require(0)
    files = [f"{PO}/{Path(name).stem}.po" for name in ARTICLES]
    server.run(("publish", *files, "--fuzzy", "include"), folder).require(0)
    for name in files:
        catalog = Catalog.read(folder / name)
        for entry in list(catalog):
            write_human(catalog, entry.msgid, f"{entry.msgstr.rstrip('.')} indeed.", approved=True)
        catalog.write(folder / name)


def scored(folder: Path, server: Server) -> None:
    """Make one with references and a ledger of one run."""
    reviewed(folder, server)
    for name in ("harbour", "ferry"):
        text = (folder / PO / f"{name}.po").read_text("utf-8").replace("#, fuzzy\n", "")
        write(folder, f"references/{name}.po", text)
    server.run(SCORE, folder).require(0)


def exported(folder: Path, server: Server) -> None:
    """Make one whose PO files were edited in a CAT tool, by way of CSV."""
    reviewed(folder, server)
    for stem in ("harbour", "ferry"):
        server.run(("exchange", "export", f"{PO}/{stem}.po", "--output", f"{stem}.csv"), folder).require(0)
        text = (folder / f"{stem}.csv").read_text("utf-8")
        write(folder, f"{stem}.csv", text.replace("Bafo", "Cafe").replace(".", "!", 40))


PUBLISH = ("publish", *(f"{PO}/{Path(name).stem}.po" for name in ARTICLES), "--bilingual")
SCORE = (
    *("score", "--po", f"{PO}/harbour.po", f"{PO}/ferry.po"),
    *("--reference", "references/harbour.po", "references/ferry.po", "--ledger", "scores/ledger.jsonl"),
)
SCENARIOS: dict[str, Scenario] = {
    "translate": Scenario((*TRANSLATE, "--publish", "drafts", "--pot"), fresh, pause=0.002),
    "update": Scenario(TRANSLATE, edited, pause=0.002),
    "memory": Scenario(("translate", "articles/ja/second.txt", "--trust-memory"), remembered, pause=0.002),
    "memory-import": Scenario(("memory", "import", "old.csv"), remembered),
    "publish": Scenario(PUBLISH, approved),
    "score": Scenario(SCORE, scored, repeats=True),
    "exchange": Scenario(("exchange", "import", "harbour.csv", "ferry.csv"), exported),
    "review": Scenario(("desk",), reviewed),
    "waive": Scenario(
        ("waive", f"{PO}/harbour.po", sentence(0), "岬町", "--reason", "the town is named above"), reviewed
    ),
}
