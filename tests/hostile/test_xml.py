"""XML of strangers: entities are refused, nothing outside the file is read, and depth is bounded."""

from __future__ import annotations

import http.server
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from translate._glossary_rows import gather
from translate.errors import YakubunError
from translate.glossary_formats import _module
from translate.interchange import read

HEADS = {
    "a.tmx": ("tmx", '<tmx version="1.4"><body><tu><tuv xml:lang="ja"><seg>{}</seg></tuv></tu></body></tmx>'),
    "a.xlf": (
        "xliff",
        '<xliff version="1.2"><file><body><trans-unit><source>{}</source></trans-unit></body></file></xliff>',
    ),
    "b.xlf": (
        "xliff",
        '<xliff version="2.0"><file><unit><segment><source>{}</source></segment></unit></file></xliff>',
    ),
    "a.tbx": (
        "tbx",
        '<tbx><conceptEntry><langSec xml:lang="ja"><termSec><term>{}</term></termSec></langSec></conceptEntry></tbx>',
    ),
}
LAUGHS = '<!ENTITY a "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">' for n in range(1, 12))


def parsed(name: str, data: bytes) -> object:
    if name.endswith(".tbx"):
        reading = gather(name, lambda: _module("tbx").records(data, Path(name), Counter()))
        return reading.terms
    return read(data, name)


def document(name: str, subset: str, content: str) -> bytes:
    root, frame = HEADS[name]
    return f"<!DOCTYPE {root} [{subset}]>\n{frame.format(content)}".encode()


@pytest.mark.parametrize("name", HEADS)
class TestEveryXmlFormat:
    def test_a_billion_laughs_are_refused(self, name: str) -> None:
        with pytest.raises(YakubunError, match="entit"):
            parsed(name, document(name, LAUGHS, "&a11;"))

    def test_entities_that_hide_in_attributes_are_refused(self, name: str) -> None:
        with pytest.raises(YakubunError, match="entit"):
            parsed(name, document(name, '<!ENTITY a "' + "x" * 3000 + '">', '<g id="' + "&a;" * 1000 + '"/>'))

    def test_a_private_file_is_not_read(self, name: str, tmp_path: Path) -> None:
        secret = tmp_path / "secret.txt"
        secret.write_text("TOP SECRET", "utf-8")
        with pytest.raises(YakubunError) as caught:
            parsed(name, document(name, f'<!ENTITY a SYSTEM "{secret.as_uri()}">', "&a;"))
        assert "SECRET" not in str(caught.value)

    def test_an_included_file_is_not_read(self, name: str, tmp_path: Path) -> None:
        (tmp_path / "secret.txt").write_text("TOP SECRET", "utf-8")
        uri = (tmp_path / "secret.txt").as_uri()
        inclusion = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{uri}" parse="text"/>'
        assert "SECRET" not in str(parsed(name, HEADS[name][1].format("あ" + inclusion).encode()))

    def test_the_network_is_not_asked(self, name: str, address: str, asked: list[str]) -> None:
        root = HEADS[name][0]
        for doctype in (
            f'<!DOCTYPE {root} SYSTEM "{address}/a.dtd">',
            f'<!DOCTYPE {root} [<!ENTITY % a SYSTEM "{address}/b.dtd"> %a;]>',
            f'<?xml-stylesheet href="{address}/c.xsl"?>',
        ):
            data = f"{doctype}{HEADS[name][1].format('あ')}".encode()
            try:
                parsed(name, data)
            except YakubunError:
                continue
        assert asked == []

    def test_deep_nesting_is_refused(self, name: str) -> None:
        with pytest.raises(YakubunError, match="not well-formed"):
            parsed(name, HEADS[name][1].format("<g id='1'>" * 50_000 + "</g>" * 50_000).encode())

    def test_many_inline_elements_are_read(self, name: str) -> None:
        found = parsed(name, HEADS[name][1].format("".join(f"<g id='n{n}'>あ</g>" for n in range(20_000))).encode())
        assert found is not None  # a scan of all numbers for each of them would take minutes


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def address(asked: list[str]) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
