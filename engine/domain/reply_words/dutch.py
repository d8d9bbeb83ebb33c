"""Dutch."""

from __future__ import annotations

from engine.domain.reply_words.words import Words

DUTCH = Words(
    parts={
        "EN": r"(?:(?:en|maar|hoi,?|hallo,?) )*",
        "START": r"^|[,:;-] ?|\b(?:en|dus|maar) {GRAAG}?|{GRAAG}",
        "GRAAG": (
            r"\b(?:graag|gelieve|aub|alsjeblieft|alstublieft|ik wil|ik wil (?:me|mij)|wil (?:me|mij)"
            r"|verzoeke?|wilt u|willen jullie|kunt u|kunnen jullie|kun je|wil je|zou u"
            r"|zouden jullie)[ ,]+"
        ),
        "EINDE": (
            r"(?:[ ,]*\b(?:aub|a\.u\.b|graag|alstublieft|alsjeblieft|svp|dank je|dank u|bedankt|bvd|nu"
            r"|direct|meteen|s\.v\.p|mvg|hoor|dankjewel))*(?=$| ?[,:;(-]| (?:en|want|omdat|anders)\b)"
        ),
        "LIJST": (
            r"(?:\b(?:van|uit|voor|op|in|de|deze|die|jullie|uw|je|alle|het) )*\b(?:\w*lijst\w*"
            r"|\w*bestand\w*|nieuwsbrie\w+|systeem|database|{MAIL})"
        ),
        "MAIL": (
            r"\b(?:\w*mails?|e-?mails?|nieuwsbrie\w+|berichten|reclame\w*|post|spam|mailings?"
            r"|aanbiedingen|nieuwsbriefjes?)\b"
        ),
        "MIJ": r"me|mij|ons|(?:mijn|dit|ons) (?:e-?mail|mail)?-?(?: ?adres|naam|gegevens|e-?mail)",
    },
    leave=r"""
    \bkan dit (?:nu )?(?:stoppen|ophouden|uit)\b|{START}(?:haal|gooi) (?:me|mij) (?:er ?af|eruit)\b
    {START}(?:niet meer|nooit meer|niet langer) (?:mailen|sturen|schrijven|contacteren|benaderen)
    \b(?:ik )?(?:wil|wens|hoef) (?:niets|niks|geen \w+) meer (?:van jullie|ontvangen|horen)
    {START}(?:verwijder|schrap|haal) (?:mij|me|dit adres|mijn (?:e-?mail|adres|mailadres))\b
    \b(?:wil|willen|wens) (?:ik |we )?(?:me|mij|ons) (?:graag )?(?:uitschrijven|afmelden)
    {START}(?:ik )?schrijf (?:me|mij) (?:hierbij )?uit\b|\bzeg (?:ik )?(?:mijn |de )?(?:nieuwsbrief
    |abonnement op de nieuwsbrief).{0,12}\bop\b
    \b(?:intrekken|trek)\b.{0,20}\btoestemming\b|\btoestemming\b.{0,20}\bin(?:trekken)?\b
    {START}(?:uitschrijven|afmelden|uitschrijving|afmelding|uit te schrijven|af te melden)(?: (?:voor|van
    |uit) {LIJST})?{EINDE}
    \b(?:schrijf|meld) {MIJ}(?: \w+){0,3} (?:uit|af)\b|\b(?:schrijf|meld) {MIJ} (?:voor|van
    |uit) .{0,30}(?:uit|af)\b
    \b(?:wil|wens|willen|wensen|hoef|ontvang|ontvangen) (?:ik |we |wij |echt )?(?:geen|niet meer
    |niet langer|niets meer)\b.{0,25}(?:{MAIL}|\bontvangen\b|\bvan jullie\b)
    \b(?:wil|hoef|willen|wens)\b.{0,15}{MAIL}.{0,10}\bniet (?:meer|langer)\b
    {START}(?:stuur|stuurt u|zend|mail|schrijf)(?: {MIJ})? (?:geen|nooit meer|niet meer|niets meer)\b
    {START}(?:geen|nooit meer) (?:\w+ )?{MAIL}(?: (?:meer|sturen|ontvangen))*
    \b(?:mij|me|ons) (?:uit te schrijven|af te melden|te verwijderen)\b
    \b(?:haal|verwijder|schrap|gooi)(?:t u)? {MIJ}\b(?:.{0,30}{LIJST}|{EINDE})
    \b{MIJ}(?: \w+){0,2} {LIJST}.{0,10}\b(?:halen|verwijderen|schrappen|gooien|uitschrijven|afmelden)\b
    {START}{MIJ} (?:\w+ )?(?:uitschrijven|afmelden|verwijderen|schrappen)\b
    {START}(?:stop|hou|houd) (?:met|op met)\b.{0,30}(?:\bmailen\b|\bsturen\b|\bschrijven\b|\bspammen\b
    |{MAIL}|$)
    ^stop hiermee{EINDE}
    \bhoe (?:kan|kunnen|moet|kom) (?:ik|we
    |wij) (?:me |mij |ons |mezelf )?(?:hier )?(?:van |voor |uit )?(?:{LIJST} )?(?:uitschrijven|afmelden
    |hieruit|vanaf|opzeggen|stoppen|af)
    \b(?:uitschrijflink|afmeldlink|afmelden|uitschrijven)\b.{0,30}\b(?:werkt niet|lukt niet|doet het niet
    |fout)
    {START}laat (?:me|mij|ons) met rust\b|\btrek(?: ik)? mijn toestemming\b.{0,15}\bin\b|\b(?:maak
    |teken) (?:ik )?bezwaar\b.{0,60}(?:gegevens|reclame|marketing|gebruik|verwerking)
    \bgeen (?:interesse|behoefte|belangstelling) (?:meer )?(?:in|aan) (?:\w+ )?{MAIL}
    \bnieuwsbrief\b.{0,20}\b(?:opzeggen|stopzetten|beeindigen)\b
    """,
    whole=r"""
    stop(?: hiermee| maar| nu| ermee)?|uitschrijven|afmelden|afmelding|genoeg|verwijder(?:en)?|niet meer
    |hou op|houd op|ophouden|opzeggen
    """,
    speaks=r"""
    \buitschrij|\buitgeschreven|\bafmeld|\bafgemeld|\bminder (?:mails?|e-?mails?|vaak|berichten)\b
    |\b(?:te veel|teveel|geen|niet meer|minder|stop|genoeg|zat|alleen|zonder|nooit meer)\b.{0,25}{MAIL}
    |{MAIL}.{0,25}\b(?:te veel|teveel|minder|stop\w*|ongewenst\w*|te vaak|niet meer)
    \bminder vaak\b|\bte vaak\b|\bmailinglijst\b|\b(?:haal|schrijf) (?:me|mij|ons)\b|\bgeen (?:interesse
    |belangstelling)\b|\btoestemming\b|\bavg\b|\bmet rust\b|\bverkeerde (?:persoon|adres)\b
    |\bnooit aangemeld\b|\boverleden\b|\bhiermee\b
    \b(?:mij|me|ons) (?:van|uit)\b.{0,20}\bhalen\b
    """,
    opposite=r"""
    \b(?:niet|nooit|niet meer) (?:\w+ )?(?:uitschrijven|afmelden|stoppen|ophouden)\b|\b(?:stop|haal me
    |schrijf me|schrijf mij|haal mij) (?:\w+ ){0,2}(?:niet|nooit)\b
    """,
    denies=r"niet|nooit|geen",
    doubt=r"""
    \b(?:tenzij|misschien|als jullie|mijn (?:man|vrouw|vader|moeder|broer|zus|zoon|dochter)|tot (?:januari
    |februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december))\b
    """,
    doubt_before=r"\banders\b",
    keep=r"""
    \b(?:behalve|minder)\b|\bmaar\b.{0,30}\b(?:houden|wel|blijven|nog)\b|\balleen\b(?!.{0,30}(?:bestel
    |factu))
    """,
    erase=r"""
    \b(?:verwijder|wis|vernietig)\w*\b.{0,40}\b(?:gegevens|account|profiel|alles)\b|\b(?:gegevens|account
    |profiel)\b.{0,40}\b(?:verwijder|gewist|wissen|te wissen)\w*
    \brecht (?:op|om) (?:vergetelheid|vergeten|gegevenswissing)\b|\bart(?:ikel|\.)? ?17\b
    """,
    ask=r"""
    \bin de regen\b|\b(?:is|zijn|smaakt|smaken) (?:zuur|verbrand|ranzig|muf)\b
    ^{EN}(?:wanneer|waar (?:is|blijft|kan|zijn|blijven)|waarom(?! niet)|hoe (?:kan|lang|veel|kom|moet|duur
    |laat|werkt|sterk)|wat (?:kost|is|zijn|betekent|moet|voor)|welke|wie (?:is|heeft|kan)|hebben jullie
    |heeft u|hebt u|leveren jullie|verkopen jullie|zijn jullie|is er|zijn er|kan er|kan dat|komt er
    |krijg ik)\b
    \b(?:kunnen jullie|kunt u|kun je|kan ik|kan het|kan iemand|zouden jullie|zou u|is het mogelijk|mag ik
    |willen jullie|wilt u|hebben jullie|leveren jullie)\b
    \bik (?:wil|zou)\b.{0,40}\b(?:graag|weten|wijzigen|annuleren|retour\w*|ruilen|bestellen|terug|omruilen
    |reserveren)\b|\bik heb .{0,30}\bnodig\b|\bik wacht\b|\bwacht (?:ik )?(?:nog|al)\b
    \bgraag (?:een|uw|jullie|hoor|mijn|wil|antwoord|ontvang)\b(?! (?:uitschr|afmeld))|\b(?:kapot
    |beschadigd|ontbreekt|ontbreken|gebroken|defect|terugbetal\w+|werkt niet|geld terug|verkeerde?)\b
    \b(?:nog )?(?:niet|niets|nooit|geen \w+) (?:aangekomen|ontvangen|geleverd|binnen|gekregen)\b
    |\bfactuur\b|\been vraag\b|\bniet (?:inloggen|openen|betalen|bestellen)\b|\bik begrijp .{0,20}niet\b
    |\bdoet het niet\b
    """,
    polite=r"""
    hoe gaat het(?: met (?:u|jullie|je))?|waarom niet|wat (?:een|leuk|fijn|lekker|mooi|lief)\b.*|toch
    """,
)
