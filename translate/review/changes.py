"""What a page can ask of the desk in JSON: one function each, and one dict of their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException

from translate.errors import YakubunError
from translate.publishing import Fuzzy
from translate.review import segments, views
from translate.review.desk import Desk
from translate.review.html import progress
from translate.review.outcomes import Conflict, Outcome, Refused, Saved, TermRefused
from translate.review.presence import Presence

LONGEST_TEXT = 20_000
"""Characters of an English text."""
LONGEST_NAME = 1000
"""Characters of any other value."""
MOST_ROWS = 20_000
"""Rows of a page that are compared."""


@dataclass(frozen=True)
class Bench:
    """What the handlers work with."""

    desk: Desk
    presence: Presence

    def warm(self, stop: Callable[[], bool]) -> None:
        """Work out what the pages will ask for, article by article, until ``stop`` says so."""
        self.desk.warm(stop)
        for article in self.desk.articles():
            if stop():
                return
            if not article.problem:
                with suppress(YakubunError):  # it changed meanwhile: whoever opens it is told
                    views.prepare(self.desk.open(article.key))


class Body:
    """A request's JSON object; a value that is missing, of another type or too long is an error of the request."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def text(self, name: str, longest: int = LONGEST_NAME, *, default: str | None = None) -> str:
        """Return a string.

        Raises:
            HTTPException: It is none, or too long.
        """
        value = self._values.get(name, default)
        if not isinstance(value, str):
            raise HTTPException(400, f"{name}: a text is missing.")
        if len(value) > longest:
            raise HTTPException(400, f"{name}: longer than {longest:,} characters; shorten it.")
        if any("\ud800" <= one <= "\udfff" for one in value):
            raise HTTPException(
                400, f"{name}: holds half a character, which no file can hold; delete and type it again."
            )
        return value

    def flag(self, name: str) -> bool:
        """Return a truth value, False if it is missing."""
        return self._values.get(name) is True

    def versions(self) -> dict[str, str]:
        """Return the segments of a page with their versions."""
        value = self._values.get("versions")
        if not isinstance(value, dict) or len(value) > MOST_ROWS:
            raise HTTPException(400, "versions: the segments of the page are missing.")
        return {str(name): str(version) for name, version in value.items()}


Handler = Callable[[Bench, str, Body, str], dict[str, Any]]


def _outcome(bench: Bench, key: str, outcome: Outcome) -> dict[str, Any]:
    answer: dict[str, Any]
    if isinstance(outcome, Saved):
        answer = {
            "outcome": "saved",
            "row": segments.row_html(outcome.row),
            "note": outcome.note,
            "also": [segments.row_html(row) for row in outcome.also],
        }
    elif isinstance(outcome, Refused):
        answer = {"outcome": "refused", "why": outcome.why, "kept": outcome.kept, "busy": outcome.busy}
        if outcome.row is not None:
            answer["row"] = segments.row_html(outcome.row)
    else:
        answer = _conflict(outcome)
    return {**answer, "progress": _progress(bench, key)}


def _conflict(outcome: Conflict) -> dict[str, Any]:
    theirs, mine = segments.versus(outcome.theirs.english, outcome.mine)
    return {
        "outcome": "conflict",
        "row": segments.row_html(outcome.theirs),
        "mine": outcome.mine,
        "version": outcome.theirs.version,
        "theirs_html": theirs,
        "mine_html": mine,
    }


def _progress(bench: Bench, key: str) -> str:
    return progress(dict(bench.desk.open(key).article.states))


def _save(bench: Bench, key: str, body: Body, actor: str) -> dict[str, Any]:
    outcome = bench.desk.save(
        key,
        body.text("id"),
        body.text("version"),
        body.text("english", LONGEST_TEXT),
        approve=body.flag("approve"),
        actor=actor,
    )
    return _outcome(bench, key, outcome)


def _reject(bench: Bench, key: str, body: Body, actor: str) -> dict[str, Any]:
    return _outcome(bench, key, bench.desk.reject(key, body.text("id"), body.text("version"), actor=actor))


