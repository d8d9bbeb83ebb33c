"""How people ask to be left alone, in seven languages: the words of an opt-out in a reply.

All of it is matched against one sentence, folded (`reply_meaning.folded`): lower case, plain quotes,
no marks on letters. A form asks for one person to be taken off mail in general. What speaks of it and
is no such form is for a human to read: nobody stays on a list because we did not understand them.
"""

from __future__ import annotations

import re

_MAIL = (
    r"(?:e-?mails?|mails?|newsletters?|messages?|mailings?|spam|crap|junk|rubbish|stuff|shit|ads?"
    r"|advert\w*|promotions?|marketing|communications?|correspondence)"
)
_GENERAL = (
    r"(?:\s+(?:of|from|off|out|this|your|the|all|these|any|that|future|mailing|e-?mail|mail|news"
    r"|distribution|marketing|contact|subscriber|promotional|advertising|customer|damn|stupid))*"
    rf"\s+(?:(?:lists?|newsletters?|{_MAIL}|database|distribution|system)\b|(?:here|this|it"
    r"|everything|all)"
    r"(?=$|\W? (?:please|now|immediately|asap|thanks|thank|today|and|or|because|since|at once"
    r"|for good)\b"
    r"|[,;:(-]))"
)
_ME = (
    r"(?:me|us|my (?:e-?mail )?address|my (?:e-?mail|mail|name)|this (?:e-?mail )?address"
    r"|this (?:e-?mail|mail))"
)
_UNSUBSCRIBE = r"un-?su[bs]?s?c?ri?be?"
_SOON = (
    r"(?:\s*,?\s*(?:please|pls|plz|now|immediately|asap|at once|today|right away|thanks?"
    r"|thank you|thx|again"
    r"|for good|forever|permanently|kindly|already))*"
)

