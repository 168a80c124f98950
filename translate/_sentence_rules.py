"""What ends a Japanese or an English sentence: tables of characters and abbreviations, and the rule for full stops.

Everything here judges one place of a text. ``translate._sentence_page`` adds what surrounds the place (lines, quotes,
names), and ``translate.segmentation`` decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LINE_BREAK = re.compile(r"\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
STRONG = frozenset("。!?‼⁇⁈⁉")  # always a sentence's end, while a full stop needs a look around
TERMINATORS = STRONG | {"."}
ELLIPSES = frozenset("…‥⋯")
COMMAS = tuple("、，,")

# Behind a closing quote a sentence goes on (「…。」と述べた); a bracket may hold a sentence of its own.
QUOTES = dict(zip("「『“‘〝«《〈【＜", "」』”’〟»》〉】＞", strict=True))
BRACKETS = dict(zip("([{〔〖", ")]}〕〗", strict=True))
PAIRS = QUOTES | BRACKETS
CLOSERS = frozenset(PAIRS.values())
_TAIL = CLOSERS | ELLIPSES | {'"'}

# One code point for one, so that offsets stay: full-width ASCII and half-width punctuation become one form.
# ＜＞ stay as they are: in ASCII they are an arrow or a comparison far more often than a bracket.
_FOLD = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F) if chr(wide) not in "＜＞"}
_FOLD |= {ord("｡"): ord("。"), ord("｢"): ord("「"), ord("｣"): ord("」"), ord("〞"): ord("〟")}
_TO_FOLD = re.compile(f"[{re.escape(''.join(map(chr, _FOLD)))}]+")  # a text of them alone is rare


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never the end of a sentence, not even at a line's end: something must follow.
_TITLES = _words(
    "Mr Mrs Ms Mx Dr Prof Rev Hon Gen Col Maj Capt Lt Sgt Cmdr Adm Sen Rep Gov Pres St Mt Ft Messrs vs cf viz e.g i.e"
    " feat"
)
# The end of a sentence only at a line's end or before a word that opens sentences.
_ABBREVIATIONS = _words(
    "Inc Ltd Co Corp Bros Jr Sr etc al Ph.D Dept Univ Assn Est approx ca Ave Blvd Rd Ed ed Vol vol Ver ver Fig fig Ch"
    " Sec Art p pp Jan Feb Apr Aug Sep Sept Oct Nov Dec"
)
# Words of their own, and abbreviations before a number (No. 1, Mar. 3).
_BEFORE_NUMBERS = _ABBREVIATIONS | _words("No Nos no Mar Jun Jul")
_OPENERS = _words(
    "The This That These Those He She It They We You I In On At But And However There When After Before His Her Its"
    " Their Our My If As For"
)
_PARTICLES = frozenset("はがのをにともでやへ")
_GOING_ON = frozenset("、，,・:;ー~〜…‥")
_WORD = re.compile(r"[A-Za-zÀ-ɏ.]{1,16}\Z")
_NEXT_WORD = re.compile(r"\s+([A-Za-z]{1,8})(?![A-Za-z])")
_ACRONYM = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]")
_NUMBERING = re.compile(r"\s*[(\[]?(?:[第図表]?[0-9一二三四五六七八九十]{1,3}[章節項条部]?|[A-Za-zア-ン])[)\]]?")


def any_of(characters: Iterable[str]) -> str:
    return "[" + re.escape("".join(sorted(characters))) + "]"


TERMINATOR_RUN = re.compile(any_of(TERMINATORS) + "+")
ELLIPSIS_RUN = re.compile(any_of(ELLIPSES) + "+")
ENCLOSER = re.compile(any_of({*PAIRS, *CLOSERS, '"'}))


def fold(text: str) -> str:
    """Bring punctuation, letters and digits of both widths to one form, one code point for one."""
    return _TO_FOLD.sub(lambda match: match[0].translate(_FOLD), text)


def next_solid(text: str, start: int, end: int) -> int:
    """Return the first offset in ``text[start:end]`` that holds no whitespace, or ``end``."""
    while start < end and text[start].isspace():
        start += 1
    return start


def is_latin(character: str) -> bool:
    """Tell whether a folded character is a Latin letter or a digit."""
    return character < "ɐ" and character.isalnum()


def full_stop_ends(folded: str, start: int, stop: int, floor: int, limit: int, *, wide: bool) -> bool:
    """Tell whether the full stops ``folded[start:stop]`` end a sentence, and are no decimal point or abbreviation.

    Args:
        folded: A folded text.
        start: Offset of the first full stop.
        stop: Offset behind the last one.
        floor: Where the sentence begins at the latest, for the number of a list item (``1. はじめに``).
        limit: End of the line.
        wide: Whether the text holds a full-width ． there, which also ends Japanese sentences.
    """
    if stop - start > 1:
        return wide  # "..." is an ellipsis
    before = folded[start - 1] if start > floor else " "
    after = folded[stop] if stop < limit else " "
    if before.isspace():
        return wide
    if after in _GOING_ON or (
        start - floor <= 6 and next_solid(folded, stop, limit) < limit and _NUMBERING.fullmatch(folded, floor, start)
    ):
        return False
    if is_latin(before):
        return _latin_stop_ends(folded, start, stop, limit)
    if wide:
        return True
    if is_latin(after):
        return False  # 日本語.jp
    # A kanji or a katakana before it may belong to the name of a file or a domain.
    return after.isspace() or after in CLOSERS or "ぁ" <= before <= "ん" or before in CLOSERS or before in ELLIPSES


def _latin_stop_ends(folded: str, start: int, stop: int, limit: int) -> bool:
    after = folded[stop] if stop < limit else " "
    closed = after in CLOSERS or after == '"'
    if "!" <= after <= "~" and not closed:
        return False  # 3.14, 2024.7.12, U.S., a.txt, example.jp
    solid = next_solid(folded, stop, limit)
    follower = folded[solid] if solid < limit else ""
    word = _word_before(folded, start)
    if word in _TITLES or (word in _BEFORE_NUMBERS and follower.isdigit()):
        return False
    if not follower:
        return True
    if word and (word in _ABBREVIATIONS or _ACRONYM.fullmatch(word)):
        opener = _NEXT_WORD.match(folded, stop, limit)
        return opener is not None and opener[1] in _OPENERS
    if closed:
        return True
    if solid == stop:
        return follower not in _PARTICLES  # Japanese without a space behind Latin text
    return not (is_latin(follower) and follower.islower()) and not (folded[start - 1].isdigit() and follower.isdigit())


def _word_before(folded: str, end: int) -> str:
    match = _WORD.search(folded[max(0, end - 16) : end])
    if match is None:
        return ""
    head = end - len(match[0])
    return "" if head > 0 and is_latin(folded[head - 1]) else match[0].lstrip(".")


def is_terminated(line: str) -> bool:
    """Tell whether a line ends with a terminator and the closing quotes and brackets behind it.

    A name that ends with one, such as ゲスの極み乙女。, counts; an ellipsis or a title like ``Mr.`` does not.

    >>> is_terminated("会談は終わった。」"), is_terminated("会談の終わり"), is_terminated("だが……")
    (True, False, False)
    """
    folded = fold(line)
    end = len(folded)
    while end and (folded[end - 1].isspace() or folded[end - 1] in _TAIL):
        end -= 1
    start = end
    while start and folded[start - 1] in TERMINATORS:
        start -= 1
    if any(character in STRONG for character in folded[start:end]):
        return True
    return start < end and full_stop_ends(folded, start, end, 0, end, wide="．" in line[start:end])
