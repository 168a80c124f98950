"""The checks of one segment that need a few lines each; see the package for their signature."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from translate._markup_tags import problems
from translate.checks.finding import Finding
from translate.glossary import Kind, Mode, Term, forbidden_in, satisfied
from translate.repetition import is_degenerate

# Kana, Han, half- and full-width forms, CJK punctuation; not the yen sign, macrons or typographic quotes.
_JAPANESE = re.compile(
    "[\u2e80-\u2fdf\u3000-\u303f\u3040-\u30ff\u3190-\u319f\u31f0-\u31ff\u3200-\u33ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\ufe30-\ufe4f\uff01-\uffef\U00020000-\U000323af]+"
)
# Control tokens of Gemma, Llama, NLLB, T5 and their kin, byte tokens, and SentencePiece's signs for space and unknown.
_CONTROL = re.compile(
    r"</?(?:unused\d+|extra_id_\d+|start_of_turn|end_of_turn|bos|eos|pad|unk|mask|sep|cls|s|2\w\w)>|<\|[^|<>\s]{1,40}\|>"
    r"|<0x[0-9A-Fa-f]{2}>|\[(?:UNK|PAD|SEP|CLS|MASK)\]|\b_{0,2}[a-z]{3}_(?:Latn|Jpan|Cyrl|Hans|Hant|Kore|Arab)(?:__)?"
    "|[\u2581\u2047\ufffd]"
)
_IN_CONTROL = re.compile("[<\\[_\u2581\u2047\ufffd]")  # what each of them holds
# Japanese often stands right behind an address, and a full stop or bracket of the sentence is none of it.
_ADDRESS = re.compile(
    r"(?:https?|ftp)://[!-;=?-~]*[\w/#=&~+-]|(?<![\w.+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    r"|(?<![\w.@/])www\.[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:/[!-;=?-~]*[\w/#=&~+-])?",
    re.ASCII,
)
_IN_ADDRESSES = ("://", "@", "www.")  # one of which each address holds
# Human translations of news have 1 to 7 English characters for one of Japanese; short segments vary more.
_SHORTEST, _LONGEST, _SLACK, _TOO_SHORT_TO_SAY = 0.6, 7.5, 60, 12


def empty(source: str, target: str, terms: Sequence[Term]) -> list[Finding]:
    """Nothing is translated."""
    del terms
    if target.strip() or not source.strip():
        return []
    return [Finding("empty", "error", "no translation; translate the segment or publish the source for it")]


def glossary(source: str, target: str, terms: Sequence[Term]) -> list[Finding]:
    """A glossary term is missing, or a forbidden form stands for it."""
    del source
    findings: dict[Finding, None] = {}
    for term in terms:
        for form in forbidden_in(term, target, others=terms):
            message = f"{form!r} must not stand for {term.source}; write {term.target!r}"
            findings[Finding("glossary", "error", message)] = None
        if term.mode is not Mode.SOFT and not satisfied(term, target):
            several = (term.target, *term.variants)
            # A number has dozens of accepted forms; a few show what is meant.
            shown = several[:3] if term.kind is Kind.NUMBER else several
            forms = " or ".join(map(repr, shown)) + (" or the like" if len(shown) < len(several) else "")
            findings[Finding("glossary", "error", f"{term.source} must be {forms}")] = None
    return list(findings)


def japanese(source: str, target: str, terms: Sequence[Term]) -> list[Finding]:
    """Japanese characters are left in the English."""
    del source
    if not _JAPANESE.search(target):
        return []
    allowed = [form for term in terms for form in (term.target, *term.variants) if _JAPANESE.search(form)]
    for form in sorted(allowed, key=len, reverse=True):
        target = target.replace(form, " ")
    found = list(dict.fromkeys(_JAPANESE.findall(target)))
    if not found:
        return []
    shown = ", ".join(found[:5]) + (", …" if len(found) > 5 else "")
    return [Finding("japanese", "error", f"Japanese left in the English: {shown}")]


def repetition(source: str, target: str, terms: Sequence[Term]) -> list[Finding]:
    """The translation loops or runs on where the source does not."""
    del terms
    if not is_degenerate(source, target):
        return []
    return [Finding("repetition", "error", "the translation loops or runs on; translate the segment again or by hand")]


def length(source: str, target: str, terms: Sequence[Term]) -> list[Finding]:
    """The translation is far too short or too long for its source."""
    del terms
    there, here = len("".join(source.split())), len(target.strip())
    if not here or not there:
        return []
    if there >= _TOO_SHORT_TO_SAY and here < _SHORTEST * there:
        what = "short; is something left out?"
    elif here > _LONGEST * there + _SLACK:
        what = "long; is something added?"
    else:
        return []
    return [Finding("length", "warning", f"{here} characters for {there} of Japanese are {what}")]


def urls(source: str, target: str, terms: Sequence[Term]) -> list[Finding]:
    """Web and mail addresses are not those of the source."""
    del terms
    if not any(sign in text for text in (source, target) for sign in _IN_ADDRESSES):
        return []
    there, here = (Counter(_ADDRESS.findall(text)) for text in (source, target))
    lost = [Finding("urls", "error", f"{url} is missing; copy it from the source") for url in there if url not in here]
    new = [Finding("urls", "warning", f"{url} does not stand in the source") for url in here if url not in there]
    return lost + new


def markup(source: str, target: str, terms: Sequence[Term]) -> list[Finding]:
    """Tags of the source are not in the English exactly once and nested, or a model's control tokens are in it."""
    del terms
    tokens = dict.fromkeys(_CONTROL.findall(target)) if _IN_CONTROL.search(target) else {}
    there = set(_CONTROL.findall(source)) if tokens else set()
    found = [token for token in tokens if token not in there]
    alien = [Finding("markup", "error", f"{token!r} does not belong into a text; remove it") for token in found]
    return alien + [Finding("markup", "error", message) for message in problems(source, target)]
