"""The lints that look at an entry's English; of ``glossary_lint``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from translate import _terms_english
from translate._glossary_rows import several
from translate._lint_base import Finding, Severity, Stack, finding
from translate.glossary import Kind, Mode, Term
from translate.matching import Verdict, explain

_PAIRS = {
    ")": "(",
    "]": "[",
    "}": "{",
    "）": "（",
    "］": "［",
    "」": "「",
    "』": "『",
    "】": "【",
    "〉": "〈",
    "》": "《",
}
_FAULTS = (
    (re.compile("[\uff01-\uff60\uffe0-\uffee]"), "full-width characters", Severity.ERROR),
    (re.compile("[\u00a0\u2000-\u200a\u202f\u3000]"), "a space that is no plain one", Severity.ERROR),
    (
        re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]"),
        "an invisible character",
        Severity.ERROR,
    ),
    (re.compile("[\"“”„«»「」『』]|^['‘]|['’]$"), "quotes", Severity.ERROR),
    (re.compile("  "), "two spaces in a row", Severity.ERROR),
    (re.compile(r" [,.;:!?)\]]|[(\[] "), "a space beside punctuation", Severity.ERROR),
    (re.compile("[,;:、。]$"), "punctuation at its end", Severity.ERROR),
    (re.compile("[‘’]"), "a typographic apostrophe, which the house style sets where it is wanted", Severity.WARNING),
)
_STOP_WORDS = frozenset(
    {"a", "an", "and", "as", "at", "be", "by", "for", "from", "he", "in", "is", "it", "of", "on", "or", "she", "the"}
    | {"that", "they", "this", "to", "was", "with"}
)


def forms(term: Term) -> tuple[str, ...]:
    """Return the English that counts as right."""
    return () if term.is_blocker else (term.target, *term.variants)


def spelling(stack: Stack) -> Iterator[Finding]:
    """Quotes, stray spaces, full-width or invisible characters in a target, a variant or a forbidden form."""
    for term in _terms(stack):
        for form in (*forms(term), *term.forbidden):
            for pattern, what, severity in _FAULTS:
                if pattern.search(form):
                    message = f"{form!r} holds {what}: translations would hold it, too; take it out"
                    yield finding(term.origin, severity, "spelling", message, term.source)
                    break


def brackets(stack: Stack) -> Iterator[Finding]:
    """A bracket without its partner, in Japanese or English."""
    for term in _terms(stack):
        for value in (*term.surfaces, *forms(term), *term.forbidden):
            odd = _odd_bracket(value)
            if odd:
                message = f"{value!r} holds {odd!r} without its partner: add it or take both out"
                yield finding(term.origin, Severity.ERROR, "brackets", message, term.source)


def forbidden(stack: Stack) -> Iterator[Finding]:
    """A form that counts as right and contains what this entry, or a longer one over the same text, forbids."""
    for term in _terms(stack):
        if not term.forbidden:
            continue
        for form in forms(term):
            for bad in _held(term.forbidden, term, form):
                message = f"{form!r} is right and yet contains {bad!r}, which is forbidden here: take one of them out"
                yield finding(term.origin, Severity.ERROR, "forbidden", message, term.source)
        inside = {
            other.term: other.surface
            for surface in term.surfaces
            for other in explain(surface, stack.glossary)
            if other.verdict is Verdict.OVERLAP and other.term != term
        }
        for other, surface in inside.items():
            for bad in _held(term.forbidden, term, other.target):
                message = (
                    f"forbids {bad!r}, but {surface!r} inside it demands {other.target!r} ({other.origin}): "
                    "the same words would be right and wrong; change one of the two"
                )
                yield finding(term.origin, Severity.ERROR, "forbidden", message, term.source)


def variants(stack: Stack) -> Iterator[Finding]:
    """A variant that goes without saying, or that looks like several, or like none."""
    for term in _terms(stack):
        if term.mode is Mode.DNT:
            continue
        for variant in term.variants:
            problem = _odd_variant(variant, forms(term), term.case)
            if problem:
                message = f"the variant {variant!r} {problem}"
                yield finding(term.origin, Severity.WARNING, "variants", message, term.source)


def dnt(stack: Stack) -> Iterator[Finding]:
    """Columns that mean nothing in an entry that is copied as it is, or in a blocker."""
    for reading in stack.readings:
        for row in reading.rows:
            if row.term.kind is Kind.BLOCKER:
                given = [name for name in ("mode", "case") if row.values.get(name) not in (None, "", "hard")]
                why = "a blocker demands no English"
            elif row.term.mode is Mode.DNT:
                given = [name for name in ("variants", "case") if several(row.values, name)]
                why = "a dnt entry is copied exactly as it is; mode hard allows other forms"
                if not re.search("[^\\W\\d_]", row.term.source):
                    message = f"{row.term.source!r} is dnt and holds no letter: numbers need no entry"
                    yield finding(row.where, Severity.WARNING, "dnt", message, row.term.source)
            else:
                continue
            for name in given:
                yield finding(
                    row.where, Severity.WARNING, "dnt", f"the column {name!r} has no effect: {why}", row.term.source
                )


def _terms(stack: Stack) -> Iterator[Term]:
    return (term for reading in stack.readings for term in reading.terms)


def _held(unwanted: Sequence[str], term: Term, form: str) -> list[str]:
    """Return the unwanted forms that stand in another one."""
    return [bad for bad in unwanted if _terms_english.spans((bad,), term.case, form)]


def _odd_bracket(value: str) -> str:
    """Return the first bracket without a partner, or nothing."""
    waiting = []
    for char in value:
        if char in _PAIRS.values():
            waiting.append(char)
        elif char in _PAIRS and (not waiting or waiting.pop() != _PAIRS[char]):
            return char
    return waiting[0] if waiting else ""


def _odd_variant(variant: str, forms: Sequence[str], case: str) -> str:
    """Say what is odd about a variant among an entry's forms, or nothing."""
    if re.search("[;；、]| / ", variant):
        return "looks like several: separate them with |"
    if variant.casefold() in _STOP_WORDS:
        return "stands in almost every sentence and would count as the term: take it out"
    if len(variant) == 1 and variant.isalnum():
        return "is a single letter or digit and would count as the term: take it out"
    for place, other in enumerate(forms):
        # Of two forms that stand for each other the later one is superfluous.
        first = place < forms.index(variant) or not _counts_as(variant, other, case)
        if other != variant and first and _counts_as(other, variant, case):
            return f"goes without saying: {other!r} counts in this form, too; take it out"
        if re.fullmatch(f"(?:the|a|an) {re.escape(other)}", variant, re.IGNORECASE):
            return f"only adds an article to {other!r}, which counts anyway: take it out"
    return ""


def _counts_as(form: str, other: str, case: str) -> bool:
    """Tell whether a form is found as the whole of another."""
    return (0, len(other)) in _terms_english.spans((form,), case, other)
