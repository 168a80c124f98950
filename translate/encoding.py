"""Bytes to text and back, for articles that come from anywhere in Japan's history of encodings.

UTF-8 and byte order marks are recognised by rule. Among the Japanese codecs the bytes themselves decide: a lead byte
of Shift_JIS kana or common kanji is illegal in EUC-JP, so text that is valid EUC-JP is EUC-JP. That rule is right on
a single short line, where statistical detection is not; charset-normalizer only names a suspect in error messages.
Line ends are never touched.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from translate.errors import InputError

_BOMS = (  # the UTF-32 mark starts with the UTF-16 one, so it comes first
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BOM_OF = {encoding: bom for bom, encoding in _BOMS}

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive, or a Word, Excel or OpenDocument file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word or Excel file"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b\x08", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
)

_JIS_ESCAPE = re.compile(rb"\x1b\$(?:[@B]|\([DOPQ])")
_JIS_CODECS = ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2004")
# What cp932 makes of the bytes 80, FD, FE and FF, which no Shift_JIS text holds.
_NOT_SHIFT_JIS = re.compile("[\x80\uf8f1-\uf8f3]")
_KANA = re.compile("[ぁ-ゖァ-ヺー、。「」]")
_HALF_WIDTH = re.compile("[｡-ﾟ]")
_NAMES = {"cp932": "Shift_JIS", "euc_jp": "EUC-JP", "utf-8": "UTF-8"}
_CONVERT = "convert it to UTF-8, for example with `iconv -f {codec} -t UTF-8 {path}` or in your editor"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text and what is needed to write it back.

    Attributes:
        text: The whole text, line ends as they stood, without the byte order mark.
        encoding: Python's name of the codec.
        bom: Whether the bytes began with a byte order mark.
    """

    text: str
    encoding: str = "utf-8"
    bom: bool = False


def decode(data: bytes, path: str) -> Decoded:
    """Decode an article in UTF-8, UTF-16/32 with a byte order mark, Shift_JIS, EUC-JP or ISO-2022-JP.

    Args:
        data: The file's bytes.
        path: Its name, for messages.

    Raises:
        InputError: The file is empty, binary, damaged, or in another encoding.

    Example:
        >>> decode("橋が開通した。".encode("euc_jp"), "bridge.txt")
        Decoded(text='橋が開通した。', encoding='euc_jp', bom=False)
    """
    decoded = _decode(data, path)
    if not decoded.text.strip():
        raise InputError(f"{path}: the file is empty; put the article's text into it")
    return decoded


def encode(text: str, decoded: Decoded) -> bytes:
    """Encode a text as the file that ``decoded`` came from was encoded.

    Raises:
        InputError: A character does not exist in that encoding.
    """
    try:
        body = text.encode(decoded.encoding)
    except UnicodeEncodeError as error:
        bad = text[error.start]
        raise InputError(
            f"{bad!r} (U+{ord(bad):04X}) cannot be written in {_name(decoded.encoding)}; write UTF-8 instead"
        ) from error
    return _BOM_OF[decoded.encoding] + body if decoded.bom else body


def _decode(data: bytes, path: str) -> Decoded:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return Decoded(data[len(bom) :].decode(encoding), encoding, bom=True)
            except UnicodeDecodeError as error:
                raise _undecodable(path, encoding, len(bom) + error.start) from error
    _refuse_binary(data, path)
    if data.isascii() and _JIS_ESCAPE.search(data):
        return _first_that_fits(data, path, _JIS_CODECS)
    try:
        return Decoded(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(data):
            raise InputError(
                f"{path}: byte {error.start} is not valid UTF-8, though the rest of the file is; "
                "fetch the file again, or repair that place in an editor"
            ) from error
    return _legacy(data, path)


def _legacy(data: bytes, path: str) -> Decoded:
    """Decode Shift_JIS or EUC-JP; EUC-JP also with the vendor characters (①, ㈱) that the plain codec lacks."""
    try:
        return Decoded(data.decode("euc_jp"), "euc_jp")
    except UnicodeDecodeError as error:
        failures = [error]
    readings = []
    for codec in ("cp932", "euc_jis_2004"):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError as error:
            failures.append(error)
            continue
        if codec == "cp932" and (alien := _NOT_SHIFT_JIS.search(text)):
            at = len(text[: alien.start()].encode(codec))
            failures.append(UnicodeDecodeError(codec, data, at, at + 1, "no such character"))
            continue
        readings.append(Decoded(text, codec))
    if readings:
        return max(readings, key=lambda decoded: _plausibility(decoded.text))
    # The codec that got furthest is the likeliest one, and stopped at the damage.
    furthest = max(failures, key=lambda failure: failure.start)
    raise _undecodable(path, furthest.encoding, furthest.start, _suspect(data)) from furthest


def _plausibility(text: str) -> int:
    """Score a reading: Japanese is full of kana; the wrong codec turns them into half-width ones."""
    return len(_KANA.findall(text)) - len(_HALF_WIDTH.findall(text))


def _first_that_fits(data: bytes, path: str, encodings: tuple[str, ...]) -> Decoded:
    at = 0
    for encoding in encodings:
        try:
            return Decoded(data.decode(encoding), encoding)
        except UnicodeDecodeError as error:
            at = max(at, error.start)
    raise _undecodable(path, encodings[0], at)


def _is_damaged_utf8(data: bytes) -> bool:
    """Tell UTF-8 with a few bad bytes from text in another encoding.

    Japanese in UTF-8 is made of three-byte characters; other encodings form those by chance only, and rarely.
    """
    good = bad = 0
    for char in data.decode("utf-8", errors="surrogateescape"):
        if "\udc80" <= char <= "\udcff":
            bad += 1
        elif char >= "\u0800":
            good += 1
    return good > bad


def _refuse_binary(data: bytes, path: str) -> None:
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise InputError(f"{path}: this is {what}, not plain text; save or export the article as text first")
    at = data.find(0)
    if at >= 0:
        raise InputError(
            f"{path}: byte {at} is NUL, so this is a binary file or UTF-16 without a byte order mark; "
            f"if it is text, {_CONVERT.format(codec='UTF-16LE', path=path)}"
        )


def _suspect(data: bytes) -> str | None:
    """Name the encoding that statistics suggest, from the file's first part."""
    import charset_normalizer  # only on the way to an error: importing it costs more than decoding

    best = charset_normalizer.from_bytes(data[:20_000]).best()
    return best.encoding if best is not None and best.encoding not in ("ascii", "utf_8") else None


def _undecodable(path: str, encoding: str, at: int, suspect: str | None = None) -> InputError:
    guess = f"; it may be {suspect}" if suspect else ""
    convert = _CONVERT.format(codec=suspect or "THE_REAL_ENCODING", path=path)
    return InputError(
        f"{path}: byte {at} cannot be decoded: the file is neither UTF-8 nor a known Japanese encoding "
        f"(closest: {_name(encoding)}){guess}; repair that place, or {convert}"
    )


def _name(encoding: str) -> str:
    return _NAMES.get(encoding, encoding.replace("_", "-").upper())
