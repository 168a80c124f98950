"""Every Japanese encoding is recognised, from a few characters on, and what is no text is refused with advice."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.encoding import Decoded, decode, encode
from translate.errors import InputError

SHORT_NEWS = [
    "橋",
    "東京",
    "速報",
    "ニュース",
    "株価が3%上昇",
    "首相官邸で会見",
    "新しい橋が開通",
    "市長は会見で謝罪した。",
    "港の倉庫で火事があった。",
    "明日は晴れ、波は1メートル。",
    "雪まつり開幕、来場者は過去最多に",
    "A社とB社が合併へ",
    "（終わり）",
    "「もう待てない」と店主",
    "古寺（律宗）",
    "スキー場オープン",
    "電力需給ひっ迫、節電を要請\n各社が対応を急ぐ",
    "町議選の結果\n\n投票率は52.4%だった。\n",
    "米価下落\r\n農家は悲鳴\r\n",
    "タロー・ヤマダ氏\n「記録より記憶を」\n",
    "廊下は混雑していた",
    "噴火警戒レベル引き上げ",
    "蜃気楼を撮影\t富山湾",
]
LEGACY = ["cp932", "euc_jp", "iso2022_jp"]
MARKED = [("utf-8", codecs.BOM_UTF8), ("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE),
          ("utf-32-le", codecs.BOM_UTF32_LE), ("utf-32-be", codecs.BOM_UTF32_BE)]  # fmt: skip


@pytest.mark.parametrize("codec", LEGACY)
@pytest.mark.parametrize("text", SHORT_NEWS)
def test_short_japanese_lines_are_recognised(codec: str, text: str) -> None:
    assert decode(text.encode(codec), "a.txt") == Decoded(text, codec)


@pytest.mark.parametrize("text", SHORT_NEWS)
def test_utf8_without_a_mark_is_recognised(text: str) -> None:
    assert decode(text.encode(), "a.txt") == Decoded(text)


@pytest.mark.parametrize(("encoding", "bom"), MARKED)
def test_a_byte_order_mark_decides_and_is_remembered(encoding: str, bom: bytes) -> None:
    data = bom + "港で火事\n".encode(encoding)
    decoded = decode(data, "a.txt")
    assert decoded == Decoded("港で火事\n", encoding, bom=True)
    assert encode(decoded.text, decoded) == data


@pytest.mark.parametrize("codec", ["cp932", "euc_jis_2004"])
def test_vendor_characters_are_read(codec: str) -> None:
    text = "①港の整備\n②船の更新\nこれらは㈱みなと建設が受け持つ。"
    assert decode(text.encode(codec), "a.txt") == Decoded(text, codec)


@pytest.mark.parametrize("codec", ["utf-8", *LEGACY])
def test_line_ends_are_not_touched(codec: str) -> None:
    text = "一行目\r\n二行目\n三行目\r四行目"
    assert decode(text.encode(codec), "a.txt").text == text


@pytest.mark.parametrize("text", SHORT_NEWS)
@pytest.mark.parametrize("codec", ["utf-8", *LEGACY])
def test_encoding_again_gives_the_same_bytes(codec: str, text: str) -> None:
    data = text.encode(codec)
    assert encode(text, decode(data, "a.txt")) == data


@pytest.mark.parametrize("data", [b"", b"\n \t\r\n", codecs.BOM_UTF8, "\u3000\n\xa0\n".encode()])
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match=r"news\.txt: the file is empty; put"):
        decode(data, "news.txt")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a PNG image"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"PK\x03\x04\x14\x00", "Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "old Word"),
        (b"{\\rtf1\\ansi", "an RTF document"),
        (b"abc\x00def", "byte 3 is NUL"),
        ("港".encode("utf-16-le") + b"\n\x00", "UTF-16 without a byte order mark"),
    ],
)
def test_binary_files_are_refused_by_name(data: bytes, what: str) -> None:
    with pytest.raises(InputError, match=what) as caught:
        decode(data, "news.txt")
    assert str(caught.value).startswith("news.txt: ")


def test_one_bad_byte_in_utf8_is_pointed_at_and_not_read_as_shift_jis() -> None:
    good = "市長は会見で謝罪した。".encode()
    with pytest.raises(InputError, match=f"news.txt: byte {len(good)} is not valid UTF-8"):
        decode(good + b"\xff" + good, "news.txt")


def test_a_cut_off_utf8_file_is_pointed_at() -> None:
    data = "市長は会見で謝罪した。".encode()[:-1]
    with pytest.raises(InputError, match=f"byte {len(data) - 2} is not valid UTF-8"):
        decode(data, "news.txt")


@pytest.mark.parametrize(("codec", "name"), [("cp932", "Shift_JIS"), ("euc_jp", "EUC-JP")])
def test_a_bad_byte_in_a_legacy_file_is_pointed_at_with_the_closest_codec(codec: str, name: str) -> None:
    good = "市長は会見で謝罪した。港の倉庫で火事があった。".encode(codec)
    with pytest.raises(
        InputError, match=rf"byte {len(good)} cannot be decoded.*{name}.*iconv -f .* -t UTF-8 news\.txt"
    ):
        decode(good + b"\xff\xff" + good, "news.txt")


def test_damaged_utf16_names_the_byte() -> None:
    with pytest.raises(InputError, match="byte 4 cannot be decoded"):
        decode(codecs.BOM_UTF16_LE + "港".encode("utf-16-le") + b"\x00\xd8", "a.txt")


def test_a_character_outside_the_encoding_is_named() -> None:
    with pytest.raises(InputError, match=r"U\+1F600.*Shift_JIS; write UTF-8"):
        encode("😀", Decoded("", "cp932"))


@given(st.binary(max_size=200))
def test_no_bytes_cause_anything_but_an_input_error(data: bytes) -> None:
    try:
        decoded = decode(data, "a.txt")
    except InputError:
        return
    assert decoded.text.strip()


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00\x1b"), max_size=80), st.sampled_from(MARKED))
def test_any_text_with_a_mark_comes_back(text: str, mark: tuple[str, bytes]) -> None:
    encoding, bom = mark
    data = bom + text.encode(encoding)
    if text.strip() and not (encoding == "utf-16-le" and data.startswith(codecs.BOM_UTF32_LE)):
        decoded = decode(data, "a.txt")
        assert (decoded.text, encode(decoded.text, decoded)) == (text, data)
