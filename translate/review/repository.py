"""What git knows of one entry of a PO file; nothing in the repository, its configuration included, is trusted.

Only ``git log`` and ``git cat-file`` run, in bounded time and by way of ``translate.git``, which lets git start no
other program.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from translate import _pofile
from translate._entry import view
from translate._message import Message
from translate.errors import CatalogError
from translate.git import ask
from translate.review.outcomes import HistoryItem

MOST_COMMITS = 60
"""Commits of a PO file that are looked at, the latest first."""
SECONDS = 5.0
"""How long git may take for each of its two steps."""
_LARGEST = 64 * 2**20  # bytes of all versions together
_HEADER = 'msgid ""\nmsgstr ""\n\n'  # without one an entry's comments would be taken for the file's
_HEAD = 12  # code points of a msgid by which most other entries are ruled out


def versions(po: Path, msgid: str) -> list[HistoryItem]:
    """Return the commits that changed an entry's English or state, the latest first; none without a repository."""
    try:
        commits = _commits(po)
        texts = _texts(po, [commit[0] for commit in commits])
        return _changed(commits, [_entry(text, msgid) for text in texts])
    except subprocess.TimeoutExpired:
        return [HistoryItem("problem", "", "git", f"git took longer than {SECONDS:.0f} s; its history is left out")]
    except OSError as error:
        return [HistoryItem("problem", "", "git", f"git could not be run: {error.strerror or error}")]


def _changed(commits: list[tuple[str, str, str, str]], found: list[Message | None]) -> list[HistoryItem]:
    items: list[HistoryItem] = []
    later: HistoryItem | None = None
    for (commit, time, author, subject), message in zip(commits, found, strict=False):
        english, state = ("", "") if message is None else (view(message).msgstr, str(view(message).state))
        item = HistoryItem("git", time, author, subject, english, state, commit)
        if later is not None and (later.english, later.state) != (english, state):
            items.append(later)
        later = item if message is not None else None
    return [*items, later] if later is not None else items


def _commits(po: Path) -> list[tuple[str, str, str, str]]:
    shape = "--format=%H%x1f%aI%x1f%an%x1f%s%x1e"
    out = _git(po, "log", f"--max-count={MOST_COMMITS}", "--no-color", "--no-mailmap", shape, "--", po.name)
    records = (record.strip("\n").split("\x1f") for record in out.decode("utf-8", "replace").split("\x1e"))
    return [(fields[0], fields[1], fields[2], fields[3]) for fields in records if len(fields) == 4]


def _texts(po: Path, commits: list[str]) -> Iterator[str]:
    """Yield the PO file as each commit has it; empty where it has none."""
    if not commits:
        return
    asked = "".join(f"{commit}:./{po.name}\n" for commit in commits).encode("utf-8", "surrogateescape")
    out = _git(po, "cat-file", "--batch", given=asked)
    at = 0
    for _ in commits:
        end = out.find(b"\n", at)
        head = out[at:end].split()
        if end < 0 or len(head) < 3 or head[-2] != b"blob":
            at = end + 1
            yield ""
            if end < 0:
                return
            continue
        size = int(head[-1])
        yield out[end + 1 : end + 1 + size].decode("utf-8", "replace")
        at = end + 1 + size + 1


def _entry(text: str, msgid: str) -> Message | None:
    """Find an entry in a PO file's text; only what may be it is parsed."""
    start = msgid[:_HEAD].split("\n")[0].split('"')[0].split("\\")[0].split("\t")[0]
    for block in text.replace("\r\n", "\n").split("\n\n"):
        if start not in block or "msgid" not in block:
            continue
        try:
            messages = _pofile.parse(_HEADER + block, "git").messages
        except CatalogError:
            continue
        for message in messages:
            if message.msgid == msgid and message.msgctxt is None:
                return message
    return None


def _git(po: Path, *words: str, given: bytes = b"") -> bytes:
    """Run git in a PO file's folder; nothing comes back where it fails."""
    return (ask(po.parent, *words, seconds=SECONDS, given=given) or b"")[:_LARGEST]
