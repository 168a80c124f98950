"""A memory of many segments: near matches are exactly those of a full comparison.

``python tests/test_memory_scale.py [COUNT]`` prints load time, memory and latencies.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from rapidfuzz import fuzz, process

from translate.memory import Memory, Unit

WORDS = """
PLACES 岬町 大森町 北浜市 雲野村 白沢区 潮見島 東谷市 鷺沼町 赤羽根港 石狩野
PEOPLE 浜田 早瀬 久我山 大和田 椎名 真壁 小野寺 神林 矢作 五十嵐 高梨 鵜飼 百瀬 丹羽
OFFICES 町長 灯台守 理事長 主任研究員 漁協の組合長 消防団長 校長 造船所の社長 学芸員 保健師
THINGS 防波堤 図書館 渡し船 風力発電機 給水塔 市民農園 植物園 海底ケーブル 路面電車 養殖場 観測所 古文書
OPENINGS これに対し、 一方で、 関係者によると、 会見の席上、 ところが、 住民説明会では、 夜になって、
REASONS 雪解け水の増加 資材の値上がり 担い手の不足 機器の老朽化 想定外の高潮 利用者の減少 法令の改正
ACTIONS の修理を急ぐ考えを示した を来春までに移す計画を明らかにした
ACTIONS の費用を町債で賄うと述べた を視察して職員をねぎらった
ACTIONS の再開を先送りすると伝えた をめぐる訴えを取り下げた
ACTIONS の入札をやり直す方針だ に新しい案内板を立てた を子どもたちに開放した
TAILS 、異論も根強い 。費用はおよそ{n}億円に上る 、完成は{y}年になりそうだ 、{m}人が署名した
TAILS 、前年より{n}パーセント多い 。説明は{m}分に及んだ
"""


def words(name: str) -> list[str]:
    return [word for line in WORDS.splitlines() if line.startswith(name) for word in line.split()[1:]]


def sentences(count: int, seed: int = 7) -> Iterator[str]:
    """Yield different sentences that look like local news."""
    draw = random.Random(seed)
    places, people, offices, things = map(words, ("PLACES", "PEOPLE", "OFFICES", "THINGS"))
    openings, reasons, actions, tails = map(words, ("OPENINGS", "REASONS", "ACTIONS", "TAILS"))
    seen: set[str] = set()
    while len(seen) < count:
        opening = draw.choice(openings) if draw.random() < 0.4 else ""
        day = f"{draw.randint(1, 12)}月{draw.randint(1, 28)}日、" if draw.random() < 0.5 else ""
        reason = f"{draw.choice(reasons)}を理由に" if draw.random() < 0.4 else ""
        who = f"{draw.choice(places)}の{draw.choice(people)}{draw.choice(offices)}は"
        what = f"{draw.choice(places)}にある{draw.choice(things)}{draw.choice(actions)}"
        tail = draw.choice(tails) if draw.random() < 0.5 else ""
        numbers = {"n": draw.randint(2, 900), "y": draw.randint(2027, 2041), "m": draw.randint(11, 9800)}
        text = f"{opening}{day}{who}{reason}{what}{tail.format(**numbers)}。"
        if text not in seen:
            seen.add(text)
            yield text


def units(count: int) -> Iterator[Unit]:
    return (Unit(text, f"Sentence {number}.", "a.po") for number, text in enumerate(sentences(count)))


def test_near_matches_of_a_large_memory_are_those_of_a_full_comparison() -> None:
    texts = list(sentences(3000))
    memory = Memory(Unit(text, "English.", "a.po") for text in texts[:2900])
    for text in texts[2900:]:
        full = process.extract(text, texts[:2900], scorer=fuzz.ratio, score_cutoff=75, limit=3)
        assert [(unit.source, percent) for unit, percent in memory.near(text)] == [(one, p) for one, p, _ in full]


def measure(count: int) -> None:
    """Print how long a memory of so many units takes to read and to search."""
    import os
    import resource
    import statistics
    import tempfile
    import time
    from pathlib import Path

    from translate.memory import add_imported

    def peak() -> float:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    with tempfile.TemporaryDirectory() as folder:
        os.environ["YAKUBUN_CACHE"] = folder
        locales = Path(folder) / "locales"
        add_imported(locales, "scale", units(count))
        before, started = peak(), time.perf_counter()
        memory = Memory.open(locales)
        print(f"open, imported units: {time.perf_counter() - started:.2f} s")
    started = time.perf_counter()
    memory.near("岬町")
    print(f"index: {time.perf_counter() - started:.2f} s; peak memory {peak():.0f} MiB ({before:.0f} before)")
    known, fresh = list(sentences(count))[:: count // 200], list(sentences(200, seed=8))
    changed = [text.replace("町", "市").replace("1", "2") for text in known]
    for name, texts, look in (
        ("exact", known, memory.exact),
        ("near, changed", changed, memory.near),
        ("near, unknown", fresh, memory.near),
        ("near, long", ["".join(fresh[n : n + 4]) for n in range(0, 80, 4)], memory.near),
    ):
        times = []
        for text in texts:
            started = time.perf_counter()
            look(text)
            times.append(1000 * (time.perf_counter() - started))
        times.sort()
        tail = times[int(0.99 * len(times))]
        print(f"{name}: median {statistics.median(times):.3f} ms, 99th percentile {tail:.3f} ms, worst {times[-1]:.3f}")


if __name__ == "__main__":
    import sys

    measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
