"""HTML news pages, both ways.

The article is found (``_html_article``), its inline markup becomes numbered tags, and everything else in the page is
copied as it stands: scripts, styles, comments, navigation. The page's title and description, and texts in attributes,
are segments of their own. The reading in ``<ruby>`` is no part of the text to translate; ``Document.readings`` has it.

Of the libraries weighed, trafilatura and readability-lxml give text or a tree of their own; lxml, html5lib and
selectolax give a tree that repairs the page. None can write the page back as it was, so the tokenizer is our own.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from translate.document import Block, Document, Role, Segment
from translate.encoding import Decoded, decode, encode
from translate.formats._html_article import Outline, outline
from translate.formats._html_runs import Run, Runs
from translate.formats._html_tokens import Attribute, attributes, tokenize, visible
from translate.formats._inline import Piece, segments
from translate.formats._markdown_blocks import Lines
from translate.formats._rendering import Edit, english_of, render_edits
from translate.formats.boilerplate import Boilerplate, shipped_boilerplate
from translate.markup import bare, restore

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_CODECS = {
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "ms932", "cp932"), "cp932"),
    **dict.fromkeys(("euc-jp", "x-euc-jp", "euc_jp"), "euc_jp"),
}
_WHERE_DECLARED = 4096  # a browser looks at 1024 bytes; pages are longer-winded
_DESCRIPTIONS = {
    "description": Role.BODY,
    "og:title": Role.TITLE,
    "og:description": Role.BODY,
    "twitter:title": Role.TITLE,
    "twitter:description": Role.BODY,
}


def read(data: bytes, path: str, *, protected: Iterable[str] = (), boilerplate: Boilerplate | None = None) -> Document:
    r"""Read a news page.

    Args:
        data: The file's bytes.
        path: Its path, for messages and occurrences.
        protected: Names that are never split, such as those that end in 。.
        boilerplate: Patterns of paragraphs that are not part of the article; the shipped ones if omitted.

    Raises:
        InputError: The bytes are no text.

    Example:
        >>> page = "<p>新しい<b>橋</b>が<ruby>岬町<rt>みさきちょう</rt></ruby>に開いた。<br>市民が渡った。</p>"
        >>> article = read(page.encode(), "bridge.html")
        >>> [segment.plain for _, segment in article.segments()], article.readings
        (['新しい<1>橋</1>が岬町に開いた。', '市民が渡った。'], (('岬町', 'みさきちょう'),))
    """
    decoded = _decode(data, path)
    patterns = shipped_boilerplate() if boilerplate is None else boilerplate
    reader = _Reader(decoded.text, tuple(protected), patterns)
    blocks = reader.blocks()
    where = PurePath(path).as_posix()
    return Document(where, decoded.text, blocks, "html", decoded.encoding, decoded.bom, tuple(reader.runs.readings))


def render(document: Document, translations: Mapping[str, str], *, keep_boilerplate: bool = False) -> bytes:
    """Write the page with its segments translated.

    Args:
        document: What ``read`` made.
        translations: ``Segment.plain`` → English with its tags; a segment that is missing, or empty, stays as it is.
        keep_boilerplate: Whether boilerplate paragraphs stay.

    Returns:
        The page in its own encoding, characters that it lacks as references, and ``lang`` on its root as ``en``.
        Without any translation, the page as it was.
    """
    any_english = any(english_of(one, translations) for _, one in document.segments(boilerplate=True))
    language = _language(document.source) if any_english else ()
    text = render_edits(document, translations, _write, keep_boilerplate=keep_boilerplate, more=language)
    decoded = Decoded(document.source, document.encoding, document.bom)
    if any_english:
        text = text.encode(document.encoding, "xmlcharrefreplace").decode(document.encoding)
    return encode(text, decoded)


def _decode(data: bytes, path: str) -> Decoded:
    """Decode a page; between the old Japanese encodings its own word decides, not the look of its bytes."""
    declared = _DECLARED.search(data[:_WHERE_DECLARED])
    codec = _CODECS.get(declared[1].decode("ascii").lower()) if declared else None
    if codec and b"\0" not in data and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            data.decode("utf-8")  # a page that was converted and still says what it was
        except UnicodeDecodeError:
            try:
                return Decoded(data.decode(codec), codec)
            except UnicodeDecodeError:
                pass  # the look of the bytes decides after all
    return decode(data, path)


def _write(segment: Segment, english: str) -> str:
    kind, _, quote = segment.syntax.partition(":")
    if kind != "value":
        return restore(english, segment.slots, _escape).text
    text = html.escape(bare(english), quote=False)
    if quote == "'":
        return text.replace("'", "&#39;")
    text = text.replace('"', "&quot;")
    return text if quote else f'"{text}"'


def _escape(text: str, before: str, after: str) -> str:
    del before, after
    return html.escape(text, quote=False)


def _language(page: str) -> Iterator[Edit]:
    """Yield the edits that make the page's declared language English."""
    root = next((token for token in tokenize(page) if token.kind == "open" and token.name == "html"), None)
    for name, value in attributes(page, root).items() if root else ():
        if name in ("lang", "xml:lang") and value.value.strip().lower().split("-")[0] == "ja":
            yield value.start, value.end, "en"


