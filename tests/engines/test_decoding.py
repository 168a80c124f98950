"""The running batch, on a stand-in for the model: who is served when, and what becomes of errors."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from translate.engines import onnx_decoding
from translate.engines.gemma import HEAD_DIM, LAYERS
from translate.engines.gemma_onnx import ROOM, TOP
from translate.engines.onnx_batch import Decode, Score
from translate.engines.onnx_decoding import Decoder
from translate.engines.onnx_model import Cache
from translate.errors import EngineError

END = 1


class Counting:
    """Writes one more than the last token, and the end after a multiple of ten; notes what it is asked.

    The token goes into the cache, so that what follows depends on every position that a row should have.
    """

    def __init__(self, _path: Path) -> None:
        self.rows: list[int] = []
        self.read: list[tuple[int, ...]] = []
        self.positions = 0
        self.fault: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()

    def run(
        self,
        cache: Cache,
        place: int,
        ids: Sequence[Sequence[int]],
        totals: Sequence[int],
        select: Sequence[int] | None = None,
        targets: Sequence[int] | None = None,
    ) -> tuple[NDArray[Any], ...]:
        self.gate.wait(20)
        if self.fault:
            raise self.fault
        self.rows.append(len(ids))
        self.positions += sum(map(len, ids))
        for row, (tokens, total) in enumerate(zip(ids, totals, strict=True)):
            cache.table[0, place + row, total - len(tokens) : total, 0] = tokens
            self.read.append(tuple(cache.table[0, place + row, :total, 0].astype(int)))
        flat = [token for tokens in ids for token in tokens]
        chosen = [flat[at] for at in (range(len(ids)) if select is None else select)]
        tokens = np.array([[END if one % 10 == 0 else one + 1, *range(1000, 1000 + TOP - 1)] for one in chosen])
        scores = np.log(np.array([[0.9, *[0.1 / 2**at for at in range(1, TOP)]]] * len(chosen), np.float32))
        given = np.array(targets if targets is not None else [0] * len(chosen), np.float32)
        return scores, tokens, given


@pytest.fixture
def decoder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Decoder]:
    monkeypatch.setattr(onnx_decoding, "Model", Counting)
    made = Decoder(Path("model"), END, 2)
    yield made
    made.close()


def test_a_model_that_cannot_be_loaded_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(_path: Path) -> None:
        raise RuntimeError("no such operator")

    monkeypatch.setattr(onnx_decoding, "Model", broken)
    with pytest.raises(EngineError, match=r"built: ONNX Runtime cannot load this model \(no such operator\); delete"):
        onnx_decoding.decoder_of(tmp_path / "built", END, 1)


def model(decoder: Decoder) -> Counting:
    found = decoder._workers[0]._model
    assert isinstance(found, Counting)
    return found


def greedy(*prompt: int, limit: int = 50) -> Decode:
    return Decode(prompt, 1, 1, limit)


def written(task: Decode) -> tuple[int, ...]:
    return task.future.result(20)[0].tokens


def test_each_sentence_is_written_to_its_end(decoder: Decoder) -> None:
    tasks = [greedy(5, 7), greedy(12), greedy(3, 3, 30)]
    decoder.submit(tasks)
    assert [written(task) for task in tasks] == [(8, 9, 10, END), (*range(13, 21), END), (END,)]


def test_a_limit_ends_a_sentence_unfinished(decoder: Decoder) -> None:
    task = greedy(11, limit=3)
    decoder.submit([task])
    assert written(task) == (12, 13, 14)


@pytest.mark.parametrize("threads", [1, 2])
def test_sentences_come_and_go_and_each_row_keeps_its_own_past(monkeypatch: pytest.MonkeyPatch, threads: int) -> None:
    monkeypatch.setattr(onnx_decoding, "Model", Counting)
    decoder = Decoder(Path("model"), END, threads)
    tasks = [greedy(*range(100, 100 + length), 10 * length + 1) for length in range(1, 90)]
    decoder.submit(tasks)
    for task in tasks:
        last = task.prompt[-1]
        assert written(task) == (*range(last + 1, last + 10), END)
    allowed = {(*task.prompt, *range(task.prompt[-1] + 1, task.prompt[-1] + 10)) for task in tasks}
    # What a row holds is always the beginning of one of the sentences, its prompt read in parts included.
    assert all(any(whole[: len(read)] == read for whole in allowed) for read in model(decoder).read)
    assert threads > 1 or max(model(decoder).rows) == 32  # of two threads, one may do all before the other awakes
    decoder.close()


def test_the_rows_of_a_batch_are_bounded(decoder: Decoder) -> None:
    tasks = [Decode((7,), 4, 4, 20) for _ in range(60)]
    decoder.submit(tasks)
    assert {task.future.result(20)[0].tokens for task in tasks} == {(8, 9, 10, END)}
    assert max(model(decoder).rows) <= 32


def test_both_threads_get_work(decoder: Decoder) -> None:
    model(decoder).gate.clear()
    tasks = [greedy(5), greedy(5)]
    decoder.submit(tasks)
    for _ in range(2000):
        if all(worker.rows for worker in decoder._workers):
            break
        threading.Event().wait(0.01)
    assert [worker.rows for worker in decoder._workers] == [1, 1]
    model(decoder).gate.set()
    assert [written(task) for task in tasks] == [written(tasks[0])] * 2


def test_texts_are_judged_token_by_token_whatever_their_length(decoder: Decoder) -> None:
    texts = [[4, 5], list(range(2, 202)), [END]]
    task = Score((3, 9), texts)
    decoder.submit([task])
    assert [list(map(int, one)) for one in task.future.result(20)] == texts  # the stand-in gives the target itself
    whole = {(3, 9, *texts[1][:at]) for at in range(200)}
    assert any(read in whole and len(read) == 201 for read in model(decoder).read)


def test_what_texts_share_is_read_once_and_each_is_judged_on_the_whole_of_its_own_past(decoder: Decoder) -> None:
    draft = list(range(2, 42))
    texts = [[*draft[:cut], 99, *draft[cut:]] for cut in (30, 10, 40, 20)]
    task = Score((3, 9), [*texts, texts[0], draft[:5]])
    decoder.submit([task])
    assert [list(map(int, one)) for one in task.future.result(20)] == [*texts, texts[0], draft[:5]]
    read = model(decoder).read
    assert set(read) <= {(3, 9, *text)[:at] for text in texts for at in range(1, len(text) + 2)}
    assert {(3, 9, *text[:-1]) for text in texts} <= set(read)
    # The prompt but for its last token; the short text; the rest of the widest cut; what comes after each other cut,
    # and of the one that comes twice the last four.
    assert model(decoder).positions == 1 + 5 + 36 + 11 + 4 + 21 + 31


@pytest.mark.parametrize("shared", [0, 3, 70, 200])
def test_what_is_given_of_a_text_is_read_and_not_judged(decoder: Decoder, shared: int) -> None:
    texts = [[*range(5, 5 + shared), 700 + number, *range(800, 810 + 60 * number)] for number in range(3)]
    given = [shared + 1, 0, shared + 1]
    task = Score((3,), texts, given)
    decoder.submit([task])
    judged = [list(map(int, one)) for one in task.future.result(20)]
    assert judged == [text[skip:] for text, skip in zip(texts, given, strict=True)]
    assert {(3, *text[:-1]) for text in texts} <= set(model(decoder).read)
    # The first is read whole, and so is the second, all of which is judged; of the third what it does not share.
    assert model(decoder).positions == sum(map(len, texts)) - shared


def test_what_is_urgent_goes_first_and_scoring_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_decoding, "Model", Counting)
    made = Decoder(Path("model"), END, 1)
    model(made).gate.clear()
    first = greedy(5)
    made.submit([first])
    while not made._workers[0].rows:
        threading.Event().wait(0.01)
    tasks = [greedy(6), greedy(2, 7), Decode((8,), 1, 1, 50, urgent=True), Score((9,), [[4]])]
    made.submit(tasks)
    model(made).gate.set()
    for task in tasks:
        task.future.result(20)
    made.close()
    begun = [read for read in model(made).read if read in {(6,), (2, 7), (8,), (9,)}]
    assert begun == [(9,), (8,), (2, 7), (6,)]


def test_an_error_reaches_who_asked_and_the_next_request_is_served(decoder: Decoder) -> None:
    model(decoder).fault = MemoryError("no room")
    tasks = [greedy(5), greedy(6)]
    decoder.submit(tasks)
    for task in tasks:
        with pytest.raises(MemoryError, match="no room"):
            task.future.result(20)
    model(decoder).fault = None
    after = greedy(8)
    decoder.submit([after])
    assert written(after) == (9, 10, END)
    assert [worker.rows for worker in decoder._workers] == [0, 0]


def test_what_was_not_begun_is_cancelled_when_the_decoder_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_decoding, "Model", Counting)
    made = Decoder(Path("model"), END, 1)
    made._closed = True  # no worker takes anything any more
    task = greedy(5)
    made.submit([task])
    made.close()
    with pytest.raises(CancelledError):
        task.future.result(20)


def test_an_error_in_the_midst_of_beginning_is_counted_once(decoder: Decoder, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no copy")

    with monkeypatch.context() as broken:
        broken.setattr(Cache, "copy", fail)
        task = greedy(5)
        decoder.submit([task])
        with pytest.raises(RuntimeError, match="no copy"):
            task.future.result(20)
    after = greedy(8)
    decoder.submit([after])
    assert written(after) == (9, 10, END)
    assert [(worker.rows, worker._positions) for worker in decoder._workers] == [(0, 0), (0, 0)]


def test_what_is_being_written_is_cancelled_when_the_decoder_closes(decoder: Decoder) -> None:
    model(decoder).gate.clear()
    task = greedy(5)
    decoder.submit([task])
    while not any(worker.rows for worker in decoder._workers):
        threading.Event().wait(0.01)
    threading.Timer(0.2, model(decoder).gate.set).start()
    decoder.close()
    with pytest.raises(CancelledError):
        task.future.result(20)


class TestCache:
    def test_rows_are_copied_between_two_positions_only(self) -> None:
        cache = Cache(3)
        cache.table[:, 0, :10] = 5
        cache.copy([0], [2], 4, 8)
        assert cache.table.shape == (2 * LAYERS, 3, ROOM, HEAD_DIM)
        assert cache.table[:, 2, 4:8].min() == 5
        assert cache.table[:, 2, :4].max() == cache.table[:, 2, 8:10].max() == 0

    def test_what_is_forgotten_is_gone_and_nothing_else(self) -> None:
        cache = Cache(4)
        cache.table[:, :, :3] = 1
        cache.forget(range(1, 3))
        assert cache.table[:, (0, 3), :3].min() == 1
        assert cache._block is None or cache.table[:, 1:3].max() == 0
