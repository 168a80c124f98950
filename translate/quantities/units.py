"""Units that stand behind a Japanese number: currencies, counters, and what makes a number something else."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Currency:
    """One currency and its English.

    Attributes:
        code: ISO 4217.
        name: The noun of one unit, as news writes it.
        names: Further nouns that count as right.
        signs: What may stand before the figure; the first of them is the target's if ``sign_first``.
        uninflected: Whether the plural is the singular (yen, yuan).
        sign_first: Whether news writes the sign, not the noun ($43, but 43 yen).
        cents: What a hundredth is called; empty if nobody says so.
    """

    code: str
    name: str
    names: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    uninflected: bool = False
    sign_first: bool = False
    cents: str = ""


_JAPANESE = {
    ("円", "日本円"): Currency("JPY", "yen", ("Japanese yen",), ("¥", "JPY"), True, cents="銭"),
    ("ドル", "米ドル", "USドル", "米国ドル"): Currency(
        "USD", "dollar", ("U.S. dollar", "US dollar", "American dollar"), ("$", "US$", "USD"), False, True, "セント"
    ),
    ("ユーロ",): Currency("EUR", "euro", (), ("€", "EUR"), cents="セント"),
    ("英ポンド", "ポンド"): Currency("GBP", "pound", ("British pound", "pound sterling"), ("£", "GBP")),
    ("人民元", "中国元", "元"): Currency(
        "CNY", "yuan", ("Chinese yuan", "renminbi", "RMB"), ("CN¥", "¥", "RMB", "CNY"), True
    ),
    ("ウォン", "韓国ウォン"): Currency("KRW", "won", ("South Korean won", "Korean won"), ("₩", "KRW"), True),
    ("台湾ドル", "台湾元"): Currency("TWD", "Taiwan dollar", ("New Taiwan dollar",), ("NT$", "TWD")),
    ("香港ドル",): Currency("HKD", "Hong Kong dollar", (), ("HK$", "HKD")),
    ("豪ドル", "オーストラリアドル"): Currency("AUD", "Australian dollar", (), ("A$", "AU$", "AUD")),
    ("カナダドル", "加ドル"): Currency("CAD", "Canadian dollar", (), ("C$", "CA$", "CAD")),
    ("シンガポールドル",): Currency("SGD", "Singapore dollar", (), ("S$", "SGD")),
    ("NZドル", "ニュージーランドドル"): Currency("NZD", "New Zealand dollar", (), ("NZ$", "NZD")),
    ("スイスフラン",): Currency("CHF", "Swiss franc", ("franc",), ("CHF",)),
    ("ルーブル", "ロシアルーブル"): Currency("RUB", "ruble", ("rouble", "Russian ruble"), ("₽", "RUB")),
    ("ルピー", "インドルピー"): Currency("INR", "rupee", ("Indian rupee",), ("₹", "Rs", "INR")),
    ("バーツ",): Currency("THB", "baht", ("Thai baht",), ("฿", "THB"), True),
    ("フリブナ",): Currency("UAH", "hryvnia", ("Ukrainian hryvnia",), ("₴", "UAH")),
    ("トルコリラ",): Currency("TRY", "Turkish lira", ("lira",), ("TRY",)),
    ("フィリピンペソ",): Currency("PHP", "Philippine peso", ("peso",), ("₱", "PHP")),
}
CURRENCIES = {name: currency for names, currency in _JAPANESE.items() for name in names}
BY_CODE = {currency.code: currency for currency in CURRENCIES.values()}
SIGNS = {"¥": "JPY", "$": "USD", "US$": "USD", "€": "EUR", "£": "GBP"}
"""Signs before a Japanese figure."""

# A currency's name that begins another word: 円形, ドルチェ, 元首.
_NOT = {
    "円": "形卓周柱盤陣筒",
    "ドル": "チフビ",
    "ユーロ": "スビジ圏",
    "ポンド": "ケ",
    "元": "号旦素年首帥祖気凶請本町村市島日慶老会社社夫妻大幹閣選議首",
    "ウォン": "バカ",
    "ルーブル": "美",
}
CURRENCY = re.compile(
    r"\s?(?P<currency>"
    + "|".join(
        re.escape(name) + (f"(?![{_NOT[name]}])" if name in _NOT else "")
        for name in sorted(CURRENCIES, key=len, reverse=True)
    )
    + r")(?:(?P<cents>\d{1,2})(?:銭|セント))?"
)

PERCENT = re.compile(r"\s?(?:%|パーセント)(?P<point>ポイント)?")

_COUNTRIES = "[カか力ヵヶケ箇]国"
_PLACES = "[カかヵヶケ箇]所"
COUNTED = re.compile(
    rf"人|名(?![前簿])|社|件|台|棟|隻|機|世帯|戸|頭|匹|羽|冊|議席|票|校|{_COUNTRIES}|{_PLACES}|団体|施設|店舗|店|個|枚|通(?!り)|着"
    r"|品目|路線|便|地点|自治体|トン|株|口座|種類|項目|基|床|文字|曲|作品|試合|バレル|部屋|発|本(?![木山田目])"
)
"""Counters after which a number is a plain count: what the counter becomes is the translator's, the number is not."""

MEASURED = re.compile(
    r"\s?(?:平方|立方)?(?:キロ|メートル|センチ|ミリ|グラム|ヘクタール|リットル|カロリー|ワット|メガ|ギガ|ボルト|ヘルツ"
    r"|マイル|フィート|ヤード|インチ|ノット|坪|度(?!目)|℃|°C|[kcm]?m[23²³]?(?![A-Za-z])|[km]?g(?![A-Za-z])|ha(?![A-Za-z])"
    r"|[kMG]?[WV]h?(?![A-Za-z]))"
)
"""Units that English may convert (kilometers to miles), so that the figure is only a hint."""

LASTING = re.compile(
    "(?:年間|[カかヵヶケ箇]月|週間|日間|時間|分間?|秒間?|泊|年(?=ぶり|前|後|以[上内]|連続|近く|にわた)"
    "|日(?=連続|ぶり|以[上内])|倍|つ|回(?!目)|点|勝|敗|ポイント|チーム|グループ)(?!半)"
)
"""Durations and small counts, which English says in many ways (half an hour, a decade, twice)."""

ORDINAL = re.compile("(?:人|回|度|番|年|日|件|社|枚|台|本|つ|試合|カ国)目|位(?![置牌])")
ORDERED = re.compile("(?:回|次|位|代|番|号|四半期)(?:目)?")
"""What stands behind 第 and a figure where English has an ordinal."""

NAMED = re.compile(
    "[号条項章丁階級系型式期戦軍次世乗審区組班課部版巻話幕番類種線輪球塁死打安対元党院代時分女男寸尺弦角色川山島木市町村葉]"
)
"""What makes a figure part of a name or of something whose English differs: 3号機, 5条, 2階, 50代."""
