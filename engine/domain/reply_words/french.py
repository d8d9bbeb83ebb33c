"""French."""

from __future__ import annotations

from engine.domain.reply_words.words import Words

FRENCH = Words(
    parts={
        "ET": r"(?:(?:et|mais|bonjour,?|alors) )*",
        "START": r"^|[,:;-] ?|\b(?:et|donc|alors|mais) {SVP}?|{SVP}",
        "SVP": (
            r"\b(?:merci de|merci d'|veuillez|svp|priere de|priere d'|bien vouloir|je vous (?:prie"
            r"|demande) de|je (?:veux|souhaite|voudrais|desire|demande|souhaiterais)(?: a)?"
            r"|je vous (?:prie|demande) d'|(?:pouvez|pourriez|voulez|pourrais|peux)[- ](?:vous|tu))[ ,]+"
        ),
        "FIN": (
            r"(?:[ ,]*\b(?:s'?il vous plait|s'?il te plait|svp|stp|merci|maintenant|immediatement"
            r"|d'urgence|definitivement|par avance|d'avance))*(?=$| ?[,:;(-]| (?:et|car|parce|sinon)\b)"
        ),
        "LISTE": (
            r"(?:\b(?:de|du|des|a|la|le|les|votre|vos|cette|ces|ce|toutes?|tous|mes"
            r"|l) |\b[dl]')*\b(?:listes?\b(?: de (?:diffusion|contacts?|distribution|mails?|courriels?"
            r"|destinataires|mailing))?|newsletters?|infolettres?|lettres?|fichiers?"
            r"|bases?(?: de donnees)?|mailings?|mailing[- ]list|carnet|contacts?|{MAIL})"
        ),
        "MAIL": (
            r"\b(?:e-?mails?|mails?|courriels?|messages?|newsletters?|infolettres?|publicites?|pubs?"
            r"|spams?|envois?|offres|promotions?|promos?|sollicitations?|prospection|demarchage"
            r"|courriers?|infos?)\b"
        ),
        "SORTIR": (
            r"desinscri\w*|desabonn\w*|retire\w*|supprime\w*|enleve\w*|raye\w*|efface\w*|radie\w*|sortir"
            r"|sortez|otez|oter"
        ),
    },
    leave=r"""
    \b(?:que|afin que) (?:je|nous) ne (?:recoive|recevions) plus\b
    \b(?:jamais|pas) (?:demande|souhaite|consenti|accepte)\b.{0,40}\b(?:recevoir
    |{MAIL}).{0,60}\b(?:supprim|retir|desinscri|desabonn)
    \bne (?:me |m'|nous )(?:envoye\w*|ecri\w+|contact\w+|adress\w+|sollicit\w+|derang\w+) (?:plus|jamais)
    \bplus (?:rien )?(?:recevoir|envoyer)\b.{0,20}(?:de votre part|de vous|{MAIL})|\bne plus (?:recevoir
    |figurer|etre)\b.{0,30}{LISTE}
    \b(?:arreter|cesser) (?:de m'|de me |vos |l'envoi|les envois|ces )(?:\w+ )?(?:ecrire|envoyer|contacter
    |{MAIL})?
    \b(?:resilie|resilier|annuler|annulez|stopper) (?:mon |l'|cet |votre |la |cette )?(?:abonnement
    |inscription|newsletter)(?: (?:a|de) {LISTE}|{FIN})
    \b(?:etre|sois) (?:retire|supprime|enleve|desinscrit|desabonne|raye|efface)\w* de {LISTE}
    {START}(?:(?:me|m'|nous|vous) ?)?(?:desinscrire|desabonner|desinscription|desabonnement|desinscrit
    |desabonne|desinscrivez|desabonnez)(?:[ -]moi)?(?: (?:de|a) {LISTE})?{FIN}
    \b(?:desinscri\w+|desabonn\w*)[ -](?:moi|nous)\b
    ^comment (?:puis-je |peut-on |faire pour |je (?:fais pour |peux )?|on )?(?:(?:me |m'|se )(?:desinscri
    |desabonn|retir|enlev)\w*|desinscri\w*|desabonn\w*|ne plus (?:rien )?(?:recevoir|etre))
    \b(?:retire[rz]|supprime[rz]|enleve[rz]|raye[rz]|efface[rz]|otez|sortez|radiez)[ -](?:moi
    |nous)(?: {LISTE}|\b.{0,30}{LISTE}|{FIN})
    \b(?:retire[rz]|supprime[rz]|enleve[rz]|raye[rz]|efface[rz]) (?:mon|mes|notre) (?:adresse|e-?mail|mail
    |nom|contact)\S*(?:.{0,30}{LISTE}|{FIN})
    \b(?:me|m'|nous) ?(?:retirer|supprimer|enlever|rayer|desinscrire|desabonner|oter|sortir
    |radier)\b(?:.{0,30}{LISTE}|{FIN})
    \b(?:me|m') ?(?:rayiez|retiriez|enleviez|supprimiez|desinscriviez)\b
    \bne (?:veux|souhaite|desire|voulons|souhaitons|voudrais|souhaiterais) (?:vraiment )?(?:plus
    |pas)\b.{0,25}{MAIL}
    \bne (?:veux|souhaite|desire|voulons|souhaitons) plus (?:rien )?(?:recevoir|etre (?:contacte\w*
    |sollicite\w*|demarche\w*|inscrit\w*))\b
    \b(?:veux|souhaite) (?:plus|pas) (?:recevoir )?(?:de )?(?:vos |ces )?{MAIL}
    {START}plus (?:de|aucun|aucune|jamais de|jamais d'|d')(?: vos)? ?{MAIL}
    {START}(?:de )?ne plus (?:m'|me |nous |jamais )*(?:ecrire|envoyer|contacter|solliciter|recevoir
    |adresser|importuner|deranger)
    {START}(?:arretez|cessez|arreter|cesser|stoppez|arrete)(?: de)? (?:m'|me |nous |vos |d'
    |ces |ses |les |tous |de |votre |cet? )*(?:ecrire|envoyer|contacter|harceler|importuner|spammer
    |solliciter|deranger|{MAIL})
    ^(?:stop|stoppez)(?: aux?| les?| vos| a vos| la)? {MAIL}{FIN}$
    \bretir\w* (?:mon|tout) consentement\b|\b(?:je )?m'oppose\b.{0,60}(?:donnees|prospection|demarchage
    |utilisation|traitement|{MAIL})
    {START}(?:laissez|fichez|foutez)[- ](?:moi|nous) (?:tranquille|en paix|la paix)
    \b(?:pouvez|pourriez|voulez)[- ]vous (?:me|nous) (?:desinscrire|desabonner|retirer|supprimer|enlever
    |rayer)\b
    \blien (?:de (?:desinscription|desabonnement)|pour (?:se |me )(?:desinscrire
    |desabonner))\b.{0,40}\b(?:marche|fonctionne|pas|mort|casse|erreur)
    \bannule[rz] (?:mon|l') ?(?:inscription|abonnement) (?:a|de) {LISTE}
    \bplus (?:jamais )?(?:m'ecrire|me contacter)\b
    """,
    whole=r"""
    je ne me suis (?:jamais|pas) (?:inscrit|abonne)e?(?: a {LISTE})?
    arretez(?: svp)?|pas interesse\w*|je n\'en veux (?:pas|plus)|desabonnez|desinscrivez
    stop|stoppez|arretez(?: tout| ca| cela)?|arreter|supprimer|desinscrire|desabonner|retirer
    |(?:plus jamais|ca suffit|assez)
    (?:je )?(?:n'en )?veux plus|(?:retirez|supprimez|enlevez)(?:[ -]moi)?|non merci,? desinscri\w+
    |cessez(?: cela)?
    """,
    speaks=r"""
    \bdesinscri|\bdesabonn|\bmoins (?:de |souvent|frequem)|\b(?:liste|mailing) de diffusion\b
    |\btrop (?:de |d'|souvent)|\b(?:inscrit|abonne)\w*\b
    \b(?:plus|pas|trop|stop|marre|assez|arret\w*|cess\w*|sans|jamais|ras le bol|moins|seulement|uniquement
    |que)\b.{0,25}{MAIL}|{MAIL}.{0,25}\b(?:stop|trop|moins|suffi\w*|indesirable\w*|plus|arret\w*)
    \b(?:retire|enleve|raye|supprime|efface)[rz]?[ -](?:moi|nous)\b|\b(?:me|m'|nous) ?(?:retirer|enlever
    |rayer|supprimer)\b
    \bpas interess\w+|\bplus interess\w+|\brgpd\b|\bcnil\b|\bconsentement\b|\btranquille\b|\bla paix\b
    |\btrompez de personne\b|\bmauvaise (?:personne|adresse)\b
    \bne plus\b.{0,15}\b(?:ecrire|recevoir|envoyer|contacter)|\bplus recevoir\b|\bspam\b|\bmoins souvent\b
    |\bun par mois\b|\bdecede\w*
    """,
    opposite=r"""
    \b(?:ne|n')\s?(?:me |m'|vous |nous |surtout )*(?:desinscri|desabonn|arret|retir|enlev|cess|supprim
    |stopp|ray)\w+ ?(?:surtout )?(?:pas|jamais|surtout)\b
    \b(?:n'|ne )(?:arretez|cessez|arrete)\b|\bsurtout (?:ne |n'|pas)|\bdesabonne de tous les autres
    """,
    denies=r"pas|jamais|ne|n'",
    doubt=r"""
    \b(?:peut-etre|sauf si|si vous (?:continuez|n'arretez)|mon (?:mari|pere|frere|fils)|ma (?:femme|mere
    |soeur|fille)|decede\w*|pendant)\b
    """,
    doubt_before=r"\b(?:sinon|je vais)\b",
    keep=r"""
    \b(?:garder|moins|sauf|uniquement|seulement|continuer)\b(?!.{0,30}(?:commande|facture))
    """,
    erase=r"""
    \b(?:supprim|effac|detrui|elimin)\w*\b.{0,50}\b(?:donnees|compte|informations)\b|\b(?:suppression
    |effacement)\b.{0,40}\b(?:donnees|compte|informations)\b
    \bdroit (?:a l'|de |d')(?:effacement|oubli|suppression)\b|\bart(?:icle|\.)? ?17\b
    |\bdonnees\b.{0,40}\b(?:supprim|effac)\w*
    """,
    ask=r"""
    \bgout (?:acide|brule|rance|amer|bizarre|de (?:plastique|savon))\b|\bsous la pluie\b
    \balors que (?:je|j'|nous)\b|\bau lieu d|^{ET}comment\b|\bdepuis (?:\w+ ){1,3}(?:jours?|semaines?)\b
    \best-ce que?\b|^{ET}(?:quand|ou (?:est|sont|en)|pourquoi|comment|combien|quel(?:le)?s? (?!bonne|belle
    |bon |beau|surprise|plaisir|delice|merveille))(?! pas$)
    \b(?:pouvez|pourriez|avez|livrez|seriez|auriez|proposez|vendez|acceptez|faites|etes|savez)[- ]vous\b
    |\b(?:peut-on|puis-je|y a-t-il|serait-il|est-il)\b|^vous (?:livrez|avez|vendez|faites|ouvrez|acceptez
    |proposez|pouvez)\b
    \bje (?:voudrais|souhaite(?:rais)?|aimerais|voulais|desire|veux|cherche) (?:savoir|changer|annuler
    |commander|retourner|echanger|un\b|une\b|etre|vous|modifier|avoir|connaitre|reserver|mon|ma|acheter
    |rendre|reporter|suspendre)
    \bmerci de (?:me|m'|nous|bien vouloir) ?(?!ne|retirer|desinscrire|desabonner|rayer)\w+
    |\bveuillez (?:me|m'|annuler|changer|modifier|envoyer|rappeler)|\bpourriez-vous\b
    \b(?:casse|abime|endommage|manquant|defectueu|ebreche)\w*|\bil manque\b|\brembours\w+|\b(?:pas|rien
    |jamais|toujours pas) (?:encore )?(?:ete )?(?:recu|arrive|livre|rembourse)\w*|\bne (?:fonctionne
    |marche|s'allume|s'ouvre) (?:pas|plus)\b
    \bj'attends\b|\bn'arrive pas a\b|\bje n'ai (?:pas|rien|toujours|jamais)\b.{0,20}\b(?:recu|eu|compris)
    |(?<!pas )\bbesoin d(?:e|'une?)\b|\bfacture\b|\bje ne comprends pas\b|\brappele[rz]\b|\berreur\b
    |\bmauvais(?:e)? (?:article|taille|commande|produit|couleur)\b|\bune question\b
    """,
    polite=r"""
    comment (?:allez[- ]vous|ca va)|ca va|pourquoi pas|n'est-ce pas|quelle? .*surprise.*|qui l'eut cru
    |quel (?:bon|delicieux|merveilleux) .*
    """,
)
