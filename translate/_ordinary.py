"""The words of headlines: what is an ordinary word, what a name, as far as a list can tell. Used by ``headings``."""

from __future__ import annotations


def _words(text: str, separator: str | None = None) -> frozenset[str]:
    return frozenset(word.strip() for word in text.split(separator))


SMALL = _words("a an and as at but by for if in nor of off on or out per so the to up v via vs yet")
"""Articles, conjunctions and prepositions that title case leaves small."""

LONG_PREPOSITIONS = _words("""
about above after against along amid among around before behind between during from into like near onto over
since than that through toward towards under until upon when with within without
""")
"""Written small in title case by many houses, so they say nothing about which case a heading is in."""

ACRONYMS = _words("""
AI AP APEC ASEAN AU BBC CDC CEO CIA CNN COP EU FBI G7 G20 GDP GPS IAEA ICBM ICC IMF IOC ISIS JAL JR LDP MP NASA
NATO NGO NHK NPT NSC OECD OPEC PM TV UAE UK UN UNESCO UNHCR UNICEF US USA WTO
""")
"""For headings in capitals throughout, where acronyms look like other words. (Not WHO: more often the pronoun.)"""

MONTH_BEFORE = _words("in on by since until till of from last next early late mid")
"""Words after which May and March are months."""

NAMES = _words(
    """
Air Force One; Atlantic Ocean; Black Sea; Central Asia; Central Europe; Cold War; East Asia; East China Sea;
East Timor; Eastern Europe; Emperor Emeritus; European Union; Far East; Gaza Strip; Great Britain; Indian Ocean;
Liberal Democratic Party; Middle East; New Delhi; New York; New Zealand; North Africa; North America;
North Korea; Pacific Ocean; Red Cross; Red Sea; Sea of Japan; Security Council; Self-Defense Forces;
South Africa; South America; South Asia; South China Sea; South Korea; South Sudan; Southeast Asia;
State Department; Supreme Court; Taiwan Strait; United Kingdom; United Nations; United States; West Africa;
West Bank; Western Europe; White House; World Bank; World Cup; World War
""",
    ";",
)
"""Names made of ordinary words."""

