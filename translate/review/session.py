"""What people did at this desk: the ground for undo, and for the history of a segment."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from translate._message import Message

MOST = 5000
"""Actions that are remembered; git and the journal hold what is older."""


@dataclass(frozen=True, slots=True)
class Action:
    """One action on one entry.

    Attributes:
        key: The article.
        actor: Who did it.
        what: What it was, in a word or two.
        before: The entry before.
        after: The entry after.
        time: When (ISO 8601, UTC).
    """

    key: str
    actor: str
    what: str
    before: Message
    after: Message
    time: str


class Session:
    """The actions at this desk since it was opened. Several threads may use it."""

    def __init__(self) -> None:
        """Begin with nothing done."""
        self._lock = Lock()
        self._all: deque[Action] = deque(maxlen=MOST)
        self._undoable: dict[tuple[str, str], list[Action]] = defaultdict(list)

    def note(self, key: str, actor: str, what: str, before: Message, after: Message, *, undoable: bool = True) -> None:
        """Write down an action."""
        time = datetime.now(UTC).isoformat(timespec="seconds")
        action = Action(key, actor, what, before, after, time)
        with self._lock:
            self._all.append(action)
            if undoable:
                stack = self._undoable[key, actor]
                stack.append(action)
                del stack[:-MOST]

    def last(self, key: str, actor: str) -> Action | None:
        """Return the latest action of somebody on an article that can be undone, or None."""
        with self._lock:
            stack = self._undoable.get((key, actor))
            return stack[-1] if stack else None

    def drop(self, action: Action) -> None:
        """Take an action off what can be undone."""
        with self._lock:
            stack = self._undoable.get((action.key, action.actor), [])
            if stack and stack[-1] is action:
                stack.pop()

    def of(self, key: str, msgid: str) -> Iterator[Action]:
        """Yield the actions on a segment, the latest first."""
        with self._lock:
            actions = [one for one in self._all if one.key == key and one.after.msgid == msgid]
        yield from reversed(actions)
