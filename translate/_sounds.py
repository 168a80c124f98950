"""Tables of ``transliteration``: morae with their romaji, and which letters may stand for a sound at which cost.

A cost says how unusual a spelling is: 0 for what Hepburn or plain English has (``sh`` for シ), up to 0.5 for what one
language does (``x`` for シ in Xi). The costs were set by ear from how newspapers write foreign names, and then checked
against a dictionary of names; a line here needs an example in ``tests/quality/transliteration.tsv``.
"""

from __future__ import annotations

_ROWS = (
    *(("", "アイウエオ"), ("k", "カキクケコ"), ("g", "ガギグゲゴ"), ("s", "サ スセソ"), ("z", "ザ ズゼゾ")),
    *(("t", "タ  テト"), ("d", "ダ  デド"), ("n", "ナニヌネノ"), ("h", "ハヒ ヘホ"), ("b", "バビブベボ")),
    *(("p", "パピプペポ"), ("m", "マミムメモ"), ("y", "ヤ ユ ヨ"), ("r", "ラリルレロ"), ("w", "ワヰ ヱ ")),
)
_SINGLE = {"シ": "shi", "ジ": "ji", "チ": "chi", "ツ": "tsu", "ヂ": "ji", "ヅ": "zu", "フ": "fu", "ヲ": "o", "ヴ": "vu"}
_SINGLE |= {"ヷ": "va", "ヸ": "vi", "ヹ": "ve", "ヺ": "vo", "ヵ": "ka", "ヶ": "ke"}
_SMALL = {"ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o", "ャ": "ya", "ュ": "yu", "ョ": "yo", "ヮ": "wa"}


def _table() -> dict[str, str]:
    """Return every mora of one or two kana with its romaji."""
    table = {
        kana: head + vowel for head, row in _ROWS for kana, vowel in zip(row, "aiueo", strict=False) if kana != " "
    }
    table |= _SINGLE
    pairs: dict[str, str] = {}
    for kana, spelling in table.items():
        head = spelling[:-1]
        if spelling in ("shi", "ji", "chi"):
            pairs |= {kana + small: head + _SMALL[small][-1] for small in "ャュョェ"}
        elif spelling.endswith("i") and head:
            pairs |= {kana + small: head + _SMALL[small] for small in "ャュョ"} | {kana + "ェ": f"{head}ye"}
    for kana, head in (("フ", "f"), ("ヴ", "v"), ("ツ", "ts"), ("ウ", "w"), ("ク", "kw"), ("グ", "gw"), ("ス", "sw")):
        pairs |= {kana + small: head + _SMALL[small] for small in "ァィェォ"}
    pairs |= {"ティ": "ti", "ディ": "di", "トゥ": "tu", "ドゥ": "du", "テュ": "tyu", "デュ": "dyu", "フュ": "fyu"}
    pairs |= {"ヴュ": "vyu", "イェ": "ye", "クヮ": "kwa", "グヮ": "gwa", "ズィ": "zi", "スィ": "si", "ホゥ": "hu"}
    return _SMALL | table | pairs


MORAE: dict[str, str] = _table()
"""A kana, or a kana with a small one → romaji."""


def _costs(lines: str) -> dict[str, dict[str, float]]:
    """Read ``sound: letters letters=cost …``; a sound may have several lines."""
    table: dict[str, dict[str, float]] = {}
    for line in lines.strip().splitlines():
        sound, _, spellings = line.strip().partition(": ")
        pairs = (one.partition("=") for one in spellings.split())
        table.setdefault(sound, {}).update((letters, float(cost or 0)) for letters, _, cost in pairs)
    return table


VOWELS = _costs("""
a: a u=.1 e=.2 o=.2 ar er=.1 or=.3 ur=.2 au=.1 ae=.1 ea=.2 ah i=.4 y=.5 ou=.2 ir=.3 re=.2 aa
i: i e=.1 y ee ea ie ey ei=.1 ij=.1 u=.4 a=.4 ii igh=.2 ih j=.3 ui=.3 oi=.5 ae=.4
u: u v=.2 oo ou o=.2 w=.2 ue eu=.1 ew=.1 iu=.2 ui=.3 e=.4 i=.4 y=.4 uh a=.5 wo=.2
e: e a=.1 ae ai=.1 ei=.1 i=.2 ea ay=.1 ey=.1 oe=.1 y=.4 u=.4 eh o=.3 ee=.2
o: o a=.2 au aw=.1 ou oa u=.2 ow eau oh oo e=.3 augh=.1 al=.2 ol=.2 eo=.2 or=.1 ough
ー: r h w=.2 gh re er=.1 e=.1 a=.1 i=.1 o=.1 u=.1 y=.1 ll=.4 l=.4 rr=.1 rh=.1 ah uh oh rt=.7 ugh=.1
""")
"""Vowels and the long mark → spelling → cost."""

