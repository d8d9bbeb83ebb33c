"""German."""

from __future__ import annotations

from engine.domain.reply_words.words import Words

GERMAN = Words(
    parts={
        "UND": r"(?:(?:und|oder|ausserdem|aber|hallo,?|hi,?|moin,?|ach|na) )*",
        "START": r"^|[,:;-] ?|\b(?:und|also|daher|deshalb|aber|oder|dann) {BITTE}?|{BITTE}",
        "BITTE": (
            r"\b(?:bitte|hiermit|sofort|jetzt|endlich|einfach|umgehend|konnt ihr|konnen sie|konntet ihr"
            r"|konnten sie|kannst du|konntest du|wurdet ihr|wurden sie|wollt ihr)[ ,]+"
        ),
        "ENDE": (
            r"(?:[ ,]*\b(?:bitte|danke|jetzt|sofort|endlich|umgehend|wieder|nochmal|vielen dank|mehr"
            r"|bekommen|erhalten|haben|schicken|senden|zusenden|lesen|an mich|zu|gruss|lg))*(?=$"
            r"| ?[,:;(-]| (?:und|oder|weil|da|denn|ich|sonst|ansonsten)\b)"
        ),
        "LISTE": (
            r"(?:\b(?:von|vom|aus|auf|in|an|fur|ihrer|ihrem|eurer|eurem|eure|ihre|der|dem|den|die|das"
            r"|dieser|diesem|diesen|allen|alle|sofort|bitte|euren|ihren"
            r"|samtlichen) )*\b(?:\w*verteiler\w*|(?:\w*mail\w*|adress|empfanger|abonnenten|news\w*"
            r"|kontakt)?-?liste\w*|\w*newsletter\w*|datenbank\w*|kartei|datei|system\w*|{MAIL})"
        ),
        "MAIL": (
            r"\b(?:\w*e-?mails?|\w*mails?|\w*newsletters?|\w*werbung|werbe\w+|nachrichten|post|spam|mull"
            r"|\w*infos?|zusendung(?:en)?|mailings?|zeug|kram|benachrichtigung(?:en)?"
            r"|kontaktaufnahme\w*)\b"
        ),
        "MICH": (
            r"mich|uns|mi|(?:meine|unsere|diese|die|folgende)n? (?:\w* )?(?:e-?mail|mail)?-?(?: ?adresse"
            r"|daten|kontaktdaten|name\w*|e-?mail|mail)"
        ),
        "WEG": (
            r"abmelden|abbestellen|austragen|aus(?:zu)tragen|rausnehmen|herausnehmen|rauswerfen"
            r"|rausstreichen|loschen|entfernen|streichen|abzumelden|abzubestellen|zu loschen"
            r"|zu entfernen|zu streichen|tilgen|rauszunehmen|herauszunehmen|werfen|rauswerfen|kicken"
            r"|rauskicken|schmeissen|holen|nehmen|zu nehmen|raus|heraus|sperren|deabonnieren|rausloschen"
        ),
        "KEIN": r"kein|keine|keinen|keinerlei|nie wieder|nix|nichts",
    },
    leave=r"""
    \b(?:fordere|bitte|ersuche|auffordere)\b.{0,60}\b(?:zu unterlassen|einzustellen|zu stoppen)\b
    \blink (?:zum|fur die|zur) (?:abmelden|abmeldung|abbestellen|abbestellung
    |austragen)\b.{0,40}\b(?:leere|nicht|fehler|tot|kaputt|nirgend\w*)
    {MAIL}.{0,20}\bverzicht\w*
    \bfordere\b.{0,30}\b(?:keine|nicht mehr)\b.{0,40}(?:{MAIL}|zu (?:senden|schreiben|schicken))
    \b(?:keine|ohne) (?:meine )?(?:erlaubnis|einwilligung|genehmigung|berechtigung|zustimmung),? (?:mir
    |mich|uns)\b
    \b(?:hatte|habe) mich (?:doch|schon|bereits|langst|letzte \w+|vor \w+ \w+)(?: (?:doch|schon|bereits
    |langst))* abgemeldet\b
    \bmelde ich mich (?:\w+ ){0,3}ab\b
    , (?:bitte )?(?:umgehend |sofort )?(?:mich )?(?:loschen|streichen|rausnehmen|austragen|abmelden
    |entfernen)$
    {START}\w*(?:werbung|mails|newsletter) (?:ist |sind )?(?:unerwunscht|nicht erwunscht|nicht gewunscht
    |nicht gewollt)
    \bsehen sie .{0,25}\b(?:davon )?ab\b.{0,40}\b(?:schreiben|senden|schicken|kontaktieren|anzuschreiben
    |zuzusenden|{MAIL})
    \b(?:untersage|verbiete|verbitte|verbieten|untersagen)\b.{0,60}(?:{MAIL}|zusendung|kontakt|nutzung
    |werbung)
    \b(?:diese|meine) (?:e-?mail-?|mail-?)?adresse (?:bitte )?(?:nicht mehr|nicht langer
    |nie wieder) (?:verwenden|nutzen|benutzen|anschreiben|beschicken)
    \bwie werde ich (?:euch|sie|das|die|den|diese\w*|ihre\w*|eure\w*)(?: \w+)? (?:wieder )?los\b
    \b(?:mir|uns) (?:\w+ )?keine? (?:weiteren? )?{MAIL}(?: mehr)? (?:zuzusenden|zu (?:senden|schicken
    |schreiben)|mehr)\b
    {START}(?:ich )?(?:will|mochte|brauche
    |wunsche) (?:ich )?(?:bitte |wirklich )?keine?n? (?:weiteren? |eurer |ihrer )*{MAIL}{ENDE}
    {START}(?:keine?|nie wieder|nichts) (?:weiteren? )?(?:{MAIL} )?(?:mehr )?(?:schicken|senden|zusenden
    |zuschicken|schreiben)
    \b(?:will|mochte|wunsche) (?:von (?:euch|ihnen) )?(?:nichts|nix) mehr (?:bekommen|horen|erhalten
    |wissen|lesen|von (?:euch|ihnen))|\b(?:will|mochte) von (?:euch|ihnen) nichts (?:mehr )?(?:bekommen
    |horen|erhalten|wissen)
    ^(?:ich (?:will|mochte|wurde|mochte gerne?|will bitte) )?(?:(?:mich|uns|gerne?|hiermit
    |sofort) )*(?:abmelden|abbestellen|austragen|abmeldung|abbestellung|austragung|deabonnieren
    |deabonnement|rausnehmen|loschen lassen)(?: lassen)?{ENDE}
    {START}(?:abmelden|abbestellen|austragen|deabonnieren|raus(?:nehmen)? aus {LISTE}){ENDE}
    ^(?:wie|wo) (?:kann|konnen|muss|soll|darf) (?:ich|wir|man) (?:(?:mich|uns|das|es|die|den|diesen?
    |euren?|ihren?) )*(?:{MAIL} )?(?:hier )?(?:wieder )?(?:abmelden|abbestellen|austragen|kundigen|stoppen
    |loswerden|abstellen|beenden)
    ^wie (?:komme|kommt|kommen) (?:ich|man|wir) .{0,20}(?:verteiler|liste|newsletter|hier).{0,10}(?:raus
    |heraus|weg|runter)?
    ^wie (?:melde|bestelle|trage) (?:ich|wir) (?:(?:mich|uns|das|es|den|die) )*(?:{MAIL} )?.{0,20}(?:ab
    |aus)$
    \b{MICH}\b.{0,60}{LISTE}.{0,40}\b{WEG}\b
    {START}{MICH}(?: (?:bitte|doch|einfach|mal|sofort|umgehend|da|hier|dort|jetzt|wieder|endlich|von|aus
    |ab))* (?!nehmen){WEG}{ENDE}
    \b(?:nehm|nimm|streich|losch|entfern|trag|werf|wirf|schmeiss|hol|lass|sperr)\w*\s(?:(?:sie|ihr|bitte
    |doch|einfach|sofort|mal) )*{MICH}\b.{0,40}\b(?:aus|von|vom) .{0,30}{LISTE}
    {START}(?:nehm|nimm|streich|losch|entfern|trag|werf|wirf|sperr)\w* (?:(?:sie|ihr|bitte|doch|einfach
    |sofort|mal) )*{MICH}(?: (?:bitte|doch|einfach|sofort|da|hier|dort|mal|jetzt|wieder
    |endlich))*(?: (?:raus|heraus|aus|weg))?{ENDE}
    \b(?:aus|von) (?:\w+ ){0,2}\w*(?:verteiler|liste|newsletter)\w*\b.{0,20}\b(?:streichen|entfernen
    |loschen|nehmen|austragen|raus\w*)\b
    \b(?:raus|runter) (?:aus|von|vom) {LISTE}
    \b(?:austragung|loschung|entfernung|streichung|abmeldung|herausnahme) (?:meiner (?:e-?mail-?
    |mail-?)?(?:adresse|daten) )?(?:aus|vom|von|fur) {LISTE}
    \b(?:mochten?|will|wollen|wunschen?|wurden?|bitte|darum|konnen
    |konnt)\b.{0,60}{MAIL}.{0,25}\b(?:nicht mehr|nicht langer|nie wieder|nicht)\b.{0,12}\b(?:bekommen
    |erhalten|haben|lesen|zugeschickt|empfangen|zugesandt|zu bekommen|zu erhalten|sehen|schicken|senden
    |zusenden)\b
    \b(?:brauche?n?|will|wollen|mochten?|wunschen?|benotigen?) (?:ich |wir )?(?:eure|ihre|deine|die|diese
    |den|diesen|das)n? (?:{MAIL}|{MAIL} {MAIL})(?: wirklich| wirklich gar| gar)? (?:nicht mehr
    |nicht langer|nie wieder|nicht)\b
    \bmeld(?:en|et|e) (?:sie |ihr )?{MICH} (?:\w+ ){0,5}ab\b
    ^(?:ich )?(?:melde|trage|bestelle) (?:ich )?(?:(?:mich|uns|hiermit|sofort|das
    |den) )*.{0,30}(?:newsletter\w* )?(?:ab|aus)\b
    \b(?:bestell|trag|meld)\w* (?:mich|uns) (?:(?:bitte|sofort|doch|mal) )*(?:ab|aus)\b
    \b(?:mochte|will|wunsche|wunschen|brauche|bitte|wollen|mochten)\b.{0,30}\b{KEIN} (?:(?:weiteren?|ihrer
    |eurer|solchen?|mehr|diese[rn]?|solcher|werblichen?|kontakt) )*{MAIL}
    \b(?:wunsche|mochte|will|wollen|wunschen)\b.{0,20}\bkeinen? (?:weiteren? |weitere )*(?:kontakt
    |zusendung\w*|anschreiben|belastigung\w*)
    \b(?:keine?n?|nie wieder) (?:weiteren? |eurer |ihrer )*{MAIL}(?: mehr)\b
    {START}(?:ab (?:jetzt|sofort) )?keine? (?:weiteren? |solchen? |mehr )*(?:newsletter|e-?mails?|mails?
    |werbung|werbe\w+|zusendungen|mailings?)(?: (?:an diese\w* (?:adresse|mail\w*)|an mich))?{ENDE}
    \b(?:nur noch|nur)\b.{0,20}\b(?:bestellbestatigung\w*|rechnung\w*|versand\w*
    |bestellung\w*)\b.{0,30}\b(?:sonst nichts|keine werbung|nichts anderes|kein newsletter)
    {MAIL}.{0,25}\b(?:abbestell\w*|kundigen|abmelden|stornieren|beenden|einstellen|unterlassen|stoppen
    |abschalten|abzubestellen)\b
    \b(?:kundige|beende|storniere|stoppe|abbestelle)n?\b.{0,25}\w*newsletter\b
    {START}(?:stopp?|stoppen|beenden|unterlassen|lassen|unterlasst|beendet|stoppt|lasst|stellen|stellt
    |spart|verschont?|verschonen) (?:(?:sie|ihr|bitte|euch|sich|mich|uns|die|der|dem|den|das|diese[nmrs]?
    |eure[nr]?|ihre[nr]?|weitere[nr]?|von|mit|bitte) )*{MAIL}
    {START}(?:unterlassen|unterlasst|lassen|lasst) (?:sie |ihr |bitte )*(?:das|es|weitere zusendung\w*
    |weitere mails?){ENDE}
    \bsehen sie (?:bitte )?(?:kunftig )?von (?:\w+ )?(?:{MAIL}|zusendungen|kontaktaufnahmen?) .{0,15}ab\b
    \b(?:widerruf\w*|widersprech\w*|widersprich\w*|widerspruch\b|zuruckzieh\w*|ziehe
    |entziehe)\b.{0,80}(?:einwilligung|zustimmung|erlaubnis|werbung|werbezweck\w*|zusendung|nutzung
    |newsletter|verarbeitung|direktwerbung|art\. ?21)
    \b(?:einwilligung|zustimmung|erlaubnis)\b.{0,60}\b(?:widerruf\w*|zuruck\w*|entzieh\w*|entzogen)\b
    \b(?:horen sie|hort|hor) (?:(?:bitte|endlich|doch|mal|sofort) )*auf\b.{0,25}(?:{MAIL}
    |\bzu (?:schreiben|mailen|schicken|senden|nerven|spammen|belastigen)\b|\bmir\b|damit)
    \b(?:nicht mehr|nie wieder|nie mehr) (?:an)?(?:schreiben|mailen|kontaktieren|belastigen|anmailen
    |schicken|zuschicken|zusenden)\b
    \b(?:schreib|schick|send|mail|kontaktier|belastig)\w* (?:sie |ihr |bitte )*(?:mir|mich|uns
    |hier)?(?: bitte)? ?(?:nichts?|nix|nie|keine?n?)\b.{0,12}\b(?:mehr|wieder|{MAIL})
    \b(?:kontaktier|belastig|schreib|nerv)\w* (?:sie )?(?:mich|mir|uns)(?: bitte)? (?:nicht mehr
    |nie wieder|nicht weiter)
    \b(?:nicht mehr|nie wieder|nix mehr|nichts mehr) (?:schicken|senden|schreiben|zusenden)\b
    \b(?:verwende|nutz|benutz)\w* (?:sie )?meine (?:\w+ )?(?:adresse|daten|e-?mail\w*) nicht (?:mehr
    |weiter|langer)?.{0,15}(?:fur )?(?:werb\w*|{MAIL})
    \b(?:habe|hatte) mich (?:(?:doch|schon|bereits|langst
    |vor \w+ \w+) )*(?:\w+ ?mal |mehrmals |mehrfach )?(?:\w+ )?abgemeldet\b.{0,60}\b(?:trotzdem|immer noch
    |noch immer|wieder|dennoch|weiterhin)
    \b(?:trotz (?:\w+ )?abmeldung)\b.{0,60}(?:{MAIL}|bekomme|erhalte)
    {START}lass\w*(?: sie)? (?:mich|uns) (?:\w+ ){0,3}(?:in ruhe|in frieden)\b
    \b(?:kein|keinen) (?:interesse|bedarf|bock|lust)(?: mehr)? (?:an|auf|fur) (?:\w+ )?{MAIL}
    \bkein interesse\b.{0,10}\bkeine? (?:weiteren? )?{MAIL}
    \b(?:abmeldelink|abmelde-link|abmeldung|abmelden|abbestellen
    |abbestelllink)\b.{0,40}\b(?:funktioniert nicht|geht nicht|klappt nicht|fehler|defekt|tut nicht
    |nicht moglich|kaputt)
    \b(?:mochte|will|wurde|mochten|wollen) (?:(?:gerne?|hiermit|mich|uns) )*(?:vom|von
    |aus) {LISTE}.{0,15}\b{WEG}\b
    \bverzichte\b.{0,30}(?:{MAIL}|zusendung)
    \b(?:adresse|mailadresse|e-?mail-?adresse)\b.{0,15}\b(?:loschen|entfernen|streichen|austragen
    |rausnehmen)\b(?! sie nicht)
    \bnicht mehr (?:in|auf) (?:\w+ )?(?:\w*verteiler|\w*liste)\b
    \bbitte um (?:\w+ )?(?:abmeldung|austragung|loschung (?:aus|meiner (?:e-?mail|mail)?-?adresse))
    """,
    whole=r"""
    (?:ich )?(?:mag|will|mochte) nicht mehr|(?:jetzt |so )?(?:aber )?(?:bitte )?schluss(?: damit| jetzt)?
    (?:ich )?(?:habe )?mich (?:hier )?(?:nie|niemals|nicht) (?:\w+ )?(?:angemeldet|registriert
    |eingetragen)
    (?:ich )?(?:habe )?(?:den|diesen|ihren|euren) newsletter (?:nie|niemals|nicht) (?:bestellt|abonniert
    |gewollt)|(?:mochte|will) nicht mehr dabei sein
    (?:jetzt |mir )?(?:stopp?|stoppen|aufhoren|schluss|schluss jetzt|schluss damit|abmelden
    |(?:umgehend |sofort |mich |alles |daten )*(?:loschen|entfernen|streichen|rausnehmen)|raus|weg
    |austragen|raus damit|es reicht|jetzt reichts?|reicht|reicht jetzt|genug|ende|kundigen|kundigung
    |unterlassen|unterlassen sie (?:das|es))(?: (?:jetzt|damit|mich))*
    (?:horen sie|hort|hor) (?:(?:bitte|endlich|doch|sofort) )*(?:damit )?auf(?: damit)?
    (?:bitte )?(?:nicht mehr|nie wieder|nichts mehr|keine mehr)(?: schreiben| schicken| senden)?
    (?:ich )?(?:bin|bleibe) raus|(?:streicht|loscht|entfernt) mich(?: einfach)?|(?:unterlasst|lasst) das
    |mich raus
    (?:ich )?(?:will|mochte) (?:das|sie|die|es) (?:alles )?nicht mehr(?: haben)?
    """,
    speaks=r"""
    {MAIL}.{0,20}\bnie (?:\w+ )?(?:bestellt|abonniert|gewollt)\b
    \b(?:abmeld|abbestell|austrag|abgemeldet|deabonn|abzumelden|abgestellt)\w*
    |\bmelde (?:ich )?mich\b.{0,20}\bab\b|\w*verteiler\b|\bunsubscribe\b
    \b(?:nicht mehr|kein\w*|weniger|seltener|zu (?:viele?|oft|haufig)|nie wieder|genug von|satt|stoppt?
    |schluss mit|nervt\w*|nervig\w*|ohne|nur|nix mehr|nichts mehr)\b.{0,25}(?:{MAIL}|\bvon euch\b
    |\bvon ihnen\b|schreiben|dabei sein)
    {MAIL}.{0,25}\b(?:nerv\w*|weniger|seltener|zu (?:viel|oft|haufig)|reicht|stopp\w*|doppelt|aussetzen
    |pausier\w*|nicht mehr|bis|unerwunscht\w*|ungewollt\w*|ungebeten\w*)\b
    \bnur noch\b.{0,30}(?:monat|woche|mail|info)|\b(?:ein|zwei)mal (?:im|pro) (?:monat|woche|jahr
    |quartal)\b
    \b(?:weniger|seltener|zu oft|zu haufig)\b|\bweniger (?:ware|ist) mehr\b
    \b(?:nie|nicht|niemals) (?:\w+ ){0,2}(?:angemeldet|abonniert|zugestimmt|eingewilligt|registriert
    |bestellt und)\b
    \bkein(?:e|en)? (?:interesse|bedarf|erlaubnis|einwilligung|bock|kontakt)\b
    |\bnicht (?:mehr )?interessiert\b|(?<!15 )\bdsgvo\b|\beinwilligung\b|\bwiderspruch\b|\bwiderspreche\b
    \b(?:falsche\w*|verwechs\w*) (?:person|adresse|empfanger\w*|mail\w*)\b|\bverwechselt\b|\bich (?:bin
    |heisse) nicht (?:\w+ )?\w+$|\bkenne sie nicht\b
    \b(?:verstorben|gestorben|arbeitet nicht mehr|nicht mehr bei uns|ausgeschieden|nicht mehr im (?:haus
    |unternehmen))\b
    \b(?:rausnehmen|streich\w* (?:mich|uns|ihn|sie)|nehm\w* (?:mich|uns|ihn|sie) (?:\w+ )?(?:raus|heraus
    |aus)|loscht? (?:mich|uns)|loschen sie mich)\b
    ^spam\b|\bspam\b|\banzeige\b|\banwalt\b|\bunterlass\w*|\bbelastig\w*|\bin ruhe\b
    |\baufhoren\b.{0,20}(?:{MAIL}|schr|schick)|\b(?:horen sie|hort) auf\b
    \bkeine?n?\b.{0,15}\bmehr (?:bekommen|bekame|erhalten|haben|schicken)\b|\bkeine (?:mehr|weiteren)\b
    ^(?:will ich nicht|nervt|reicht|genug)$|\b(?:will|mochte|brauche) (?:ich )?(?:das|sie|es
    |die) nicht(?: mehr)?\b|\bnicht mehr dabei\b
    \bwarum (?:bekomme|kriege|erhalte) ich\b|\bwoher (?:haben|habt) (?:sie|ihr) meine\b.{0,20}\b(?:adresse
    |mail)
    """,
    opposite=r"""
    \b(?:niemals|nie|nicht|bitte nicht)\b.{0,30}\beinstellen\b
    \bloscht? (?:\w+ ){0,2}(?:nie|niemals|nicht)\b|\bstellt (?:\w+ ){0,3}(?:nie|nicht
    |niemals) (?:\w+ )?ein\b
    \b(?:nicht|nie|niemals|kein\w*|bloss nicht|ja nicht)\b[^,]{0,14}\b(?:abmelde\w*|abbestell\w*|aufhor\w*
    |abgemeldet|austragen|streichen|loschen|stoppen|einstell\w*|beenden)\b
    \b(?:horen? (?:sie |ihr )?|hort |hor )(?:\w+ ){0,2}(?:nicht|nie|niemals|nie mehr) (?:\w+ ){0,2}auf\b
    |\bnie (?:damit )?auf(?:hor\w*)?\b|\b(?:nicht|nie|kaum|gar nicht) (?:mehr )?(?:damit )?aufhoren\b
    \b(?:nehmt|nehmen sie|nimm|streicht|loscht|streichen sie|loschen sie|werft) (?:mich
    |uns) (?:\w+ ){0,2}(?:nicht|nie|niemals)\b
    \bmelde (?:ich )?mich (?:\w+ ){0,3}(?:nicht|nie) (?:\w+ )?ab\b
    \b(?:alle|viele|andere\w*|einigen?|von|manche) (?:\w+ ){0,2}(?:anderen?|newslettern?
    |lists?)\b.{0,30}\b(?:abbestellt|abgemeldet|ausgetragen|geloscht)\b
    \b(?:anderen?|andrer|fremden|freundin|freund|nachbar\w*|schwester|bruder|bank)\b.{0,50}\b(?:abgemeldet
    |abbestellt|abmelden|newsletter\w*)\b
    \b(?:fast|beinahe) (?:hatte|ware|hab\w*)\b.{0,30}\b(?:abgemeldet|abbestellt)\b|\b(?:hatte
    |ware) (?:\w+ )?(?:mich )?(?:fast|beinahe)\b.{0,30}\babgemeldet\b
    \b(?:bekomme|erhalte|kriege|bekam)\b.{0,25}(?:{MAIL}).{0,12}\b(?:nicht mehr|nicht)\b(?! haben)
    \b(?:wieder|zuruck) (?:in|auf) (?:\w+ )?\w*(?:verteiler|liste)
    \bversehentlich\b.{0,30}\b(?:abgemeldet|abbestellt|ausgetragen)\b
    """,
    denies=r"nicht|nie|niemals|kein\w*",
    doubt=r"""
    \b(?:wenn|falls|uberleg\w*|vielleicht|eventuell|evtl)\b(?! (?:moglich|es geht|machbar))
    \b(?:mein (?:vater|bruder|sohn|freund|chef|kollege)|meine (?:mutter|schwester|tochter|freundin
    |kollegin|oma)|ihn|verstorben|gestorben)\b
    \b(?:bis|voruber\w*|erstmal|vorerst|pausier\w*) (?:januar|februar|marz|april|mai|juni|juli|august
    |september|oktober|november|dezember|zum|ende|nachst\w*)\b
    """,
    doubt_before=(
        r"\b(?:sonst|ansonsten|andernfalls|werde ich|dann melde|haben sie|hast du|habt ihr|ich konnte)\b"
    ),
    keep=r"""
    \b(?:weniger|seltener|weiterhin|ausser|behalten|bleiben|stattdessen)\b
    \bnur noch\b(?!.{0,20}(?:bestell|rechnung|versand|liefer))(?=.{0,30}(?:mail|monat|woche|info
    |newsletter|rezept|neu|jahr|quartal|kaffee|roest|rost))|\b(?:eine davon|eine adresse|die andere)\b
    \baber (?:bitte )?(?:nur|nicht|weiter\w*)\b
    """,
    erase=r"""
    \bdatenloschung\b
    \b(?:daten|kundenkonto|benutzerkonto|nutzerkonto|konto|account|profil|kundendaten
    |alles)\b.{0,80}\b(?:losch\w*|zu loschen|entfern\w*|vernicht\w*|geloscht)\b(?! (?:wurden?|worden))
    \b(?:losch|entfern|vernicht|tilg)(?:en|t|e|ung)\b.{0,70}\b(?:\w*daten|kundenkonto|konto|account
    |profil)\b
    \brecht auf (?:vergessen\w*|loschung)\b|\bart(?:ikel|\.)? ?17\b
    """,
    ask=r"""
    \bschmeck\w* (?:\w+ )?(?:sauer|verbrannt|ranzig|muffig|schimmlig|seifig|nach (?:seife|plastik|metall
    |nichts))|\b(?:nichts|nie etwas|noch nichts) (?:mehr )?gehort\b|\btut sich nichts\b|\bim regen\b
    |\bbeworben\b|\blieferung .{0,25}\b(?:bitte )?an (?:die|den|das|meine)\b
    ^{UND}wie (?!schon|lieb|nett|toll|gut|immer|versprochen|gesagt|fein|lecker|herrlich
    |wunderbar)\w+ (?:\w+ )?(?:ich|man|wir|sie|ihr|es|der|die|das|lange|viel)\b|^{UND}(?:nehmt|verkauft
    |verschickt|liefert|macht|bietet|habt|seid|kennt|braucht|wisst|schickt|akzeptiert|rostet|plant) ihr\b
    \bich (?:mochte|will|muss|wurde gern\w*) (?:gern\w* )?(?:mein\w*|den|die|das|eine?n?|zwei|drei
    |noch) .{0,60}\b(?:absagen|verschieben|umbuchen|andern|abholen|mitbringen|verlangern|melden|einlosen
    |wechseln|tauschen|zuruckgeben|anmelden|buchen|kaufen|bezahlen|stornieren|kundigen)\b
    \b(?:kundige|storniere|reklamiere|bestelle|widerrufe) (?:ich )?(?:hiermit )?(?:meine?n?|die|den
    |das) (?:bestellung|abo|kauf|kurs|vertrag|lieferung|kaffee-?abo)
    ^{UND}(?:wann|wo|warum|wieso|weshalb|wer|wohin|woher|womit|wofur|wie (?:viel|lange|kann|oft|komme|geht
    |hoch|soll|muss|teuer|stark|wird|ist|funktioniert|reinige|sieht|werde)|was (?:kostet|ist|mache|muss
    |soll|passiert|bedeutet|heisst|kann|habe|haben)|welche\w*)\b(?! nicht\b)
    ^{UND}(?:konn(?:en|ten|t|tet)|kann|kannst|haben|habt|gibt|gibts|darf|durfte|wurden|ist|sind|wird
    |werden|liefer\w+|geht|kommt|ware|versendet|verschickt|nehmt|akzeptiert|bietet|bekomme|brauche|muss
    |soll|war|passt) (?:sie|ihr|ich|wir|man|es|mir|die|der|das|den|mein\w*|jemand|auch|noch|er|denn
    |eigentlich)\b
    \bkonn(?:en|ten|tet|t) (?:sie|ihr|wir|man)\b|\bkonntest du\b|\bware es moglich\b|\bwurdet ihr\b
    |\bwurden sie\b|\bhabt ihr\b|\bhaben sie (?:auch|noch|einen|eine|den|die|das)\b
    \bich (?:mochte|wurde|brauche|brauchte|hatte|bitte|wollte|will)\b.{0,80}\b(?:gern\w*|ander\w*
    |stornieren|zuruck\w*|umtausch\w*|wissen|fragen|um|rechnung|bestell\w*|kundigen|geld|haben|buchen
    |reservieren|pausieren|andern|noch|wechseln|umstellen|kaufen|reklamieren|auskunft|anmelden|verschieben
    |tauschen|sprechen)\b
    \bbitte (?:\w+ ){0,6}?(?:um|schick\w*|send\w*|ruf\w*|storn\w*|ander\w*|teil\w*|prufe\w*|antwort\w*
    |gebt|geben|sag\w*|erstatt\w*|tausch\w*|klar\w*|hilf|helf\w*|liefer\w*|zusenden|zukommen|nachliefern
    |umbuchen|verschieben|reservier\w*|korrigier\w*|aktualisier\w*|nachseh\w*|nachschau\w*|rechnung
    |ruckmeldung|pausier\w*)\b
    \b(?:ruckmeldung|ruckruf|zuruckruf\w*|frage (?:an|zu|zur|zum)|eine frage|kurze frage|noch fragen
    |reklam\w+|erstatt\w+|geld zuruck|umtausch\w*|bescheid geben|wissen lassen|mal schauen|auskunft)\b
    \b(?:kaputt|zerbrochen|beschadigt|defekt|fehlt|fehlen|fehlte|falsche\w*|verkehrte\w*|ausgelaufen
    |zerrissen|undicht|leer|abgebucht|berechnet|verschwunden|vergessen worden)\b(?! (?:mir nichts|nichts
    |nur noch))
    \b(?:nicht|noch nichts?|nie|nichts|noch (?:immer )?keine\w*) (?:\w+ )?(?:angekommen|erhalten|bekommen
    |geliefert|eingetroffen)\b|\bnoch nicht da\b|\bwarte (?:\w+ )?(?:noch|immer|seit|schon|auf)\b
    |\bseit .{0,30}\bwarte\b
    \b(?:funktioniert|geht|klappt|ladt|lasst sich|offnet|startet) (?:\w+ ){0,3}(?:nicht|nicht mehr)\b
    |\bgeht nicht\b|\bnicht (?:einloggen|anmelden|offnen|bezahlen|bestellen|finden|abspielen|einlosen
    |lesen)\b
    \b(?:niemand|keiner) (?:\w+ ){0,3}(?:geantwortet|zuruck\w*|meldet|gemeldet|erreichbar|reagiert|ruft
    |antwortet)\b|\bgeantwortet\b.{0,20}\bniemand\b|\b(?:macht|gibt) .{0,30}\bgerausche?\b
    \bverstehe (?:\w+ ){0,4}nicht\b|\bhabe? (?:\w+ ){0,2}(?:eine )?frage\b
    |\bpasswort (?:\w+ )?(?:vergessen|geht)|\bstatt\b.{0,30}\b(?:bekommen|geliefert|berechnet|erhalten)\b
    |\bfehlermeldung\b
    \b(?:hatte|hatten|brauchten?|benotig\w+|suche) (?:ich |wir )?(?:\w+ )?(?:gern\w*|noch|eine?n?|die|das
    |den)\b.{0,40}$|\bin den verteiler auf\w*|\b(?:nehmt|nehmen sie) (?:mich
    |uns) (?:\w+ )?(?:wieder )?(?:in|auf)\b
    \b(?:abo|lieferung|bestellung|adresse|telefonnummer)\b.{0,40}\b(?:andern|umstellen|pausieren
    |verschieben|stornieren|wechseln)\b|\bangebot fur\b|\binteresse an (?:einem|einer|dem|der)\b
    |\bwann\b.{0,30}\bkomm\w*\b|\bob (?:ihr|sie|man|es|ich|der|die|das)\b|\bwoher (?:ihr|sie)\b
    """,
    polite=r"""
    wie geht(?:'s| es)(?: (?:ihnen|euch|dir))?|wer hatte das (?:gedacht|geahnt)|wisst ihr was
    |weisst du was|ist das nicht .*|oder|warum (?:auch )?nicht|wirklich|was fur ein\w* .*|wer kann da .*
    """,
)