_FORMS = (
    # English
    rf"\b{_UNSUBSCRIBE}(?: {_ME})?{_SOON}$",
    rf"\b{_UNSUBSCRIBE}(?: {_ME})?(?: from| off){_GENERAL}",
    rf"\b{_UNSUBSCRIBE} {_ME} from (?:you|cozy\S*)\b",
    rf"\b(?:remov|delet|tak|dropp?|strik|gett?|scratch)(?:e|ing)? {_ME}(?: off| from"
    rf"| out)(?: of)?{_GENERAL}",
    rf"\b(?:remov|delet|tak|dropp?)(?:e|ing)? {_ME}(?: off)?{_SOON}$",
    rf"^(?:please |pls |kindly )*(?:remove|delete)(?: {_ME})?{_SOON}$",
    r"\b(?:i|we|want|wish|like|need|ask\w*|request\w*|demand\w*|insist|must)\b.{0,20}\b(?:be"
    r"|being|get) (?:removed|deleted|unsubscribed|taken off|taken)(?: (?:off"
    rf"|from){_GENERAL}|{_SOON}$)",
    rf"^(?:please |to |kindly )*opt(?:ing)?[- ]?(?:{_ME} )?out(?: (?:of|from){_GENERAL})?{_SOON}$",
    rf"\b(?:want|wish|like|need) to opt[- ]?out(?: (?:of|from){_GENERAL})?{_SOON}$",
    r"^(?:please |pls |just )*(?:stop|quit|cease)(?: (?:it|this|that|them|all this|all of this"
    rf"|these))?{_SOON}$",
    r"\b(?:stop|quit|cease) (?:e-?mailing|mailing|contacting|writing|spamming|bothering|messaging"
    r"|harassing"
    r"|pestering)\b",
    r"\b(?:stop|quit|cease) sending(?: (?:me|us|out|to me))?(?: (?:all|any|this|these|those|your"
    r"|such|more|so"
    rf"|many|the|damn|stupid|unwanted|of))*(?: {_MAIL}\b|{_SOON}$)",
    r"\b(?:stop|cancel|end|cease|discontinue|terminate)(?: (?:sending|all|any|further|of|my|this"
    r"|the|your|these"
    rf"|e-?mail|mailing))* {_MAIL}\b(?! subscription box)",
    rf"^(?:please,? )?no (?:more|further)(?: (?:of|these|your|this|such))* {_MAIL}\b",
    rf"\b(?:want|like|wish|need) no (?:more|further)(?: (?:of|these|your|this|such))* {_MAIL}\b",
    r"\b(?:do not|don't|dont|no longer|not) (?:want|wish|like|care|need)(?: to)?(?: (?:receive"
    r"|get|have|be|see"
    r"|sent|read|getting|receiving))*(?: (?:any|these|your|this|more|further|future|such|the|of"
    r"|those|sent))*"
    rf" {_MAIL}\b",
    r"\b(?:(?:do not|don't|dont|no longer) (?:want|wish|like|care|need) to|(?:i'd|i would"
    r"|would) rather not"
    r"|prefer not to) (?:get"
    rf"|receive|have)(?: any)? (?:these|this|those|them)(?: any ?more| any longer)?{_SOON}$",
    r"\b(?:do not|don't|dont) (?:want|need|like) (?:these|this|those|them)(?: any ?more"
    rf"| any longer){_SOON}$",
    r"\b(?:do not|don't|dont|no longer|not) (?:want|wish|care) to (?:hear from you"
    r"|be (?:e-?mailed|contacted))",
    r"\b(?:do not|don't|dont|never) (?:e-?mail|mail|contact|spam|message|write to|write) (?:me"
    r"|us)\b"
    rf"(?: any ?more| again| ever again)*{_SOON}$",
    r"\b(?:do not|don't|dont|never) send (?:me|us)(?: (?:any|more|further|these|your|this|such"
    r"|again|of))*"
    rf" (?:{_MAIL}|anything)\b",
    r"^(?:please |just |now |and |so )*leave (?:me|us) alone\b",
    r"\b(?:withdraw|revoke) my (?:consent|permission)\b",
    r"\b(?:cancel|end|stop) my (?:newsletter|e-?mail|mailing list)(?: subscription| sign-?up)?\b",
    rf"^how (?:do|can) i {_UNSUBSCRIBE}(?: from{_GENERAL})?$",
    rf"\b(?:want|get me|let me) out of{_GENERAL}",
    rf"^(?:please |pls |plz |just )*unsub(?: {_ME})?{_SOON}$",
    rf"\b(?:cancel|end|stop) my subscription (?:to|of|for|from){_GENERAL}",
    # German
    r"\b(?:konn\w+|wurden|konnt) (?:sie|ihr) (?:mich|uns|meine adresse) (?:bitte )?(?:abmelden"
    r"|austragen|loschen"
    r"|entfernen|streichen)\b",
    r"^(?:bitte |sofort |ich will mich |ich mochte mich |mich )*(?:abmelden|abbestellen|austragen"
    r"|abmeldung"
    r"|abbestellung|newsletter abmelden|newsletter abbestellen)(?: bitte| danke)*$",
    r"\b(?:mich|uns|meine (?:e-?mail-?|mail-?)?adresse)\b.{0,60}\b(?:verteiler|liste|mailingliste"
    r"|newsletter"
    r"|adressliste|mailverteiler)\b.{0,40}\b(?:abmelden|austragen|loschen|entfernen|nehmen"
    r"|streichen"
    r"|abzumelden|auszutragen|raus|heraus)\b",
    r"\b(?:nehm|streich|losch|entfern|trag)\w*\s(?:sie |ihr |bitte )*(?:mich|uns"
    r"|meine)\b.{0,60}\b(?:verteiler"
    r"|liste|mailingliste|newsletter|adressliste|mailverteiler)\b",
    r"\b(?:newsletter|e-?mails?|mails?|werbung)\b.{0,20}\b(?:nicht mehr|nicht langer"
    r"|nie wieder)\b.{0,12}\b(?:bekommen"
    r"|erhalten|haben|lesen|zugeschickt)\b",
    r"\bmeld(?:en|et|e) (?:sie |ihr )?(?:mich|uns) (?:bitte |sofort )*(?:(?:vom|von"
    r"|aus) .{0,30}newsletter )?ab\b",
    r"^(?:hiermit )?melde ich (?:mich|uns) .{0,30}newsletter ab\b",
    r"\b(?:mochte|will|wunsche|brauche|bitte)\b.{0,30}\bkeine(?:rlei|n)? (?:weiteren? |ihrer "
    r"|eurer |solchen? "
    r"|mehr )*(?:e-?mails?|mails?|newsletter|werbung|werbe-?mails?|nachrichten|post)\b",
    r"\bkeine(?:n)? (?:weiteren? )?(?:e-?mails?|mails?|newsletter|werbung|werbe-?mails?) mehr\b",
    r"\bnewsletter\b.{0,25}\b(?:abbestellen|kundigen|abmelden|stornieren|beenden)\b",
    r"\bkundige\b.{0,25}\bnewsletter\b",
    r"\b(?:widerrufe|widerspreche)\b.{0,80}\b(?:einwilligung|werbung|zusendung|nutzung"
    r"|newsletter)\b",
    r"\b(?:horen sie|hort) auf\b.{0,25}\b(?:mails?|zu schreiben|zu mailen|zu schicken|zu senden)\b",
    # French
    r"^(?:merci de |veuillez |svp |je veux |je souhaite |bonjour,? )*(?:(?:me |m'"
    r"|nous )?(?:desinscrire|desabonner"
    r"|desinscription|desabonnement|desinscrit|desabonne))(?: moi)?(?: s'?il vous plait| svp| stp"
    r"| merci"
    r"| (?:de|a) (?:votre|la|cette|vos|toutes? vos) (?:liste|newsletter|lettre|mails?|e-?mails?"
    r"|envois)"
    r"(?: de diffusion| d'information)?)*$",
    r"\b(?:desinscri\w+|desabonne\w*)[ -](?:moi|nous)\b",
    r"\b(?:retire[rz]|supprime[rz]|enleve[rz]|raye[rz])(?:[ -](?:moi|nous)| mon (?:adresse"
    r"|e-?mail|mail)\S*)"
    r".{0,30}\b(?:liste|newsletter|fichiers?|base|mailings?)\b",
    r"\b(?:me|m'|nous) (?:retirer|supprimer|enlever|rayer|desinscrire"
    r"|desabonner)\b.{0,30}\b(?:listes?"
    r"|newsletter|fichiers?|base|mails?|envois|mailings?)\b",
    r"\bne (?:veux|souhaite|desire|voulons|souhaitons) (?:plus|pas)\b.{0,20}\b(?:recevoir|de vos"
    r"|vos|de)\b.{0,20}"
    r"\b(?:mails?|e-?mails?|courriels?|messages?|newsletters?|publicites?|pubs?|rien)\b",
    r"^(?:svp |merci,? )?plus (?:de|aucun|jamais de) (?:mails?|e-?mails?|courriels?|messages?"
    r"|newsletters?|pubs?)",
    r"\b(?:arretez|cessez) (?:de m'|de nous |vos |d'|ces )(?:ecrire|envoyer|mails?|e-?mails?"
    r"|messages?|envois|spams?)",
    r"^stop(?: svp| stp| s'?il vous plait| merci)+$",
    r"\b(?:pouvez|pourriez|voulez)[- ]vous (?:me|nous) (?:desinscrire|desabonner|retirer"
    r"|supprimer)\b",
    # Spanish
    r"^(?:por favor,? |quiero |solicito |solicito la |deseo )*(?:(?:dar(?:me)?|den?me|dame"
    r"|denos)(?: de)? baja|baja"
    r"|desuscribir(?:me)?|desuscribanme|cancelar suscripcion)(?: por favor| gracias)*$",
    r"\b(?:darme|denme|deme|dame|me den|me de|darnos) de baja\b(?: (?:de|del) (?:la |su |esta "
    r"|este )?(?:lista"
    r"|boletin|newsletter|correos?|suscripcion))?",
    r"\bno (?:quiero|deseo|queremos) (?:seguir recibiendo|recibir)\b.{0,20}\b(?:correos?|mails?"
    r"|e-?mails?|mensajes"
    r"|boletin\w*|publicidad|newsletters?)\b",
    r"\bno (?:me |nos )(?:envi|mand|escrib)\w+ mas\b",
    r"\b(?:elimin|borr|quit|saqu|remuev)\w*(?:me|nme|nos)? .{0,30}\b(?:lista|boletin|newsletter"
    r"|base de datos)\b",
    r"\bdej(?:en|e|ad|a) de (?:enviar|mandar|escribir)(?:me|nos)?\b",
    r"\bcancelar (?:mi |la )?suscripcion (?:al? |del? )(?:boletin|newsletter|correo)",
    # Italian
    r"\b(?:cancellarmi|cancellatemi|cancellami|disiscriver(?:mi|e)|disiscrivetemi|disiscrivimi"
    r"|disiscrizione"
    r"|rimuove(?:temi|rmi)|rimuovimi|togliermi|toglietemi|eliminatemi|eliminarmi)\b",
    r"\bnon (?:voglio|desidero|vorrei|vogliamo) (?:piu )?ricevere\b.{0,20}(?:mail|e-?mail"
    r"|messaggi|newsletter"
    r"|comunicazioni|pubblicita|piu)\b",
    r"\bnon (?:inviatemi|mandatemi|scrivetemi|mi (?:inviate|mandate|scrivete)|inviarmi"
    r"|mandarmi) (?:piu|altre)\b",
    r"^basta (?:con )?(?:le |queste |queste )?(?:e-?mail|mail|messaggi|newsletter|pubblicita"
    r"|spam)\b",
    r"\bsmette(?:te|tela|rla) (?:di|con)\b.{0,12}\b(?:mandar\w*|inviar\w*|scriver\w*|e-?mail|mail)",
    # Dutch
    r"^(?:graag |gelieve |aub |ik wil (?:me|mij) |wil (?:me|mij) )*(?:uitschrijven|afmelden"
    r"|uitschrijving"
    r"|afmelding)(?: aub| a\.u\.b| graag| alstublieft| svp| (?:voor|van|uit) (?:de |deze |jullie "
    r"|uw )?"
    r"(?:nieuwsbrief|maillijst|mailinglijst|lijst|mails))*$",
    r"\b(?:schrijf|meld) (?:me|mij|ons) (?:(?:aub|alstublieft|graag|nu) )*(?:(?:uit|af)\b|(?:voor"
    r"|van|uit) .{0,30}(?:uit|af)\b)",
    r"\b(?:wil|wens|willen|wensen) (?:ik |we |wij )?(?:geen|niet meer"
    r"|niet langer)\b.{0,25}\b(?:mails?|e-?mails?"
    r"|nieuwsbrie\w+|berichten|reclame|ontvangen)\b",
    r"^(?:stuur|stuurt u|zend) (?:me|mij|ons) (?:geen|nooit meer|niet meer)\b.{0,20}\b(?:mails?"
    r"|e-?mails?"
    r"|nieuwsbrie\w+|berichten|reclame)?",
    r"\b(?:mij|me|ons) (?:uit te schrijven|af te melden)\b",
    r"\b(?:haal|verwijder|schrap)(?:t u)? (?:me|mij|ons|mijn (?:e-?mail)?adres"
    r"|mijn naam)\b.{0,30}\b(?:lijst\w*"
    r"|bestand|maillijst|nieuwsbrief|mailinglijst)\b",
    r"^stop (?:met|aub|alstublieft|graag)\b.{0,30}\b(?:mailen|sturen|mails?|berichten"
    r"|nieuwsbrie\w+)?$",
    r"\b(?:kunt u|kunnen jullie|wilt u|willen jullie|kun je|wil je) (?:mij|me"
    r"|ons) (?:uitschrijven|afmelden"
    r"|verwijderen)\b",
    # Portuguese
    r"^(?:por favor,? |quero |desejo )*(?:me )?(?:descadastr\w+|desinscrev\w+|cancelar (?:a "
    r"|minha |a minha )?"
    r"(?:inscricao|subscricao))(?:-me)?(?: (?:da|de|desta|dessa) (?:lista"
    r"|newsletter))?(?: por favor| obrigad[oa])*$",
    r"\b(?:me (?:tir|remov|retir|exclu|descadastr)\w+|(?:tir|remov|retir|exclu|descadastr"
    r"|desinscrev)\w*-me)\b"
    r"(?:.{0,25}\b(?:lista|newsletter|e-?mails?|cadastro)\b|$)",
    r"\b(?:tir|remov|retir|exclu|apag)\w+ (?:o )?(?:meu (?:e-?mail|endereco|nome|contato"
    r"|contacto)).{0,30}\b(?:lista|newsletter"
    r"|cadastro|base)\b",
    r"\bnao (?:quero|desejo|queremos) (?:mais )?(?:receber|continuar a receber"
    r"|continuar recebendo)\b.{0,25}\b(?:"
    r"e-?mails?|mensagens|newsletters?|publicidade|correio|mais)\b",
    r"\bpar(?:e|em) de (?:me )?(?:enviar|mandar|escrever)\b",
    r"\bnao me (?:envi|mand|escrev)\w+ mais\b",
    r"\bsair d(?:a|esta|essa) lista\b",
)  # fmt: skip
BARE = re.compile(
    r"^(?:please |pls |just |now )*(?:stop|quit|cease)(?: (?:it|this|that|them|all this"
    rf"|all of this|these))?{_SOON}$"
)
"""A form that says it only where nothing else is said: "Stop it, you make me blush" is no wish."""
FORM = re.compile("|".join(f"(?:{form})" for form in _FORMS))
"""A sentence that asks to be taken off."""

