"""What our sign-up pages say, in the languages that they speak."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One language. `title` and `thanks` stand where a form says none of its own."""

    title: str
    email: str
    first_name: str
    last_name: str
    country: str
    choose: str
    button: str
    leave: str
    thanks: str
    look: str
    no_address: str
    no_name: str
    once_more: str
    trap: str


WORDS: Mapping[str, Words] = {
    "en": Words(
        title="Sign up",
        email="Your email address",
        first_name="First name (if you like)",
        last_name="Last name (if you like)",
        country="Country (if you like)",
        choose="Choose",
        button="Sign up",
        leave="You can leave again in every mail.",
        thanks="Thank you",
        look="If we need you to confirm it, a mail is on its way to you. Press the button in it, and you"
        " are in. Nothing else comes before.",
        no_address="This address does not look right. Please look at it once more.",
        no_name="Please write a name without links.",
        once_more="Something has changed here since. Please read it once more and press the button.",
        trap="Please leave this empty",
    ),
    "de": Words(
        title="Anmelden",
        email="Ihre E-Mail-Adresse",
        first_name="Vorname (wenn Sie mögen)",
        last_name="Nachname (wenn Sie mögen)",
        country="Land (wenn Sie mögen)",
        choose="Bitte wählen",
        button="Anmelden",
        leave="Sie können sich in jeder Mail wieder abmelden.",
        thanks="Vielen Dank",
        look="Falls wir Ihre Bestätigung brauchen, ist eine Mail zu Ihnen unterwegs. Drücken Sie darin auf"
        " den Knopf, und Sie sind dabei. Vorher kommt nichts anderes.",
        no_address="Diese Adresse kann nicht stimmen. Bitte sehen Sie noch einmal hin.",
        no_name="Bitte schreiben Sie einen Namen ohne Links.",
        once_more="Hier hat sich inzwischen etwas geändert. Bitte lesen Sie es noch einmal und drücken Sie"
        " den Knopf.",
        trap="Bitte leer lassen",
    ),
    "fr": Words(
        title="S’inscrire",
        email="Votre adresse e-mail",
        first_name="Prénom (si vous voulez)",
        last_name="Nom (si vous voulez)",
        country="Pays (si vous voulez)",
        choose="Choisir",
        button="S’inscrire",
        leave="Vous pouvez vous désinscrire dans chaque e-mail.",
        thanks="Merci",
        look="Si nous avons besoin de votre confirmation, un e-mail est en route. Appuyez sur le bouton"
        " qu’il contient, et c’est fait. Rien d’autre ne vient avant.",
        no_address="Cette adresse ne semble pas correcte. Merci de la vérifier.",
        no_name="Merci d’écrire un nom sans lien.",
        once_more="Quelque chose a changé ici entre-temps. Merci de relire et d’appuyer sur le bouton.",
        trap="Merci de laisser ce champ vide",
    ),
    "es": Words(
        title="Suscribirse",
        email="Su dirección de correo",
        first_name="Nombre (si quiere)",
        last_name="Apellidos (si quiere)",
        country="País (si quiere)",
        choose="Elegir",
        button="Suscribirme",
        leave="Puede darse de baja en cada correo.",
        thanks="Gracias",
        look="Si necesitamos su confirmación, un correo está en camino. Pulse el botón que contiene y ya"
        " está. Antes no llega nada más.",
        no_address="Esta dirección no parece correcta. Revísela, por favor.",
        no_name="Escriba un nombre sin enlaces, por favor.",
        once_more="Algo ha cambiado aquí entretanto. Léalo de nuevo, por favor, y pulse el botón.",
        trap="Deje este campo vacío",
    ),
    "it": Words(
        title="Iscriversi",
        email="Il suo indirizzo e-mail",
        first_name="Nome (se vuole)",
        last_name="Cognome (se vuole)",
        country="Paese (se vuole)",
        choose="Scegliere",
        button="Iscriviti",
        leave="Può disiscriversi in ogni e-mail.",
        thanks="Grazie",
        look="Se ci serve la sua conferma, un’e-mail è in arrivo. Prema il pulsante al suo interno, ed è"
        " fatta. Prima non arriva altro.",
        no_address="Questo indirizzo non sembra corretto. Lo ricontrolli, per favore.",
        no_name="Scriva un nome senza link, per favore.",
        once_more="Qui nel frattempo è cambiato qualcosa. Rilegga, per favore, e prema il pulsante.",
        trap="Lasciare vuoto",
    ),
    "nl": Words(
        title="Aanmelden",
        email="Uw e-mailadres",
        first_name="Voornaam (als u wilt)",
        last_name="Achternaam (als u wilt)",
        country="Land (als u wilt)",
        choose="Kies",
        button="Aanmelden",
        leave="U kunt zich in elke mail weer afmelden.",
        thanks="Dank u wel",
        look="Als wij uw bevestiging nodig hebben, is er een mail naar u onderweg. Druk daarin op de knop,"
        " en u doet mee. Eerder komt er niets.",
        no_address="Dit adres lijkt niet te kloppen. Kijk er nog eens naar.",
        no_name="Schrijf een naam zonder links.",
        once_more="Hier is intussen iets veranderd. Lees het nog eens en druk op de knop.",
        trap="Laat dit leeg",
    ),
    "pt": Words(
        title="Inscrever-se",
        email="O seu endereço de e-mail",
        first_name="Nome próprio (se quiser)",
        last_name="Apelido (se quiser)",
        country="País (se quiser)",
        choose="Escolher",
        button="Inscrever-me",
        leave="Pode cancelar em cada e-mail.",
        thanks="Obrigado",
        look="Se precisarmos da sua confirmação, um e-mail está a caminho. Carregue no botão que ele contém,"
        " e está feito. Antes não chega mais nada.",
        no_address="Este endereço não parece correto. Veja-o outra vez, por favor.",
        no_name="Escreva um nome sem ligações, por favor.",
        once_more="Entretanto algo mudou aqui. Leia outra vez, por favor, e carregue no botão.",
        trap="Deixe isto vazio",
    ),
}
