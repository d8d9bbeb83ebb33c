"""Italian."""

from __future__ import annotations

from engine.domain.reply_words.words import Words

ITALIAN = Words(
    parts={
        "E": r"(?:(?:e|ma|ciao,?|buongiorno,?) )*",
        "START": r"^|[,:;-] ?|\b(?:e|ma|quindi) {PREGO}?|{PREGO}",
        "PREGO": (
            r"\b(?:per favore|per cortesia|vi prego(?: di)?|vorrei|voglio|desidero|chiedo(?: di)?|prego"
            r"|potete|potreste|gradirei|si prega di|vi chiedo di)[ ,]+"
        ),
        "FINE": (
            r"(?:[ ,]*\b(?:per favore|grazie|subito|immediatamente|ora|adesso|per cortesia|mai piu"
            r"|piu))*(?=$| ?[,:;(-]| (?:e|perche|o|altrimenti)\b)"
        ),
        "LISTA": (
            r"(?:\b(?:di|del|della|dalla|dalle|dal|dai|dalla vostra|dalle vostre|la|le|il|i|vostra"
            r"|vostre|vostro|vostri|questa|queste|alla|tutte|da) )*\b(?:mailing[- ]?list\w*|liste?"
            r"|newsletter|elenc\w+|archivi\w*|database|rubrica|{MAIL})\b"
        ),
        "MAIL": (
            r"\b(?:e-?mail|mail|messaggi\w*|newsletter|comunicazion\w*|pubblicita|spam|posta"
            r"|promozion\w*|offerte|notifiche)\b"
        ),
    },
    leave=r"""
    {START}(?:niente|no|basta|nessuna) (?:piu )?{MAIL}{FINE}
    \bnon (?:voglio|desidero) (?:piu )?(?:le vostre |altre |le |vostre )?{MAIL}
    \b(?:essere|venire) (?:cancellat|rimoss|tolt|eliminat)\w (?:dalla|dal|dalle) {LISTA}
    \b(?:cancellat|rimoss|tolt)\w dalla (?:vostra )?(?:lista|newsletter|mailing list)
    {START}smett(?:ere|ete|etela) di\b
    \b(?:cancellare|disdire|annullare|cessare) (?:la |questa |la mia )?(?:newsletter|iscrizione
    |sottoscrizione)
    \b(?:cancellarmi|cancellatemi|cancellami|cancellateci|mi cancelli|disiscriver(?:mi|e)|disiscrivetemi
    |disiscrivimi|disiscrizione|disiscrivermi|disiscrivo|rimuove(?:temi|rmi)|rimuovimi|togliermi
    |toglietemi|toglimi|eliminatemi|eliminarmi|depennatemi|levatemi)\b(?! (?:dal(?:la)? (?:ordine|corso
    |prenotazione)))
    {START}(?:cancellare|rimuovere|togliere|eliminare|cancellate|rimuovete|togliete|eliminate) (?:il mio
    |la mia|questo|questa|il) (?:indirizzo|e-?mail|mail|nome|nominativo|contatto)
    \bnon (?:voglio|desidero|vorrei|vogliamo|intendo|desideriamo
    |gradisco) (?:piu |assolutamente )?(?:ricevere|ricevere piu|essere contattat\w|altre|vostre
    |piu)\b.{0,30}(?:{MAIL}|piu|da voi|altro|$)
    \bnon (?:inviatemi|mandatemi|scrivetemi|contattatemi|scrivermi|contattarmi|mi (?:inviate|mandate
    |scrivete|contattate|scriva|contatti)|inviarmi|mandarmi|inviate|mandate) (?:piu|altre|altri|mai piu
    |nulla|niente|{MAIL})
    {START}basta (?:con )?(?:le |queste |queste vostre |le vostre |con le )?{MAIL}
    \bsmett(?:ete|etela|erla|ila|i)\b.{0,12}\b(?:mandar\w*|inviar\w*|scriver\w*|tormentar\w*|disturbar\w*
    |e-?mail|mail|spam\w*)
    \b(?:revoco|ritiro) (?:il|ogni) (?:mio )?consenso\b|\bmi oppongo\b.{0,60}(?:dati|marketing|pubblicita
    |trattamento|commerciali)
    {START}lasciatemi (?:in pace|stare)|\bannullare? (?:la mia )?(?:iscrizione
    |sottoscrizione)\b(?: (?:alla|dalla|della) (?:newsletter|mailing list|lista))?{FINE}
    \b(?:link|pulsante|tasto)\b.{0,25}\b(?:disiscri\w+|cancella\w+)\b.{0,30}\bnon (?:funziona|va)
    {START}(?:niente|nessuna|mai) (?:piu )?(?:altre )?{MAIL}
    \bcome (?:faccio|si fa|posso|fare) (?:a |per )?(?:disiscriv\w+|cancellarmi|togliermi)
    \bnon (?:acconsento|autorizzo)\b.{0,40}(?:dati|{MAIL}|marketing)
    """,
    whole=r"""
    non mi sono (?:mai )?iscritt\w(?: (?:a|alla) {LISTA})?
    stop|basta(?: cosi)?|smettetela|smettila|cancell(?:are|ate|a)|rimuov(?:ere|ete|i)|disiscri\w+
    |eliminate|non scrivetemi|finitela
    """,
    speaks=r"""
    \bdisiscri|\bcancellar(?:mi|si)\b|\bmeno (?:mail|e-?mail|messaggi|spesso|frequent\w*)\b|\b(?:troppe?
    |troppi|basta|meno|niente|nessuna|non|piu|solo|smett\w*)\b.{0,25}{MAIL}|{MAIL}.{0,25}\b(?:basta
    |troppe?|meno|stop|indesiderat\w*)
    \btroppo spesso\b|\bmailing list\b|\bnon (?:mi )?interessa\w*|\bconsenso\b|\bgdpr\b|\bin pace\b
    |\bspam\b|\bpersona sbagliata\b|\bsbagliato persona\b|\bnon mi sono (?:mai )?(?:iscritt|registrat)\w*
    |\bsmett(?:ete|etela|ila)\b|\bmancat[oa]\b.{0,10}\bmamma
    \b(?:toglie|elimina|rimuove|cancella)te(?:mi|ci)\b|\bnon scrive\w+\b|\bnon (?:voglio|vorrei) piu\b
    """,
    opposite=r"""
    \bnon (?:voglio |mi |vi )?(?:cancell|disiscriv|smett|toglie|toglia|elimin|rimuov)\w+
    """,
    denies=r"non|mai",
    doubt=r"""
    \b(?:se continuate|forse|mio (?:marito|padre|fratello|figlio)|mia (?:moglie|madre|sorella|figlia)
    |fino a)\b
    """,
    doubt_before=r"\baltrimenti\b",
    keep=r"""
    \b(?:tranne|meno|soltanto)\b|\bma\b.{0,30}\b(?:tenere|continuare|ancora)\b|\bsolo\b(?!.{0,30}(?:ordin
    |fattur))
    """,
    erase=r"""
    \b(?:cancella|elimina|rimuov|distrugg)\w*\b.{0,50}\b(?:miei dati|dati personali|mio account
    |mio profilo|i dati|tutto)\b
    \b(?:cancellazione|eliminazione|rimozione)\b.{0,40}\b(?:dati|account|profilo)\b|\bdiritto (?:all'oblio
    |alla cancellazione)\b|\bart(?:icolo|\.)? ?17\b
    """,
    ask=r"""
    \bsotto la pioggia\b|\bsa di (?:bruciato|plastica|muffa)\b|\bho una domanda\b
    ^{E}(?:quando|dove|dov'e|perche(?! no)|come (?:posso|faccio|si|mai|funziona)|quanto|quanti|qual e
    |quale|quali|avete|spedite|vendete|fate|c'e|ci sono|si puo|e possibile|siete)\b
    \b(?:potete|potreste|potrebbe|posso|si puo|avete) \w+|\b(?:vorrei|avrei bisogno|ho bisogno
    |mi servirebbe|mi serve|vorremmo|cerco) \w+|\bmi fate sapere\b|\bfatemi sapere\b
    \b(?:rott[oaie]|danneggiat\w+|rimborso|non funziona|manca(?:no|va)?|difettos\w+|sbagliat[oaie])\b
    |\bnon (?:e |sono |mi e )?(?:ancora )?(?:arrivat|ricevut)\w+|\bnon ho (?:ancora )?(?:ricevuto
    |capito)\b|\bsto (?:ancora )?aspettando\b|\baspetto ancora\b
    \bfattura\b|\bnon riesco a\b|\buna domanda\b|\baddebitat\w+\b|\bnon capisco\b|\bil (?:codice|sito|link
    |buono)\b.{0,25}\bnon\b
    """,
    polite=r"""
    come (?:state|sta|va|stai)|perche no|che (?:bell[ao]?|buon[ao]?|sorpresa|meraviglia)\b.*
    |chi l'avrebbe detto|vero
    """,
)
