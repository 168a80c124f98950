"""Words that a mutation would take long to find by chance: the fuzzer strews them into what it tries."""

from __future__ import annotations

_XML = (
    '<?xml version="1.0" encoding="utf-8"?>', "<!DOCTYPE a [", '<!ENTITY b "c">', "&b;", "<![CDATA[", "]]>",
    "<!--", "-->",
    ' xml:lang="ja"', ' xml:lang="en"', "<?a b?>", "&#x1F;", "&#xD800;", "&amp;", ' xmlns:a="b"', "</a>",
)  # fmt: skip
_TABLE = ('"', '""', ",", ";", "\t", "\r\n", "\r", "source,target", "'=", "=", "|", "\ufeff", "\x00")
_JSON = ('{"', '":', '"}', "[[[[", "null", "1e999", "NaN", "\\ud800", "-0", "123456789012345678901234567890")
_JAPANESE = (
    "。",
    "、",
    "「",
    "」",
    "『",
    "』",
    "（",
    "）",
    "！",
    "？",
    "\u3000",
    "ー",
    "国防総省",
    "米",
    "モーニング娘。",
)
_NUMBERS = (
    *("令和", "平成", "元年", "午前", "午後", "時", "分", "半", "億", "兆", "京", "万", "千", "百", "十"),
    *("〇", "分の", "％", "割", "円", "$", "€", "第", "回", "歳", "代", "世紀", "年度", "から", "〜"),
    *(
        ".",
        ",",
        "／",
        "曜日",
        "紀元前",
        "正午",
        "January",
        "million",
        "hundred",
        "1990s",
        "noon",
        "p.m.",
        "century",
        "one",
        "half",
        "percent",
    ),
)
_ENGLISH = (
    "the ",
    "a ",
    "an ",
    "“",
    "”",
    "‘",
    "’",
    '"',
    "...",
    "—",
    "Pentagon",
    "defence",
    "Shigeru",
    "Ishiba",
    "http://",
)
_TAGS = ("<1>", "</1>", "<2/>", "<10>", "</10>", "<0/>", "<99999999999999999999/>")
_HOSTILE = ("\x00", "\x1b[31m", "\u202e", "\u2066", "\u2028", "\ud800", "\udfff", "\ufffe", "\r", "\n", "\u0085")

TOKENS: dict[str, tuple[str, ...]] = {
    "encoding": ("\x1b$B", "\x1b(B", *_HOSTILE),
    "text": (*_JAPANESE, "\n\n", "目次", "・", "1. ", "【", "関連記事", *_HOSTILE),
    "markdown": (
        "#", "##", "```", "~~~", "    ", "> ", "- ", "1. ", "* ", "**", "*", "_", "__", "`", "~~", "[", "](",
        ")", "![", "<a>",
        "</a>", "<!--", "-->", "|", "|-|-|", "[^1]", "[^1]:", "[a]:", "---\ntitle: ", "+++\n", "$$", "\\",
        "&amp;", "<br>",
        *_JAPANESE, *_TAGS,
    ),
    "html": (
        "<p>", "</p>", "<a href=", "<b>", "</b>", "<ruby>", "<rt>", "</rt></ruby>", "<article>", "</article>",
        "<title>",
        "<meta name=description content=", "<script>", "</script>", "<!--", "-->", "<![CDATA[", "<br/>",
        "<code>", "<h1>",
        "<table><tr><td>", "<img alt='", "<template>", "<svg>", "&#", "&#x10ffff;", "&nbsp", "hidden", "role=main",
        *_JAPANESE, *_TAGS,
    ),
    "po": (
        'msgid "', 'msgstr "', 'msgctxt "', 'msgid_plural "', 'msgstr[0] "', '"\n', "#, fuzzy", "#: ", "#. ",
        "# ", "#~ ",
        "#| ", "#~| ", "\\n", '\\"', "\\\\", "\\a", "\\x", "# mt: fake@1 terms:0/0#a sha:00000000", "# waive: a: b",
        "X-Source-Path: ", "Content-Type: text/plain; charset=", "\u2068", "\u2069", *_TAGS, *_HOSTILE,
    ),
    **dict.fromkeys(("glossary-csv", "glossary-omegat", "glossary-deepl", "exchange-csv"), (*_TABLE, "blocker",
    "dnt", "ja")),
    "glossary-tbx": (*_XML, "<tbx>", "<conceptEntry>", "<langSec", "<termSec>", "<term>", "</term>",
    "<note>yakubun: mode=dnt"),
    "tmx": (*_XML, "<tmx>", "<body>", "<tu>", "<tuv", "<seg>", "</seg>", '<bpt i="1">', '<ept i="1">',
    "<prop type=", "<ph/>"),
    "xliff": (
        *_XML, '<xliff version="1.2">', '<xliff version="2.0">', "<file", "<body>", "<trans-unit", "<unit>",
        "<segment", "<source>",
        "<target", '<g id="1">', '<pc id="1">', '<ph id="1"/>', "<alt-trans", "<ignorable>", "<mrk>",
        '<cp hex="001F"/>',
    ),
    **dict.fromkeys(("ledger", "stored", "journal", "memory"), (*_JSON, '"msgid"', '"source"', '"target"',
    '"id"', '"score"')),
    "config": ("[checks]", "[style]", "engine", "glossaries", "locales", "=", '"', "'''", "[[", "]]", "0x",
    "1e9", "true", "\\u"),
    "comments": ("mt: fake@1", "terms:1/2#a", "sha:00000000", "stage:", "waive: ", "：", "yakubun: was: ", *_HOSTILE),
    "numbers": (*_NUMBERS, *_TAGS, "\n"),
    **dict.fromkeys(("segmentation", "matching"), (*_JAPANESE, *_NUMBERS, "\n", *_HOSTILE)),
    **dict.fromkeys(("english", "checks", "tags", "shown"), (*_ENGLISH, *_TAGS, *_JAPANESE, *_HOSTILE)),
    "boilerplate": ("/", "\n", "(", ")*", "[", "^", "(?P<a>", "{1,9999999999}", "\\1", "(?s)", "(?i:"),
    "training": ("\t", "\n", "\u202e", "\x1f\x8b\x08"),
}  # fmt: skip
"""Target → its words."""


def dictionary(name: str) -> str:
    """Return a target's words as libFuzzer reads them."""
    words = (word.encode("utf-8", "surrogatepass") for word in TOKENS[name])
    return "".join('"' + "".join(f"\\x{byte:02x}" for byte in word) + '"\n' for word in dict.fromkeys(words))
