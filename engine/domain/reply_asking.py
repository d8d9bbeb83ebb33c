"""How people ask for something, in seven languages: a question, a request, or something that went wrong.

Matched against one sentence, folded (`reply_meaning.folded`). It is about what a reply is for, never
about how its writer feels: ordinary correspondence needs no consent to be answered (R5.10).
"""

from __future__ import annotations

import re

_WRONG = (
    r"(?:broken|damaged|torn|wrong|empty|leaking|cracked|smashed|defective|faulty|incomplete|stale"
    r"|spilled)"
)

_FORMS = (
    r"\?",
    # English
    r"^(?:and |so |but |also,? |or )?(?:where|when|why|who)\b(?! i\b)",
    r"^(?:and |so |but |also,? |or )?how (?:much|many|long|do|can|does|is|are|soon|come|to|about"
    r"|would|should|often)\b",
    r"^(?:and |so |but |also,? |or )?(?:what|which) (?:is|are|do|does|about|time|size|happen\w*"
    r"|would|should|can|one)\b",
    r"^(?:and |so |but |also,? |or )?(?:do|does|did|can|could|would|will|is|are|have|has|was|were"
    r"|may|should|shall)"
    r" (?:you|i|we|it|there|this|that|the|they|he|she|my|your|somebody|someone|anybody|anyone"
    r"|any)\b",
    r"\b(?:can|could|would|will) (?:you|somebody|someone|anyone|we|i) (?:please |kindly "
    r"|also )?(?!have\b)\w+",
    r"\b(?:wonder(?:ing)?|curious) (?:if|whether|when|where|how|why|what|about)\b",
    r"\b(?:i'd|i would|we'd|we would) (?:like|love|appreciate|prefer) (?:to (?:know|change|order"
    r"|return|cancel|get|have"
    r"|exchange|book|ask|add|speak|talk|receive|move|update|pick)|a |an |it |you |my |the |some)",
    r"\b(?:i|we) (?:want|need) (?:my |a |an |to (?:know|change|return|cancel|order|speak|talk"
    r"|exchange|update|move)|you to"
    r"|the |some |help|it |this )",
    r"\bplease (?!(?:do not|don't|dont|keep|never|note|accept|pass|tell \w+ (?:thanks|thank)"
    r"|give \w+ my|say|see|excuse"
    r"|find)\b)(?:also |just |kindly |be so kind )*(?:send|call|ring|cancel|change|check|confirm"
    r"|advise|help|let|tell|explain"
    r"|refund|replace|return|update|forward|resend|reply|answer|get back|contact|correct|fix|look"
    r"|deliver|ship|hold"
    r"|add|remove|move|book|reserve|put|provide|give|arrange|delete|stop|pause|use)\b",
    r"\b(?:let me know|tell me|get back to me|give me a call|call me|ring me|any (?:news|update"
    r"|idea|chance))\b",
    r"\b(?:refund|money back|reimburse\w*|replacement|complaint)\b",
    r"\b(?:cancel|change|pause|stop|return|exchange) (?:my|the|our|this) \w+",
    r"\b(?:arrived|came|is|was|were|are|be) (?:all |completely |totally |badly "
    rf"|partly )?{_WRONG}\b",
    r"\b(?:has|have|did)(?:n't| not) (?:arrived?|come|received?|got|gotten|turned up"
    r"|been delivered)\b",
    r"\b(?:still waiting|never (?:arrived|came|received|got)|not (?:yet )?(?:arrived|received"
    r"|been delivered)|is missing"
    r"|are missing|was missing|were missing)\b",
    r"\b(?:does|do|did|is|will)(?:n't| not) (?:work|open|turn on|switch on|let me)\w*"
    r"|\bstopped working\b|\bnot working\b",
    r"\b(?:charged|billed|debited) (?:me )?(?:twice|again|double|wrong\w*|too)\b|\b(?:overcharged"
    r"|double charged)\b",
    r"\b(?:ordered|bought|paid for|asked for)\b.{0,40}\b(?:but|and|instead)\b.{0,30}\b(?:got"
    r"|received|came|sent|only|instead)\b",
    r"\b(?:says|marked|shown) (?:as )?delivered\b.{0,40}\b(?:but|nothing|not|never|no)\b",
    r"\b(?:my|our) (?:new )?address (?:has |is )?(?:changed|wrong|now)\b|\b(?:we"
    r"|i) (?:have )?moved\b|\bthe old address\b",
    r"\b(?:expect|waiting for|await|awaiting|want|need|look forward to) (?:a|an|your|some"
    r"|any) (?:\w+ )?(?:reply|answer"
    r"|response|explanation|call|refund|solution)\b",
    r"\b(?:i|we) (?:do not|don't|dont) (?:understand|know (?:how|what|where|why|when|if"
    r"|whether))\b",
    r"\b(?:question|help) (?:for you|about|with|please)\b|\bneed help\b|\bno idea (?:how|what"
    r"|where|why|when)\b",
    r"^(?:and |so |but )?(?:what|where|when|who|how)'s (?:the|my|your|a|this|that|it|there"
    r"|up with|wrong|going on)\b",
    r"^(?:i |we )?(?:need|require|am looking for|look for|looking for) (?:a|an|the|some|two|three"
    r"|more|my|\d+) \w+|^help\b",
    r"\b(?:can't|cannot|can not|cant|couldn't|could not|unable to|not able to) (?:log|sign|open"
    r"|find|see|order|pay|get"
    r"|use|reach|access|read|download|checkout|check out|change|redeem|add|place|track|turn"
    r"|make)\b",
    r"\b(?:did not|didn't|never|haven't|have not) (?:get|got|receive|see|work)\w*\b|\b(?:an"
    r"|the) error\b|\b(?:was|is|got)"
    r" declined\b|\bmoney is gone\b|\bpayment (?:failed|did not)\b|\b(?:it|machine|bag|bottle"
    r"|grinder|lid|pump)"
    r" (?:leaks|is stuck|broke|jams)\b",
    r"\byou (?:have )?(?:sent|charged|forgot|delivered|shipped|gave) (?:me |us )?(?:the wrong"
    r"|a wrong|decaf|twice|only|again"
    r"|too|\w+ (?:again|instead|twice))\b|\byou promised\b",
    r"\b(?:i'd|i would|we'd|we would) like (?:one|two|three|four|five|more|some|\d+|another"
    r"|to \w+)\b",
    # German
    r"^(?:und |oder |ausserdem |aber )?(?:wann|wo|warum|wieso|weshalb|wer|wohin|woher|wie (?:viel"
    r"|lange|kann|oft|komme"
    r"|geht|hoch|soll|muss|teuer)|was (?:kostet|ist|mache|muss|soll|passiert)|welche\w*)\b",
    r"^(?:und |oder )?(?:konn(?:en|ten|t|tet)|kann|kannst|haben|habt|gibt|darf|wurden|ist|sind"
    r"|wird|werden|liefer\w+)"
    r" (?:sie|ihr|ich|wir|man|es|mir|die|der|das|mein\w*|jemand)\b",
    r"\bkonn(?:en|ten|tet) (?:sie|ihr|wir)\b|\bkonntest du\b",
    r"\bich (?:mochte|wurde|brauche|hatte|bitte|wollte)\b.{0,80}\b(?:gern\w*|andern|stornieren"
    r"|zuruck\w*|umtausch\w*|wissen"
    r"|fragen|um|rechnung|bestell\w*|kundigen|geld|haben|buchen|reservieren)\b",
    r"\bbitte (?:um|schick\w*|send\w*|ruf\w*|storn\w*|ander\w*|teil\w*|melde\w*|prufe\w*"
    r"|antwort\w*|gebt|geben|sag\w*"
    r"|erstatt\w*|tausch\w*|klar\w*|hilf|helf\w*|liefer\w*)\b",
    r"\b(?:ruckmeldung|ruckruf|frage an|eine frage|noch fragen|reklam\w+|erstatt\w+|geld zuruck"
    r"|umtausch\w*|bescheid geben)\b",
    r"\b(?:kaputt|zerbrochen|beschadigt|defekt|fehlt|fehlen|falsche\w*|verkehrte\w*|ausgelaufen"
    r"|zerrissen)\b",
    r"\b(?:nicht|noch nichts?|nie) (?:angekommen|erhalten|bekommen|geliefert|da)\b"
    r"|\bwarte (?:noch|immer|seit|schon)\b",
    r"\b(?:funktioniert|geht|klappt) (?:leider |immer noch |gar )?nicht\b",
    # French
    r"\best-ce que?\b|^(?:et |mais )?(?:quand|ou (?:est|sont|en)|pourquoi|comment|combien"
    r"|quel(?:le)?s?)\b",
    r"\b(?:pouvez|pourriez|avez|livrez|seriez|auriez|proposez)-vous\b|\b(?:peut-on|puis-je"
    r"|y a-t-il)\b",
    r"\bje (?:voudrais|souhaite(?:rais)?|aimerais|voulais|desire) (?:savoir|changer|annuler"
    r"|commander|retourner|echanger"
    r"|un\b|une\b|etre|vous|modifier|avoir|connaitre)",
    r"\bmerci de (?:me|m'|nous|bien vouloir)\b|\bveuillez (?:me|m'|annuler|changer|modifier)\b",
    r"\b(?:casse|abime|endommage|manquant|defectueu)\w*|\bil manque\b|\brembours\w+"
    r"|\b(?:pas|rien|jamais) (?:encore )?(?:recu|arrive)\w*|\bne (?:fonctionne|marche) (?:pas"
    r"|plus)\b",
    # Spanish
    r"^¿|^(?:y |pero )?(?:cuando|donde|por que|como (?:puedo|hago|se)|cuanto\w*|cual(?:es)? )\b",
    r"\b(?:pueden|podrian?|puedo|podeis|me podria\w*) \w+|\b(?:quisiera|me gustaria|necesito) \w+",
    r"\bquiero (?:saber|cambiar|devolver|cancelar|pedir|hacer|mi|un|una)\b",
    r"\b(?:roto|rota|danad[oa]|reembolso|devolucion|no funciona|falta(?:n|ba)?)\b"
    r"|\bno (?:me |nos )?(?:ha |han )?(?:llego|llegado|recibido|he recibido)\b|\bno he recibido\b",
    # Italian
    r"^(?:e |ma )?(?:quando|dove|perche|come (?:posso|faccio|si|mai)|quanto|quanti|qual e|quale)\b",
    r"\b(?:potete|potreste|potrebbe|posso|si puo|avete) \w+|\b(?:vorrei|avrei bisogno|ho bisogno"
    r"|mi servirebbe|mi serve) \w+",
    r"\b(?:rott[oa]|danneggiat\w+|rimborso|non funziona|manca(?:no|va)?|difettos\w+)\b"
    r"|\bnon (?:e |sono |mi e )?(?:ancora )?(?:arrivat|ricevut)\w+|\bnon ho (?:ancora )?ricevuto\b",
    # Dutch
    r"^(?:en |maar )?(?:wanneer|waar (?:is|blijft|kan|zijn)|waarom|hoe (?:kan|lang|veel|kom|moet"
    r"|duur)|wat (?:kost|is|zijn)"
    r"|welke)\b",
    r"\b(?:kunnen jullie|kunt u|kun je|kan ik|kan het|kan iemand|zouden jullie|zou u"
    r"|is het mogelijk|mag ik)\b",
    r"\bik (?:wil|zou)\b.{0,40}\b(?:graag|weten|wijzigen|annuleren|retour\w*|ruilen|bestellen"
    r"|terug)\b|\bik heb .{0,30}\bnodig\b",
    r"\bgraag (?:een|uw|jullie|hoor|mijn|wil|antwoord|ontvang)\b",
    r"\b(?:kapot|beschadigd|ontbreekt|ontbreken|gebroken|defect|terugbetal\w+|werkt niet"
    r"|geld terug)\b"
    r"|\b(?:nog )?niet (?:aangekomen|ontvangen|geleverd|binnen)\b",
    # Portuguese
    r"^(?:e |mas )?(?:quando|onde|por ?que|como (?:posso|faco)|quanto|qual|quais)\b",
    r"\b(?:voces? podem?|poderiam?|podiam|pode me|podem me|posso|e possivel) \w+|\b(?:gostaria"
    r"|queria|preciso) \w+",
    r"\bquero (?:saber|trocar|devolver|cancelar|mudar|pedir|meu|minha|um|uma)\b",
    r"\b(?:errad[oa]s?|quebrad\w+|danificad\w+|partid[oa]s?|reembolso|devolucao|nao funciona"
    r"|faltou|falta(?:m|va)?)\b"
    r"|\bnao (?:chegou|recebi|chegaram)\b",
)  # fmt: skip
FORM = re.compile("|".join(f"(?:{form})" for form in _FORMS))
"""A sentence that wants an answer."""

POLITE = re.compile(
    r"(?:how are you(?: doing| all)*|how(?:'s| is) it going|wie geht(?:'s| es)(?: (?:ihnen|euch"
    r"|dir))?|comment allez[- ]vous"
    r"|ca va|como (?:estan?|esta usted)|come (?:state|sta|va)|hoe gaat het(?: met (?:u|jullie"
    r"|je))?|tudo bem|right|isn't it"
    r"|no|ok|okay|really|deal|haha+)\W*"
)
"""A question that nobody has to answer."""
