"""American and British spelling, by a table of words: which word is which, and nothing about where it stands.

``housestyle.py`` decides what of a text may be respelled (no addresses, no titles); this module knows the words.
A table, unlike a rule such as *-ize to -ise*, never turns ``prize`` into ``prise``.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

Spelling = Literal["us", "uk"]

# American ending, British ending, what may follow both, and the stems before them. A stem need not take every suffix:
# a word that does not exist costs nothing.
_FAMILIES = (
    (
        "iz",
        "is",
        "e es ed er ers ing able ably ation ations ational",
        """
apolog author categor central character civil colon commercial computer container critic custom decentral
demilitar demobil democrat destabil digit dramat econom emphas equal familiar fertil final formal general global
harmon hospital hypothes ideal immobil industrial internal jeopard legal legitim liberal local marginal material
maxim mechan memor militar minim mobil modern monet monopol national natural neutral normal optim organ patron
penal polar politic pressur priorit privat professional public radical random rational real recogn reorgan
revital sanit scrutin sensit serial social special stabil standard subsid summar symbol sympath synchron terror
tranquil trivial urban util vandal victim visual weapon western
""",
    ),
    (
        "or",
        "our",
        "- s ed ing er ers y ful less able ably ite ites itism ly hood hoods",
        """
arb ard arm behavi belab cand clam col demean discol disfav dishon endeav fav ferv flav harb hon hum lab misbehavi
neighb od parl ranc rig rum sav savi splend succ tum val vap vig
""",
    ),
    (
        "er",
        "re",
        "- s",
        """
amphitheat calib cent centimet epicent fib kilomet lit lust meag millilit millimet nanomet reconnoit sab somb spect
theat
""",
    ),
    (
        "",
        "l",
        "ed ing er ers or ors ous ously",
        """
cancel channel council counsel dial equal fuel initial jewel label level marshal marvel model panel quarrel
refuel rival signal total travel tunnel unravel
""",
    ),
)

# The rest: American stem, British stem, the endings that both take ("-" is the bare stem). Before the endings may stand
# "<" (changed to American only: the American form is a British word too, as check, story or meter), ">" (changed to
# British only: American houses write dialogue too) and "_" (in small letters only: Gray and Tyre are names).
_WORDS = """
acknowledgment acknowledgement - s; aging ageing -; airplane aeroplane - s; aluminum aluminium -;
amid amidst < -; among amongst < -; analog analogue > - s; analyz analys e ed er ers ing; anemia anaemia -;
behavioral behavioural - ly; behaviorist behaviourist - s;
anesthesia anaesthesia -; anesthetic anaesthetic - s; appall appal - s; archeolog archaeolog y ist ists ical;
artifact artefact - s; catalog catalogue - s; cataloged catalogued -; catalyz catalys e ed ing;
centered centred -; centering centring -; check cheque < - s; checkbook chequebook < - s;
colorist colourist - s; cozy cosy -; curb kerb < - s; defense defence - s less;
defenseman defenceman -; dialog dialogue > - s; diarrhea diarrhoea -;
distill distil - s; encyclopedia encyclopaedia - s; enroll enrol - s ment ments; enthrall enthral - s;
esophagus oesophagus -; estrogen oestrogen -; fetus foetus < - es; fulfill fulfil - s ment; glamor glamour > -;
gram gramme < - s; gray grey _ - s ing; grayish greyish -; gynecolog gynaecolog y ist ists;
hemophilia haemophilia - c cs; hemorrhag haemorrhag e es ed ing; inquiries enquiries < -; inquiry enquiry < -;
installment instalment - s; instill instil - s; jewelry jewellery -; judgment judgement < - s;
kidnaped kidnapped > -; kidnaping kidnapping > - s; leukemia leukaemia -; license licence < - s;
maneuver manoeuvre - s; maneuverability manoeuvrability -; maneuverable manoeuvrable -; maneuvered manoeuvred -;
maneuvering manoeuvring -; meter metre < - s; mold mould - s ed ing y; molt moult - s ed ing;
monolog monologue > - s; mustache moustache - s d; offense offence - s; orthopedic orthopaedic - s;
pajamas pyjamas -; paleontolog palaeontolog y ist ists; paralyz paralys e ed ing;
pediatric paediatric - s ian ians; plow plough - s ed ing; practic practis < e ed es ing; pretense pretence - s;
program programme - s; skeptic sceptic - s al ally ism; skillful skilful - ly; smolder smoulder - s ed ing;
snowplow snowplough - s; stories storeys < -; story storey < -; sulfate sulphate - s; sulfur sulphur - ic;
tire tyre <_ - s; toward towards -; tranquility tranquillity -; while whilst < -; willful wilful - ly;
woolen woollen - s; worshiped worshipped > -; worshiper worshipper > - s; worshiping worshipping > -
"""

# Official names and set phrases that no house style respells.
KEPT = (
    "Department of Defense",
    "Secretary of Defense",
    "Department of Labor",
    "Pearl Harbor",
    "World Trade Center",
    "Lincoln Center",
    "Rockefeller Center",
    "Kennedy Space Center",
    "Johnson Space Center",
    "World Health Organization",
    "World Trade Organization",
    "International Labour Organization",
    "International Maritime Organization",
    "Labour Party",
    "Labor Day",
    "Sydney Harbour",
    "computer program",
    "computer programs",
    "software program",
    "software programs",
)


def respell(word: str, spelling: Spelling) -> str:
    """Return an English word in the wanted spelling, its capitals as they were; itself if the table has it not.

    Example:
        >>> respell("Defense", "uk"), respell("COLOURS", "us"), respell("prize", "uk"), respell("check", "uk")
        ('Defence', 'COLORS', 'prize', 'check')
    """
    changed, small_only = _tables(spelling)
    other = changed.get(word.lower())
    if other is None or (word.lower() in small_only and not word.islower()):
        return word
    if word.islower():
        return other
    if word.isupper():
        return other.upper()
    return other.capitalize() if word == word.capitalize() else word


def changes(spelling: Spelling) -> dict[str, str]:
    """Return every word, in small letters, that is changed to reach a spelling, with what it becomes."""
    return dict(_tables(spelling)[0])


@cache
def _tables(spelling: Spelling) -> tuple[dict[str, str], frozenset[str]]:
    """Return what every word to change becomes, and which words are changed in small letters only."""
    changed: dict[str, str] = {}
    small_only: set[str] = set()

    def add(american: str, british: str, endings: list[str], flags: str = "") -> None:
        old, new = (british, american) if spelling == "us" else (american, british)
        if (">" if spelling == "us" else "<") in flags:
            return
        for ending in endings:
            changed[old + ending.strip("-")] = new + ending.strip("-")
            if "_" in flags:
                small_only.add(old + ending.strip("-"))

    for us, uk, endings, stems in _FAMILIES:
        for stem in stems.split():
            add(stem + us, stem + uk, endings.split())
    for entry in _WORDS.split(";"):
        american, british, *rest = entry.split()
        flags = rest.pop(0) if rest[0][0] in "<>_" else ""
        add(american, british, rest, flags)
    return changed, frozenset(small_only)