@dataclass
class _Reader:
    page: str
    protected: tuple[str, ...]
    boilerplate: Boilerplate
    section: int = 0
    found: list[Block] = field(default_factory=list)

    def blocks(self) -> tuple[Block, ...]:
        self.tokens = tokenize(self.page)
        self.lines = Lines(self.page)
        part = outline(self.page, self.tokens)
        self.runs = Runs(self.page, self.tokens, part.skipped)
        title = self._head(part)
        self.headed = False
        headline = self._headline_before(part, title)
        if headline is not None:
            self._run(headline)
        for run in self.runs.between(part.first, part.last):
            self._run(run)
        return tuple(self.found)

    def _head(self, part: Outline) -> str:
        """Read the page's title and its descriptions; return the title."""
        title, in_head = "", True
        for number, token in enumerate(self.tokens):
            if number >= part.first and token.name == "body":
                break
            in_head = in_head and token.name not in ("svg", "body")  # an icon can have a title, too
            if token.kind != "open":
                continue
            if token.name == "title" and in_head and not title:
                text = self.tokens[number + 1] if number + 1 < len(self.tokens) else token
                if text.kind == "text":
                    made = self._segments(text.start, text.end, "")
                    title = made[0].plain if made else ""
                    self._add(Role.TITLE, made)
            elif token.name == "meta":
                found = attributes(self.page, token)
                name = next((found[key].value.lower() for key in ("property", "name") if key in found), "")
                if name in _DESCRIPTIONS and "content" in found:
                    self._value(found["content"], _DESCRIPTIONS[name])
        return title

    def _headline_before(self, part: Outline, title: str) -> Run | None:
        """Return the headline of an article that stands above the element with its text: the one in the title."""
        inside = self.tokens[part.first : part.last]
        if not title or any(token.name == "h1" and token.kind == "open" for token in inside):
            return None
        for number in range(part.first):
            if (
                self.tokens[number].name == "h1"
                and self.tokens[number].kind == "open"
                and not self.runs.skipped[number]
            ):
                last = next((at for at in range(number + 1, part.first) if self.tokens[at].name == "h1"), part.first)
                run = next((run for run in self.runs.between(number, last) if run.pieces), None)
                text = "".join(piece.text for piece in run.pieces).strip() if run else ""
                if text and text in title:
                    return run
        return None

    def _run(self, run: Run) -> None:
        is_heading = run.context.startswith("h")
        made = segments(self.page, run.pieces, self.protected, whole=is_heading, collapse=True)
        role = Role.LIST if run.context in ("li", "dt", "dd") else Role.BODY
        if is_heading:
            role = Role.TITLE if run.context == "h1" and not self.headed else Role.HEADING
        extent = (0, 0)
        if made and self.boilerplate.matches(bare("".join(one.plain for one in made))):
            role, extent = Role.BOILERPLATE, self._extent(run)
        elif is_heading and made:
            self.section += role is Role.HEADING
            self.headed = True
        self._add(role, made, extent)
        for value in run.values:
            self._value(value, Role.BOILERPLATE if extent != (0, 0) else Role.BODY, extent)

    def _extent(self, run: Run) -> tuple[int, int]:
        """Return a run with the element that holds nothing else."""
        first, last = run.first - 1, run.last
        if first >= 0 and last < len(self.tokens):
            opening, closing = self.tokens[first], self.tokens[last]
            if (opening.kind, closing.kind, opening.name) == ("open", "close", closing.name):
                return opening.start, closing.end
        return run.pieces[0].start, run.pieces[-1].end

    def _value(self, value: Attribute, role: Role, extent: tuple[int, int] = (0, 0)) -> None:
        if value.start < value.end:
            self._add(role, self._segments(value.start, value.end, f"value:{value.quote}"), extent)

    def _segments(self, start: int, end: int, syntax: str) -> list[Segment]:
        pieces = [Piece("text", a, b, text) for a, b, text in visible(self.page, start, end)]
        return segments(self.page, pieces, whole=True, collapse=True, syntax=syntax)

    def _add(self, role: Role, made: list[Segment], extent: tuple[int, int] = (0, 0)) -> None:
        if made:
            self.found.append(Block(role, tuple(made), self.section, self.lines.number_at(made[0].start), extent))
