"""Let a release write its files: how the folders beside this file were made.

    git worktree add /tmp/release COMMIT
    PYTHONPATH=/tmp/release python tests/compat/record.py /tmp/release tests/compat/NAME

It works with the command line and polib only, so that it runs any release: translates two small articles, reviews them
as a person does, edits one, and where the release has them leaves a waiver, a memory, an exchange file and a ledger.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

KITE = """凧揚げ大会、三年ぶりに

浜風の朝

砂丘の上に40張の凧が並んだ。凧職人の水野さんは「糸の鳴る音がいい」と話す。風は昼すぎに止んだ。

子どもたちの手

小学校の児童は自分で骨を削った。最も高く揚がった凧は210メートルに達した。見物客は1200人を数えた。水野さんは静かにうなずいた。
"""
LAMP = """提灯の灯り

町内会は提灯を作り直した。紙は和紙を使う。灯りは夜明けまで消えない。
"""
TERMS = """source,target,aliases,variants,forbidden,kind,mode,case,note
水野,Mizuno,,,,person,hard,,
凧,kite,,,,term,hard,,
提灯,paper lantern,,,,term,soft,,
"""
PO = Path("locales/en/LC_MESSAGES")


def main() -> None:
    """Record a release."""
    release, target = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        os.environ["YAKUBUN_CACHE"] = str(Path(name) / "cache")
        _record(release)
        shutil.rmtree("cache", ignore_errors=True)
        shutil.copytree(name, target)
    print(*sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()), sep="\n")


def _record(release: Path) -> None:
    def run(*words: str) -> None:
        done = subprocess.run(
            [sys.executable, str(release / "run_translation.py"), *words], capture_output=True, text=True, check=False
        )
        if done.returncode not in (0, 1):
            raise SystemExit(f"{words}: exit {done.returncode}: {done.stderr}")

    help_text = subprocess.run(
        [sys.executable, str(release / "run_translation.py"), "--help"], capture_output=True, text=True, check=True
    ).stdout
    for path, text in {"articles/ja/kite.txt": KITE, "articles/ja/lamp.txt": LAMP, "terms.csv": TERMS}.items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text, "utf-8")
    Path("yakubun.toml").write_text('glossaries = ["terms.csv"]\nengine = "fake"\n', "utf-8")
    articles = ["articles/ja/kite.txt", "articles/ja/lamp.txt"]
    run("translate", *articles)
    _review()
    Path(articles[0]).write_text(KITE.replace("風は昼すぎに止んだ。", "風は夕方に止んだ。"), "utf-8")
    run("translate", *articles)
    if "\n    memory " in help_text:
        Path("old.csv").write_text("source,target\n風は夜に止んだ。,The wind dropped at night.\n", "utf-8")
        run("memory", "import", "old.csv")
        run("exchange", "export", f"{PO}/kite.po", "--output", "kite.xlf")
        run("waive", f"{PO}/lamp.po", "紙は和紙を使う。", "numbers", "--reason", "no number there")
        score = ("score", "--po", f"{PO}/kite.po", "--reference", "reference.po")
        Path("reference.po").write_text((PO / "kite.po").read_text("utf-8").replace("#, fuzzy\n", ""), "utf-8")
        run(*score, "--ledger", "scores/ledger.jsonl")
    Path("release.json").write_text(json.dumps(_facts(release), indent=1) + "\n", "utf-8")


def _review() -> None:
    """Approve, correct and approve, and edit without approving, as a PO editor does."""
    file = polib.pofile(str(PO / "kite.po"), wrapwidth=0)
    for start, english, approve in (
        ("凧揚げ", "Kite festival returns after three years", True),
        ("砂丘", "Forty kites stood in line on the dune.", True),
        ("凧職人", "", True),
        ("風は昼", "The wind died down in the early afternoon.", True),
        ("小学校", "The pupils carved their own frames, so far as I see.", False),
    ):
        (entry,) = [one for one in file if one.msgid.startswith(start)]
        entry.msgstr = english or entry.msgstr
        if approve:
            entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    file.save(str(PO / "kite.po"))


def _facts(release: Path) -> dict[str, object]:
    """Return version, commit, and where the release would keep its built model."""
    code = (
        "import json, hashlib, translate\n"
        "from translate.engines import embedded_model as model\n"
        "folder = model.adapter_folder('')\n"
        "recipe = json.dumps([model.BUILDER, model.BASE_SHA256, 'int8', model.check_inputs(folder)], sort_keys=True)\n"
        "name = f'{folder.resolve().name}-int8-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}'\n"
        "print(json.dumps({'version': translate.__version__, 'builder': model.BUILDER, 'model': name}))"
    )
    found = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    commit = subprocess.run(
        ["git", "-C", str(release), "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    return {**found, "commit": commit}


if __name__ == "__main__":
    main()
