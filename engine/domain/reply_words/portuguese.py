"""Portuguese, of Portugal and of Brazil."""

from __future__ import annotations

from engine.domain.reply_words.words import Words

PORTUGUESE = Words(
    parts={
        "E": r"(?:e |mas |ola,? )*",
        "START": r"^|[,:;-] ?|\b(?:e|mas|entao) {FAVOR}?|{FAVOR}",
        "FAVOR": (
            r"\b(?:por favor|favor|quero|queria|desejo|peco(?: que)?|solicito|gostaria de|agradecia que"
            r"|podem|poderiam|pode|poderia|queiram)[ ,]+"
        ),
        "FIM": (
            r"(?:[ ,]*\b(?:por favor|obrigad[oa]|ja|agora|imediatamente|urgente|pf|pfv|mais))*(?=$"
            r"| ?[,:;(-]| (?:e|porque|pois|ou)\b)"
        ),
        "LISTA": (
            r"(?:\b(?:de|da|das|do|dos|desta|dessa|deste|esta|esse|a|as|o|vossa|sua|suas|vossas|todas?"
            r"|todos?|em|nesta) )*\b(?:listas?|newsletters?|cadastro|base(?: de dados)?|mailing"
            r"|registos?|registros?|sistema|ficheiros?|{MAIL})\b"
        ),
        "MAIL": (
            r"\b(?:e-?mails?|mails?|mensage(?:m|ns)|newsletters?|publicidades?|correio|spam|propagandas?"
            r"|promoc\w+|comunicac\w+|divulgacao|marketing)\b"
        ),
    },
    leave=r"""
    , (?:por favor )?(?:parem|pare|removam|retirem)$
    \bnao (?:quero|desejo) (?:receber )?(?:mais )?nada\b|\bnao (?:quero|desejo) (?:mais )?(?:estes|esses
    |os vossos|seus|vossos) {MAIL}
    \b(?:ser|seja) (?:removid|retirad|excluid|apagad)[oa] d(?:a|o|e|esta) {LISTA}
    \bcancel(?:a|ar|em|e|o) (?:a )?(?:minha |esta )?(?:inscricao|subscricao|newsletter)\b
    {START}nao (?:me )?(?:envi|mand|escrev|contact|incomod)\w+{FIM}
    \b(?:deixar|parar) de receber\b.{0,25}(?:{MAIL}|isto|isso|$)
    {START}(?:me )?(?:descadastr\w+|desinscrev\w+|desinscri\w+|remov\w+ inscricao|(?:cancelo|cancelar
    |cancele|cancelem) (?:a |minha |a minha )?(?:inscricao|subscricao|assinatura
    |newsletter))(?:-me)?(?: {LISTA})?{FIM}
    \b(?:me (?:tir|remov|retir|exclu|descadastr|apag)\w+|(?:tir|remov|retir|exclu|descadastr|desinscrev
    |apagu?)\w*-me)\b(?:.{0,30}{LISTA}|{FIM})
    \b(?:tir|remov|retir|exclu|apag)\w+ (?:o )?(?:meu|este|esse) (?:e-?mail|endereco|nome|contato
    |contacto)\b(?:.{0,30}{LISTA}|{FIM})
    \bnao (?:quero|desejo|queremos|pretendo|gostaria de) (?:mais )?(?:receber|continuar a receber
    |continuar recebendo|ser contact\w+)\b.{0,30}(?:{MAIL}|mais\b|nada)
    \bnao (?:quero|desejo|pretendo) (?:mais )?(?:{MAIL}|saber mais)
    \b(?:par|deix)(?:e|em|a|ar) (?:ja )?de (?:me )?(?:enviar|mandar|escrever|incomodar|chatear|contactar)
    \bnao me (?:envi|mand|escrev|contact)\w+ (?:mais|nada|{MAIL})|\bnao (?:envi|mand|escrev)\w+ mais\b
    \b(?:sair|saio|tirar) d(?:a|esta|essa|e) (?:vossa |sua )?(?:lista|newsletter|mailing)\b
    \b(?:retiro|revogo) (?:o )?(?:meu )?consentimento\b|\boponho-me\b.{0,60}(?:dados|publicidade|marketing
    |tratamento)|\bnao (?:autorizo|consinto)\b.{0,50}(?:{MAIL}|dados|marketing)
    {START}deix(?:e|em|a)-?(?: )?me em paz|\bme deix(?:e|em|a) em paz
    \bcomo (?:posso |faco para |e que )?(?:cancel|me descadastr|saio|remov|anul|sair
    |desinscrev)\w*\b(?!.{0,15}(?:pedido|encomenda|compra))
    \b(?:link|botao)\b.{0,30}\b(?:cancel\w*|descadastr\w*|remo\w*|subscricao)\b.{0,30}\bnao funciona
    {START}(?:chega de|nada de|sem) (?:mais )?{MAIL}
    """,
    whole=r"""
    nunca me (?:inscrevi|registei|cadastrei)(?: (?:nisto|aqui|nisso|nesta lista))?
    parar|cancela|nao quero mais|para|sai
    stop|remover|remova|remove|sair|cancelar(?: (?:subscricao|inscricao|assinatura))?|parem?|chega|basta
    |descadastr\w+|desinscrever|excluir|retirar|nao mais|anular subscricao
    """,
    speaks=r"""
    \bdescadastr|\bdesinscr|\b(?:inscricao|subscricao)\b|\bmenos (?:e-?mails?|mensagens|vezes)\b|\b(?:nao
    |mais|demasiad\w*|chega|menos|tantos?|nunca|parem?|muitos)\b.{0,25}{MAIL}|{MAIL}.{0,25}\b(?:a mais
    |demais|demasiad\w*|menos|chega|nao solicitad\w*)
    \bem paz\b|\bnao (?:me )?interessa\b|\bconsentimento\b|\brgpd\b|\blgpd\b|\bpessoa errada\b
    |\benganaram-se\b|\bspam\b|\bnunca me (?:inscrev|registei|cadastrei)\w*|\bfalec\w*
    \b(?:tir|remov|retir)\w*(?:-me| meu| o meu)\b|\bmenos vezes\b|\bnao autorizo\b
    """,
    opposite=r"""
    \bnao (?:quero |vou )?(?:me )?(?:descadastr|cancel\w* a subscri|par(?:em?|ar?|o)\b|deix\w+ de|tir\w+
    |remov\w+|retir\w+)
    """,
    denies=r"nao|nunca|jamais",
    doubt=r"""
    \b(?:talvez|se continuar\w*|meu (?:marido|pai|irmao|filho)|minha (?:mulher|mae|irma|filha|esposa)
    |ate (?:janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro))\b
    """,
    doubt_before=r"\bsenao\b",
    keep=r"""
    \bexceto\b|\bmas\b.{0,30}\b(?:manter|continuar|ainda)\b|\bmenos\b|\bapenas\b(?!.{0,30}(?:encomenda
    |pedido|fatura))
    """,
    erase=r"""
    \b(?:apag|elimin|exclu|remov|delet)\w*\b.{0,40}\b(?:meus dados|os dados|dados pessoais|minha conta
    |informac\w+)\b|\b(?:eliminacao|exclusao|apagamento)\b.{0,40}\b(?:dados|conta)\b
    \bdireito (?:ao (?:esquecimento|apagamento)|a eliminacao)\b|\bart(?:igo|\.)? ?17\b
    """,
    ask=r"""
    \ba chuva\b|\bsabe a (?:queimado|plastico|mofo|azedo)\b
    ^{E}(?:quando|onde|por ?que(?! nao)|como (?:posso|faco)|quanto|qual|quais|tem|vendem|voces (?:tem
    |fazem)|entregam|enviam|fazem|aceitam|da para|posso)\b
    \b(?:voces? podem?|poderiam?|podiam|pode me|podem me|posso|e possivel) \w+|\b(?:gostaria|queria
    |preciso|precisava|gostava|procuro) \w+
    \bquero (?:saber|trocar|devolver|cancelar|mudar|pedir|meu|minha|um|uma|comprar|reservar)\b
    \b(?:errad[oa]s?|quebrad\w+|danificad\w+|partid[oa]s?|reembolso|devolucao|nao funciona|faltou
    |(?<!hace )(?<!faz )falta(?:m|va)?|avariad\w+)\b|\bnao (?:chegou|recebi|chegaram|consigo|percebo
    |entendi)\b|\bainda (?:nao|estou a espera|aguardo)\b
    \bfatura\b|\bnota fiscal\b|\buma (?:pergunta|duvida|questao)\b|\bcobra\w+ (?:duas vezes|a mais
    |em dobro)\b|\bestou a espera\b
    """,
    polite=r"""
    tudo bem|por que nao|porque nao|que (?:boa?|bom|bel[ao]|lind[ao]|surpresa|maravilha|delicia)\b.*
    |quem diria
    """,
)