CONSONANTS = _costs("""
k: k c ck ch=.05 q qu=.05 cc kk kh que cch=.05 g=.4 h=.4 ks=.25 kks=.25 kc=.1
kw: qu kw cu=.05 kou=.1 gu=.2 cou=.1 ku
g: g gg gh gu=.1 k=.4 c=.4 gue ng=.2 h=.4 j=.5 x=.3
gw: gu gw go=.1 gou=.1
s: s ss c th=.05 z=.2 sc ps sz=.05 sth=.1 ts=.3 ce se sw=.3 x=.2 ks=.35 sch=.3
sw: sw su=.05 zw=.2
sh: sh sch s=.2 ch=.1 c=.2 ti=.2 sc=.15 ss=.2 sz=.15 x=.2
sh: sj=.1 skj=.1 ci=.15 si=.15 th=.25 ssi=.15 z=.35 shch hs=.2 tsch=.3 xi=.2
z: z s=.1 zz th=.1 ds=.1 tz=.25 ts=.3 dz=.1 x=.2 ss=.3 sz=.3 ks=.3 c=.4
j: j g dg=.05 z=.2 dj gi=.05 gg=.05 di=.2 zh s=.3 si=.2 dz=.2
j: jh dsch=.1 y=.4 dge gh=.3 th=.4 d=.35 ti=.4 gy=.1 ch=.4 dzh x=.4 zi=.25
t: t tt th=.05 d=.3 pt=.1 dt=.05 te ght=.05 ct=.2 bt=.1
ch: ch tch t=.2 c=.2 cc=.15 cz=.05 q=.2 tsch ti=.15 tx=.15 tj=.15 tsh
ch: z=.35 ts=.3 tt=.2 tz=.3 ci=.1 cs=.15 th=.25 ky=.3 k=.45 kj=.25 j=.4 zh=.3 tsj=.1
ts: ts tz z=.1 t=.15 c=.25 zz=.05 tt=.15 ds=.25 tts cz=.2 s=.35 th=.2 tzs=.1 zs=.2
d: d dd dh t=.3 th=.25 ld=.3
n: n nn kn=.05 gn=.1 nh=.1 ng=.25 mn=.2 m=.6 ny=.1
ン: n m nn mm=.1 ng ngh=.05 nk=.3 nc=.3 mp=.3 nt=.3 nd=.3 ne=.05 gn=.2
h: h j=.1 ch=.15 kh=.1 f=.3 g=.3 x=.25 hh=.1 gh=.15 wh=.2 k=.4 r=.5
f: f ff ph h=.2 v=.1 w=.2 wh=.15 gh=.2 pf=.1 pph=.1 b=.5 hu=.2
b: b bb v=.05 w=.3 bh vv=.1 be p=.4 f=.5
p: p pp ph=.3 b=.35 pe
m: m mm mb=.1 mn=.1 n=.5 gm=.2
y: y j i=.1 e=.2 ll=.1 g=.4 h=.4 ie=.15 yi hi=.15 ii=.1 u=.1
r: r l rr ll rh lh wr rl=.15 lr=.2 le re hl=.2 hr=.2 lle
w: w u=.1 v=.05 o=.1 hu=.1 gu=.2 wh ou=.1 hw=.1 oi=.1 wr=.3 ł=.1 l=.45 b=.4
v: v w=.05 b=.2 f=.1 vv ve
""")
"""Consonants, y and w among them → spelling → cost."""

DROPPED: dict[str, float] = {
    **dict.fromkeys("aeio", 0.42),
    "u": 0.15,
    "ー": 0.0,
    "y": 0.2,
    "w": 0.4,
    "h": 0.35,
    "ン": 0.7,
    **{f"{head}u": 0.0 for head in ("k", "g", "s", "z", "ts", "f", "b", "p", "m", "r", "v", "n")},
    "to": 0.0,
    "do": 0.0,
    "chi": 0.1,
    "ji": 0.1,
    "shi": 0.1,
    "ki": 0.12,
    "yu": 0.1,
    "shu": 0.05,
    "ju": 0.1,
    "aa": 0.1,
    "ii": 0.1,
    "uu": 0.0,
    "ee": 0.1,
    "oo": 0.1,
    "ou": 0.05,
    "ei": 0.05,
}
"""A sound, or a sound behind another → what it costs that no letter stands for it (0.9 if not listed)."""

ADDED: dict[str, float] = {
    **dict.fromkeys("aeiou", 0.32),
    "h": 0.12,
    "w": 0.2,
    "y": 0.2,
    "r": 0.4,
    "ar": 0.05,
    "er": 0.05,
    "or": 0.05,
    "ir": 0.05,
    "ur": 0.05,
    "t": 0.55,
    "d": 0.7,
    "s": 0.6,
    "l": 0.6,
    "g": 0.6,
    "ng": 0.15,
    "mb": 0.2,
    "p": 0.7,
    "tz": 0.1,
    "j": 0.4,
}
"""A letter, or a letter behind another → what it costs that it stands for no sound (0.9 if not listed)."""

WEIGHT = {"consonant": 1.0, "vowel": 0.35}
"""What a sound or letter adds to the size of its word."""