MENTION = re.compile(
    rf"\b{_UNSUBSCRIBE}|\bnot interested (?:any ?more|any longer)\b|\b(?:only"
    rf"|just)\b.{{0,30}}\bno (?:offers|promotions|promos|ads)\b"
    r"|\b(?:nicht mehr|keine?\w*|abbestell\w*|geen|niet meer|plus|pas de|basta"
    rf"|nada de)\b.{{0,20}}\b(?:newsletter|nieuwsbrief|infolettre)\b"
    r"|\bunsubscri|\bopt(?:ed|ing)?[- ]out\b|\b(?:mailing|distribution|e-?mail) list\b"
    r"|\b(?:off|from) (?:your|this|the) (?:\w+ )?list\b|\bremove (?:me|my)\b"
    r"|\b(?:stop|cancel|end|pause|quit|fewer|less|too many|so many|no more"
    r"|not so many)\b.{0,30}\b(?:e-?mails?|mails?"
    r"|newsletters?|mailings?|messages|offers?|promotions?|promos?|of these|of this|writing"
    r"|sending)\b"
    r"|\bsubscri(?:be|ption)\b.{0,20}\b(?:cancel|stop|end)|\b(?:cancel|stop|end) (?:my|the"
    r"|this) subscription\b"
    r"|\b(?:don't|do not|dont|stop) send\w*\b.{0,25}\b(?:offers?|promotions?|promos?|ads|deals"
    r"|coupons?)\b"
    r"|\bless often\b|\bonce a (?:week|month|year)\b.{0,30}\b(?:enough|plenty|please|max)"
    r"|\b(?:abmeld|abbestell|austrag)\w*|\bverteiler\b|\bmelde ich mich ab\b"
    r"|\bnur noch\b.{0,30}\b(?:monat|woche|mail)"
    r"|\b(?:weniger|seltener|keine)\b.{0,20}\b(?:mails?|e-?mails?|newsletter|werbung)\b"
    r"|\bdesinscri|\bdesabonn|\bmoins (?:de |souvent)\b.{0,20}(?:mail|message)?"
    r"|\bliste de diffusion\b"
    r"|\bde baja\b|\bdesuscri|\bmenos (?:correos|mensajes|e-?mails|mails)\b|\bsuscripcion\b"
    r"|\bdisiscri|\bcancellar(?:mi|si)\b|\bmeno (?:mail|e-?mail|messaggi|spesso)\b"
    r"|\buitschrij|\bafmeld|\bminder (?:mails?|e-?mails?|vaak)\b"
    r"|\bdescadastr|\bdesinscr|\b(?:inscricao|subscricao)\b|\bmenos (?:e-?mails?|mensagens)\b"
)
"""A sentence that speaks of leaving, or of getting less."""