def _unapprove(bench: Bench, key: str, body: Body, actor: str) -> dict[str, Any]:
    return _outcome(bench, key, bench.desk.unapprove(key, body.text("id"), body.text("version"), actor=actor))


def _undo(bench: Bench, key: str, _body: Body, actor: str) -> dict[str, Any]:
    return _outcome(bench, key, bench.desk.undo(key, actor=actor))


def _waive(bench: Bench, key: str, body: Body, actor: str) -> dict[str, Any]:
    subject, reason = body.text("subject"), body.text("reason")
    outcome = bench.desk.waive(key, body.text("id"), body.text("version"), subject, reason, actor=actor)
    return _outcome(bench, key, outcome)


def _check(bench: Bench, key: str, body: Body, _actor: str) -> dict[str, Any]:
    found, uses = bench.desk.check(key, body.text("id"), body.text("english", LONGEST_TEXT))
    return {"findings": segments.findings(found), "fates": [use.fate for use in uses]}


def _sync(bench: Bench, key: str, body: Body, actor: str) -> dict[str, Any]:
    others = bench.presence.tell(body.text("page", 100), key, actor, body.text("editing", default=""))
    return {
        "stamp": bench.desk.stamp(key),
        "others": {
            name: "open in another tab of yours" if other == actor else "being edited elsewhere"
            for name, other in others.items()
        },
    }


def _compare(bench: Bench, key: str, body: Body, _actor: str) -> dict[str, Any]:
    shown = body.versions()
    sheet = bench.desk.open(key)
    rows = {row.id: row for row in sheet.rows}
    return {
        "stamp": sheet.stamp,
        "rows": [segments.row_html(row) for row in rows.values() if shown.get(row.id, row.version) != row.version],
        "other": rows.keys() != shown.keys(),
        "progress": progress(dict(sheet.article.states)),
    }


def _touched(bench: Bench, key: str, body: Body, _actor: str) -> dict[str, Any]:
    found = bench.desk.touched_by(body.text("source"), body.text("target"), mode=body.text("mode"))
    return {"html": segments.touched(found, key)}


def _term(bench: Bench, key: str, body: Body, actor: str) -> dict[str, Any]:
    outcome = bench.desk.add_term(
        body.text("source"),
        body.text("target"),
        kind=body.text("kind"),
        mode=body.text("mode"),
        note=body.text("note"),
        create=body.flag("create"),
        actor=actor,
    )
    if isinstance(outcome, TermRefused):
        return {"outcome": "refused", "why": outcome.why, "offer": outcome.offer.name if outcome.offer else ""}
    ours = {one.id for one in outcome.touched if one.key == key}
    others = len(outcome.touched) - len(ours)
    where = f"The term stands in {outcome.path.name}, line {outcome.line}."
    said = f"{where} It touches {len(ours)} segments here, {others} elsewhere."
    return {
        "outcome": "saved",
        "rows": [segments.row_html(row) for row in bench.desk.open(key).rows if row.id in ours],
        "said": " ".join(filter(None, (said, outcome.note))),
    }


def _publish(bench: Bench, key: str, body: Body, _actor: str) -> dict[str, Any]:
    fuzzy = body.text("fuzzy")
    if fuzzy not in {str(one) for one in Fuzzy}:
        raise HTTPException(400, "fuzzy: fail, include or source.")
    outcome = bench.desk.publish(key, fuzzy=Fuzzy(fuzzy))
    return {
        "outcome": "saved" if outcome.path else "refused",
        "why": outcome.why,
        "path": str(outcome.path or ""),
        "unapproved": list(outcome.unapproved),
        "untranslated": outcome.untranslated,
    }


CHANGES: dict[str, Handler] = {
    "check": _check,
    "compare": _compare,
    "publish": _publish,
    "reject": _reject,
    "save": _save,
    "sync": _sync,
    "term": _term,
    "touched": _touched,
    "unapprove": _unapprove,
    "undo": _undo,
    "waive": _waive,
}
