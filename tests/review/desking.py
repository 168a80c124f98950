"""What the tests of the desk share: a few segments of the harbor article, and a person at work."""

from __future__ import annotations

from translate.interchange.exchanged import unit_key
from translate.review.desk import Desk
from translate.review.model import Row
from translate.review.outcomes import Outcome

CAPTAIN = "汐見丸の船長は「板が抜けて危なかった」と話す。"
PIER = "白浜港の桟橋が古くなり、町は改修を決めた。"
HEAD = "漁協の組合長は「海はまだ元気だ」と笑った。"
BUYERS = "朝の市場には若い買い手が増えた。"
COOPERATIVE = "漁協は工事の間、隣の港を使う。"


def row(desk: Desk, msgid: str, key: str = "harbour") -> Row:
    return desk.row(key, unit_key(msgid))


def save(desk: Desk, seen: Row, english: str, *, approve: bool = True, actor: str = "ann") -> Outcome:
    return desk.save("harbour", seen.id, seen.version, english, approve=approve, actor=actor)
