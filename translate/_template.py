"""The gettext template (POT) of an article: its texts without anybody's English, for tools that want one."""

from __future__ import annotations

from translate._message import Message, PoFile

_TAKEN_OVER = ("Project-Id-Version", "Report-Msgid-Bugs-To", "POT-Creation-Date")
_SOURCE = ("X-Source-Path", "X-Source-Sha256", "X-Source-Language")
_UNSET = {
    "PO-Revision-Date": "YEAR-MO-DA HO:MI+ZONE",
    "Last-Translator": "FULL NAME <EMAIL@ADDRESS>",
    "Language-Team": "LANGUAGE <LL@li.org>",
    "Language": "",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}


def template(file: PoFile) -> PoFile:
    """Return the template of a PO file: the same texts in the same order with the same places and ``#.`` comments.

    Its date is that of the PO file, which changes only when the set of texts does. The values that a translator shall
    fill in are those that xgettext writes, and the header is fuzzy as there.
    """
    return PoFile(
        headers={
            **{name: file.headers.get(name, "") for name in _TAKEN_OVER},
            **_UNSET,
            **{name: file.headers.get(name, "") for name in _SOURCE},
        },
        header_flags=["fuzzy"],
        messages=[
            Message(message.msgid, extracted=list(message.extracted), occurrences=list(message.occurrences))
            for message in file.messages
            if not message.obsolete and message.msgctxt is None
        ],
        newline=file.newline,
    )
