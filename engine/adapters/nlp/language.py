"""Which language a text is in: English, or another that is better left unread.

Short texts are the trouble: a detector that counts letters takes "meh" for Sotho and "thx!" for nothing
at all, and a message that is wrongly left unread loses a voice. So a text counts as English unless its
letters are of another script, or the words and the detector together speak for another language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from math import log
from typing import Any

from spacy.lang.en.stop_words import STOP_WORDS

ENGLISH = "en"
LONGEST = 600
"""Letters that are looked at, about a hundred words."""
_ODDS, _ODDS_OF_ONE = 3.4, 4.4
"""How sure the detector has to be, as the logarithm of its odds, where no word speaks for a language:
of two words or more, and of one. Measured on English sentences without any common word."""

_FUNCTION_WORDS: Mapping[str, str] = {
    "de": "der das und ist nicht ich sie mit ein eine einen einem zu auf für im dem den des wir ihr"
    " aber auch wie bei nach noch nur schon sehr wurde haben habe hat sind mein meine meinen kein"
    " keine warum wo wann mir mich uns euch danke bitte leider schlecht gut immer wieder vom zum"
    " zur es kaffee kalt lieferung geliefert paket bestellung schlechter schlechte schnell nie"
    " enttäuscht war essen lecker freundlich unfreundlich geld zurück rechnung habt seit tagen"
    " warte",
    "fr": "le les des une est pas je il elle nous vous et mais avec pour dans sur que qui où mon ma mes"
    " votre vos cette ce c'est j'ai très merci bonjour du au aux ne n'est jamais toujours suis été"
    " être commande aussi tout rien de la parfait livraison colis nul déçu déçue cher reçu mauvais"
    " mauvaise bon bonne froid délicieux remboursement facture jours attends encore chez fait avez",
    "es": "el los las una y es no pero con por para que muy mi mis su sus está están fue ha han esta"
    " este estoy gracias nunca siempre donde dónde cuando cuándo porque qué hola me lo le del al"
    " todo nada mal bien pedido de la un en servicio pésimo paquete llegado frío rápido comida"
    " caro dinero devolución factura días espero todavía encanta perfecta mala bueno tengo tiene"
    " quiero hace",
    "it": "il gli una è e non ma con per che di del della sono mio mia molto grazie ho ha questo questa"
    " dove quando perché mai sempre nel nella alla dal anche più tutto niente male bene ordine"
    " vostro si servizio pessimo pessima pacco vergogna vergognoso bellissimo consegna freddo"
    " veloce cibo soldi rimborso fattura giorni aspetto ancora ottimo ottima sto siete",
    "pt": "o os uma é não mas com por para que muito minha meu seu sua está foi obrigado obrigada nunca"
    " sempre onde quando porque isso este esta do da dos das no na em ao tudo nada mal bem pedido"
    " eu você ainda um péssimo atendimento encomenda chegou frio rápido comida caro dinheiro"
    " reembolso fatura dias espero adorei vergonha vergonhoso ótimo ótima tenho quero faz",
    "nl": "het een en niet maar met voor van ik jij wij zij mijn uw zijn heb heeft was ben ook zeer erg"
    " dank bedankt nooit altijd waar wanneer waarom deze dit dat nog niets alles slecht goed"
    " bestelling te naar bij uit de geen slechte pakket koud lekker snelle levering schandalig"
    " geld terug factuur dagen wacht teleurgesteld heerlijk zo'n vriendelijk eten kregen",
    "sv": "och är inte jag vi men med för på det den som en ett min mitt har hade mycket tack aldrig"
    " alltid var när varför detta denna också ingen inget dåligt bra beställning till av från"
    " dålig paketet kall kallt gott snabb leverans pengarna tillbaka faktura dagar väntar besviken"
    " perfekt trevlig maten fick",
    "da": "og er ikke jeg vi men med for på det den som en et min mit har havde meget tak aldrig altid"
    " hvor hvornår hvorfor dette denne også ingen intet dårlig god bestilling til af fra dårligt"
    " pakken kold koldt lækkert hurtig levering pengene tilbage regning dage venter skuffet dejlig"
    " maden fik",
    "nb": "og er ikke jeg vi men med for på det den som en et min mitt har hadde veldig takk aldri"
    " alltid hvor når hvorfor dette denne også ingen ingenting dårlig bra bestilling til av fra"
    " pakken kald kaldt rask levering pengene tilbake regning dager venter skuffet deilig maten"
    " fikk",
    "fi": "ja on ei minä mutta kanssa ole olen oli kiitos miksi missä milloin tämä hyvin todella vain"
    " myös ovat että kun niin tilaus huono hyvä paketti kylmä kylmää nopea toimitus rahat takaisin"
    " lasku päivää odotan pettynyt ruoka huonoa palvelu",
    "pl": "i jest nie się to na z do ale że jak mam mój moja moje bardzo dziękuję nigdy zawsze gdzie"
    " kiedy dlaczego ten był była od po za czy już zamówienie dobry zły są przez zła obsługa"
    " paczka dotarła zimna pyszne przepyszne szybka dostawa pieniędzy zwrot faktura dni czekam"
    " rozczarowany jestem wszystko świetnie chcę",
    "cs": "je není na ale že jak mám můj moje velmi děkuji nikdy vždy kde kdy proč tento byl byla od po"
    " za už objednávka dobrý špatný jsem jsou to a balík studená rychlé dodání peníze zpět faktura"
    " dní čekám zklamaný jídlo špatná obsluha",
    "ro": "și este nu am dar cu pentru că mea meu foarte mulțumesc niciodată mereu unde când acest sunt"
    " a fost de la pe în comanda bun coletul rece rapidă livrare banii înapoi factura zile aștept"
    " dezamăgit mâncarea proastă",
    "hu": "és nem az egy van volt hogy de mert nagyon köszönöm soha mindig hol mikor miért ez én már"
    " csak rendelés jó rossz a meg is csomag hideg gyors szállítás pénzt vissza számla napja várok"
    " csalódott étel szörnyű",
    "tr": "ve bir bu değil çok için ama ile ben benim teşekkürler teşekkür asla her nerede ne zaman"
    " neden var yok daha da de mi sipariş iyi kötü olarak soğuk hızlı teslimat para iade fatura"
    " gündür bekliyorum yemek berbat hizmet",
    "id": "dan yang tidak saya ini itu di untuk dengan tapi sangat terima kasih pernah selalu mana"
    " kapan kenapa sudah belum ada dari ke pesanan baik buruk kami anda bisa dingin cepat"
    " pengiriman uang kembali tagihan hari menunggu kecewa makanan pelayanan sekali",
}
_CHAT = (
    "thx thanks thank ty pls please lol omg wtf meh yay yum yuck ugh nah nope yep yup ok okay hi hello"
    " hey gr8 great good bad nice love luv loved hate hated best worst awful terrible horrible amazing"
    " awesome excellent perfect fantastic wonderful lovely happy sad angry annoyed disappointed sorry"
    " slow late fast quick cheap expensive broken refund order delivery service food staff money time"
    " never always again won't don't can't didn't doesn't isn't wasn't i'm it's im ive dont cant didnt"
    " wont u ur r wanna gonna gotta sucks crap rubbish fine cool wow wasn got get want need like works"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_OURS = frozenset(STOP_WORDS) | frozenset(_CHAT.split())
_THEIRS: dict[str, list[str]] = {}
"""Each word with the languages that it speaks for."""
for _language, _words in _FUNCTION_WORDS.items():
    for _one in set(_words.split()):
        _THEIRS.setdefault(_one, []).append(_language)


def language_of(text: str) -> str:
    """`en`, the code of another language (ISO 639-1, a guess), or "" where there are no words.

    Reads the first `LONGEST` characters.
    """
    lowered = text[:LONGEST].lower()
    words = _WORD.findall(lowered)
    if not words:
        return ""
    if not lowered.isascii() and _is_foreign_script(lowered):
        return _other(_guess(lowered))
    ours = sum(word.partition("'")[0] in _OURS for word in words)
    theirs, language = _spoken_elsewhere(words)
    if ours > theirs and ours * 6 >= len(words):
        return ENGLISH
    guessed, odds = _detected(lowered)
    if ours:
        return guessed if odds >= (_ODDS if theirs <= ours else 0) else ENGLISH
    if theirs > 1 or (theirs and (len(words) == 1 or odds > 0)):
        return language
    sure = _ODDS if len(words) > 1 else _ODDS_OF_ONE
    return guessed if odds >= sure and guessed in _FUNCTION_WORDS else ENGLISH


def _spoken_elsewhere(words: list[str]) -> tuple[int, str]:
    counts = dict.fromkeys(_FUNCTION_WORDS, 0)
    for word in words:
        for language in _THEIRS.get(word, ()):
            counts[language] += 1
    likeliest = max(counts, key=counts.__getitem__)
    return counts[likeliest], likeliest


def _is_foreign_script(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    latin = sum(letter < "\u0250" or "\u1e00" <= letter < "\u1f00" for letter in letters)
    return latin * 2 < len(letters)


def _guess(text: str) -> str:
    return _detected(text)[0]


def _detected(text: str) -> tuple[str, float]:
    """The likeliest language, and how much likelier it is than English, as a logarithm."""
    ranked = _detector().rank(text)
    likeliest, probability = ranked[0]
    return likeliest, log(probability / max(dict(ranked)[ENGLISH], 1e-30))


def _other(guessed: str) -> str:
    """A language, and not English, whatever a detector thinks of letters that English has not."""
    return "und" if guessed == ENGLISH else guessed


@cache
def _detector() -> Any:
    from py3langid.langid import _load_identifier

    return _load_identifier(norm_probs=True)