COMMON = _words("""
a ability able about above abroad academy accept access accident accord account accuse across act action activist
actor actual actually add address admit adult advance advice adviser affair after aftershock again against age agency
agenda agent ago agree agreed agreement ahead aid aide aim air aircraft airline airport airstrike alarm alert all
alliance allow ally almost along alongside already also always amid ammunition among amount an analysis analyst anger
anniversary announce annual another answer any anyone anything appeal appear appoint approach approve are area arm
armed arms army around arrest arrive article artillery artist as ask assault assembly assess asset assistant at ate
athlete attack attempt attend audience author authority auto available avoid await award away baby back background bad
balance ball ballot ban bank bar base baseball basic battalion battle be beach bear beat beauty became because become
been before began begin behind being believe below benefit best better between beyond bid big biggest bilateral bill
billion biography bird birth bishop black blame blast block blood blow blue board boat body bomb bomber bond book
boost border born boss both bought box boy brain branch brand breach break bridge brief brigade bring broad broke
brother brought budget build building built bullet burn bus business but buy by cabinet call came camp campaign can
cancer candidate cannot capital captain car care career cargo carrier carry case cash castle casualty catch caught
cause ceasefire celebrate center central century ceremony challenge champion chance change chapter character charge
chart chase cheap check chief child children choice choose chose church citizen city civil civilian claim clash class
clean clear climate close cloud club coach coal coalition coast code cold collapse colleague collect college combat
come command commander comment commerce commission commit committee common community company compare compete complaint
complete concern condemn conduct conference confirm conflict congress consecutive consider constitution contact
contents contest continue contract control cool cooperate cooperation corporate corruption cost could council counter
counteroffensive country county coup couple course court cover crash create credit crew crime criminal crisis critic
critical cross crowd cruise cuisine cult culture current customer cut cyber daily damage dark data date daughter day
dead deadline deadly deal death debate debt decade decide decision deep defeat defend defense deficit delay delegate
delegation demand democracy democrat deny depart department deploy deputy design despite destroy detail detain develop
device dialogue diary did die diet different difficult digital diplomacy diplomat diplomatic direct directly director
disaster discover discuss discussion disease dish display dispute distance district divide do doctor does dollar
domestic donate donation done door doubt down draft draw drawn dream drew drill drive driven driver drone drop drought
drove drug due during duty each early earn earth earthquake ease east eastern economic economy edition editor
education effect effective effort eight elderly elect election electric embassy emerge emergency emission emperor
employee encourage end enemy energy engine engineer enough enter entire entrance environment envoy episode equal era
escalate escape essay establish evacuate evacuation even event ever every everyone everything evidence exam examine
example exchange exercise exhibit exile expand expect expel experience expert explain explode explore explosion
explosive export express extend external eye face facility fact factory fail failure fair fall fallen false family
famous fan far farm farmer fast fatal father fear feature federal feel fell female festival few field fight fighter
figure file fill film final finance financial find fine finish fire firm first fish five fix flag fled flee fleet flew
flight flood floor flow flown fly focus follow food foot football for force foreign forest form formal former fort
forward fought found four free freedom fresh friend from front frontline fuel full fund further future gain game
garden gas gather gave gender general get giant gift girl give given glance global go goal goes going gold gone good
got govern government governor grand grant great green grew grid ground group grow grown growth guard guest guide
guilty gun guy had half hall halt hand happen harbor hard has hate have he head headline headquarters health hear
heard heart heat heavy held helicopter help her here high higher highest highway him his historic history hit hold
holiday home honor hope hospital hostage hot hotel hour house household how huge human hundred hunger hurricane hurt
idea if illegal image impact import important impose improve in incident include income increase independent
individual industry inflation influence inform information inquiry inside insist inspect install insurance intercept
interest interim internal international internet interview into introduction invade invasion invest investigate
investor invite involve is island issue it item its jail jet job join joint journal journalist judge jump jury just
justice keep kept key kick kid kill killer kind king knew know known label labor lack lady laid lain lake land
landmark language large last late later latest launch law lawmaker lawsuit lawyer lay lead leader league learn least
leave led left legacy legal legislation lent less let letter level liberal library life lift light like likely limit
line link list little live local locate long longer look lose loss lost lot love low lower loyal machine made magazine
main major make male man manage manager many map maritime market marriage mass massacre match material matter mayor me
meal mean meant measure media medical meet member memorial men mental mention message met meter method middle might
migrant military million mind mine minister ministry minor minority missile missing mission mistake mob mobile model
modern moment money monitor monk month monthly more morning most mother motion mountain move movement much multiple
murder museum music must my name narrow nation national natural nature naval navy near nearly necessary need negotiate
negotiation neighbor net network neutral never new news next nice night nine no nobody none normal north northern not
note notes nothing notice novel now nuclear number nurse object obtain occupy occur ocean of off offense offensive
offer office officer official often oil old on once one online only open opening operate operation opinion opportunity
oppose opposition or order ordinary origin original other our out outbreak outlook outside over overseas overview own
owner page paid pain panel paper parade parent park parliament part participant participate partner party pass past
path patient patrol pause pay peace penalty pension people per percent perfect performance period permanent permit
person personal petition phone photo physical pick picture piece pilot pipeline place plan plane planet plant plastic
play player plea pledge plot point police policy political politician politics poll poor popular population port
position positive possible post poverty power practice praise pray prefectural prefecture prepare presence present
president presidential press pressure prevent previous price primary prime prince princess prison prisoner private
prize probe problem process produce product professor profile profit program progress project promise promote propose
prosecutor protect protest proud prove provide province provincial public publish pull pupil purchase purge push put
quake quality quantum quarter queen question quick quiet quit quite quote race radar radical radio raid rail railway
rain rainfall rainy raise rally ran range rank rapid rare rate rather reach react read ready real really reason rebel
receive recent recession reconstruct record recover recovery red reduce reference reform refugee refuse regard regime
region regional register regular reinforce reject related relation relationship relative release relief religious
remain remark remember remote removal remove renew repair repeat replace reply report reporter representative request
require rescue research researcher reserve resident resign resist resolution resolve respond response restore restrict
result resume retire retreat return reveal review revolution rice rich rift right rights ring riot rise risen risk
ritual rival river road rocket role roll root rose round route row royal rule ruler ruling run rural safe safety said
sail salary sale same sanction sanctions sang sank save saw say scale scandal scare scene schedule school science
scientist score screen sea search season seat second secret secretary section sector secure security see seek seem
seen seize self sell senate senator send senior sense sent sentence separate series serious serve service session set
settle seven several severe sex shadow shake shaken shall share she shell shelling shelter shift ship shipment shock
shook shoot shop short shot should show shown shrine shut sick side siege sign signal silence similar simple since
single sister sit site situation six size slain slam slow small smart smoke snow so soar social society sold soldier
solution some something son song soon sought source south southern space spark speak special speech speed spend spent
split spoke spoken spokesman spokesperson spokeswoman sport spread spring spy square stability stable stadium staff
stage stake stand standard standoff star start state statement station status stay steal steel step still stock stole
stolen stood stop store storm story strain strait strategic strategy street strength strengthen strike strong struck
stuck student study style subject submarine succeed success such sue suffer suicide suit summary summer summit sun
supply support supreme sure surge surgery surprise surrender survey survive survivor suspect suspend swap swear sweep
swept swim swore sworn system table tackle take taken talk tank target task taught tax teach teacher team tech
technology teen telephone tell temple ten tension term terror terrorist test than that the theater their them theme
themselves then there these they thing think third this those though thought thousand threat threaten three through
throw thrown tie tight time timeline tiny to today together told toll tomorrow ton took tool top torch torn total
touch tough tour tourism tourist tournament toward town trace trade tradition train training transfer transport trap
travel treat treaty trial tribute trip troop trouble truce truck true trust truth try tsunami tunnel turn twin two
type typhoon umbrella under union unit unite unity university until up update upon urban urge us use user vaccine
value various vehicle venue version very vessel veto via victim victory video view village violate violence virus
visit visitor voice volcano volunteer vote voter vow wage wait walk wall want war warhead warm warn warning warship
was waste watch water wave way we weak wealth weapon wear weather website week weekly weigh weight welcome welfare
well went were west western what wheat when where whether which while who whole whose why wide widow wife wild will
win wind winner winter with withdraw withdrawal withdrawn withdrew within without witness woke woman women won word
work worker workshop world worn worry worse worst would wound write writer written wrong wrote year yen yet young your
youth zone
""")
"""Ordinary words in their base form, and past forms that no rule gives."""