FAR_FROM_IT = re.compile(
    r"\b(?:don't|do not|dont|never|won't|will not|wouldn't|would not|can't|cannot|can not"
    r"|not going to|no need to"
    rf"|no plans to|no reason to|not want to|not wish to)\b(?: \w+){{0,3}} (?:stop|{_UNSUBSCRIBE}"
    r"|opt[- ]?out|quit|remove"
    r"|cancel)\w*"
    r"|\bunsubscribed from (?:every|all|any|most|the|some)(?: of)?(?: the| your)? ?other"
    r"|\b(?:nicht|nie|niemals)\b.{0,12}\b(?:abmelden|abbestellen|aufhoren)\b"
    r"|\bhoren sie (?:bitte )?nicht auf\b"
    r"|\bne (?:me |vous )?(?:desinscri|desabonn|arret)\w+ (?:pas|jamais|surtout)\b"
    r"|\bno (?:me |se )?(?:quiero |voy a )?(?:dar(?:me)? de baja|dejen)\b"
    r"|\bnon (?:voglio |mi )?(?:cancell|disiscriv|smett)\w+|\bniet (?:uitschrijven|afmelden"
    r"|stoppen)\b"
    r"|\bnao (?:quero |vou )?(?:me )?(?:descadastr|cancel|par)\w+"
)
"""A sentence that says the opposite: please do not stop."""

