"""What a PO file holds: its header and its entries, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass
class Message:
    """One entry of a PO file; the lists and names are gettext's."""

    msgid: str
    msgstr: str = ""
    msgctxt: str | None = None
    msgid_plural: str = ""
    msgstr_plural: dict[int, str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    extracted: list[str] = field(default_factory=list)
    occurrences: list[tuple[str, int]] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    previous: dict[str, str] = field(default_factory=dict)
    obsolete: bool = False
    line: int = field(default=0, compare=False)

    def copy(self) -> Message:
        """Return a message that shares nothing with this one."""
        return Message(  # dataclasses.replace takes three times as long, and a book has many entries
            self.msgid,
            self.msgstr,
            self.msgctxt,
            self.msgid_plural,
            dict(self.msgstr_plural),
            list(self.comments),
            list(self.extracted),
            list(self.occurrences),
            list(self.flags),
            dict(self.previous),
            self.obsolete,
            self.line,
        )


@dataclass
class PoFile:
    """A PO file: its header, its entries in order, and the comments around them."""

    headers: dict[str, str] = field(default_factory=dict)
    header_comments: list[str] = field(default_factory=list)
    header_flags: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    trailing: list[str] = field(default_factory=list)
    newline: str = "\n"

    def copy(self) -> PoFile:
        """Return a file that shares nothing with this one."""
        return replace(
            self,
            headers=dict(self.headers),
            header_comments=list(self.header_comments),
            header_flags=list(self.header_flags),
            trailing=list(self.trailing),
            messages=[message.copy() for message in self.messages],
        )

    def is_same(self, other: PoFile) -> bool:
        """Tell whether both are written alike, in a fraction of the time that writing them takes."""
        return self._content() == other._content()

    def _content(self) -> tuple[object, ...]:
        live = [message for message in self.messages if not message.obsolete]
        gone = [message for message in self.messages if message.obsolete]
        around = (self.header_comments, self.header_flags, self.trailing, self.newline)
        return list(self.headers.items()), live, gone, around