DOUBT = re.compile(
    r"\b(?:her|his|their|him|them|passed away|died|deceased|funeral|my (?:husband|wife|partner"
    r"|mum|mom|mother"
    r"|father|dad|son|daughter|brother|sister|colleague|boss|friend|late)\w*|contract|device)\b|"
    r"\b(?:if|unless|otherwise|or else|thinking (?:of|about)|tempted|considering|might|maybe"
    r"|almost|nearly|about to"
    r"|i will|i'll|i am going to|going to|would have|had to|used to)\b(?! possible| you can"
    r"| you could| you would)"
    r"|\b(?:wenn|falls|sonst|ansonsten|uberlege|vielleicht|hatte)\b|\b(?:sinon|peut-etre|sauf si"
    r"|si vous)\b"
    r"|\b(?:quiza|si no|si siguen)\b|\b(?:altrimenti|se continuate|forse)\b|\b(?:tenzij|misschien"
    r"|als jullie)\b"
    r"|\b(?:senao|talvez|se continuar)\w*\b"
)
"""A sentence that says it under a condition, of another time, of another person or of another thing."""

KEEP = re.compile(
    r"\bkeep (?:me|the|sending|getting|on|receiving|my)\b|\bbut (?:please )?(?:keep|continue"
    r"|not)\b|\bexcept\b"
    r"|\bstill (?:want|like|love|interested|need|wish|get|receive)\b|\bonly (?:want|the|from|send"
    r"|keep|interested)\b"
    r"|\b(?:fewer|less often|less frequent\w*|once a (?:week|month|quarter|year)|not so often"
    r"|instead)\b"
    r"|\b(?:nur noch|weniger|seltener|weiterhin|ausser|behalten)\b|\b(?:garder|moins|sauf"
    r"|uniquement|seulement)\b"
    r"|\b(?:pero|salvo|excepto)\b.{0,40}\b(?:seguir|manten\w*|conserv\w*|quiero|si)\b|\bmenos\b"
    r"|\b(?:tranne|meno)\b|\bma\b.{0,30}\b(?:tenere|continuare|ancora)\b"
    r"|\b(?:behalve|minder)\b|\bmaar\b.{0,30}\b(?:houden|wel|blijven|nog)\b|\b(?:exceto)\b"
    r"|\bmas\b.{0,30}\b(?:manter|continuar|ainda)\b"
)
"""Somebody wants a part of it."""
