"""Spanish."""

from __future__ import annotations

from engine.domain.reply_words.words import Words

SPANISH = Words(
    parts={
        "Y": r"(?:y |pero |hola,? )*",
        "START": r"^|[,:;-] ?|\b(?:y|pero|asi que) {FAVOR}?|{FAVOR}",
        "FAVOR": (
            r"\b(?:por favor|favor de|quiero|queremos|solicito|deseo|pido|ruego|les ruego|os ruego"
            r"|quisiera|necesito|me gustaria|pueden|podrian|podeis|puedes)[ ,]+(?:que )?"
        ),
        "FIN": (
            r"(?:[ ,]*\b(?:por favor|gracias|ya|ahora|inmediatamente|de inmediato|porfa|mas"
            r"|nunca mas))*(?=$| ?[,:;(-]| (?:y|porque|pues|o)\b)"
        ),
        "LISTA": (
            r"(?:\b(?:de|del|la|las|el|los|su|sus|esta|este|vuestra|tu|todas?|todos?|mi"
            r"|en) )*\b(?:listas?\b|boletin\w*|newsletters?|base(?: de datos)?|registros?|sistema"
            r"|mailing|ficheros?|{MAIL}|suscripcion\w*)"
        ),
        "MAIL": (
            r"\b(?:correos?|mails?|e-?mails?|mensajes?|boletin\w*|publicidad|newsletters?|spam"
            r"|propaganda|anuncios|promociones|notificaciones|comunicaciones|correspondencia)\b"
        ),
    },
    leave=r"""
    \bno quiero saber (?:nada|mas)(?: mas| nada)? de (?:ustedes|vosotros|esto)\b
    {START}(?:la |mi )?baja (?:de|del|en) {LISTA}
    \bme (?:pueden?|podrian?|podeis|puedes) (?:por favor )?(?:borrar|quitar|eliminar|sacar|dar de baja
    |retirar)\b
    \bno (?:quiero|deseo) (?:recibir )?(?:nada|mas nada|nada mas)(?: (?:de|mas|suyo)\b|{FIN})
    {START}no (?:me |nos )?(?:escrib|envi|mand|contact|llam)\w+{FIN}
    \b(?:ser|sea) (?:eliminad|borrad|retirad|dad)[oa] (?:de|del) (?:baja|{LISTA})
    \b(?:elimin|borr|quit)\w* (?:mi|este|mis) (?:\w+ )?(?:correo|e-?mail|direccion|contacto)\b
    {START}(?:la )?(?:dar(?:me|nos)?|den?me|dame|denos|me den|me de|denos)?(?: de)? ?(?:la )?baja{FIN}
    \b(?:darme|denme|deme|dame|me den|me de|darnos|denos|me deis|dadme|me doy|me puedo dar|dar) de baja\b
    {START}(?:desuscribir(?:me)?|desuscribanme|desuscribeme|cancelar (?:la |mi )?suscripcion)(?: (?:al?
    |del?) {LISTA})?{FIN}
    \bno (?:quiero|deseo|queremos|deseamos|quisiera) (?:seguir )?(?:recibiendo|recibir
    |tener)\b.{0,25}(?:{MAIL}|mas\b)
    \bno (?:quiero|deseo|queremos) (?:mas )?(?:{MAIL}|saber (?:nada )?mas|que me (?:escrib|envi|mand
    |contact)\w+)
    \bno (?:me |nos )?(?:envi|mand|escrib|contact|llam)\w+ ?(?:me |nos )?(?:mas|nada mas)\b
    \b(?:no )?(?:me |nos )(?:envi|mand|escrib|contact)\w+ (?:nunca )?mas\b
    \b(?:elimin|borr|quit|saqu|remuev|retir|tach|sac)\w*?(?:me|nme|nos)\b(?:.{0,30}{LISTA}|{FIN})
    \b(?:elimin|borr|quit|saqu|remuev|retir)\w* (?:mi|este) (?:correo|e-?mail|mail|direccion
    |nombre)\b(?:.{0,30}{LISTA}|{FIN})
    \bme (?:elimin|borr|quit|saqu|remuev|retir|tach)\w*\b.{0,30}{LISTA}
    \bdej(?:en|e|ad|a|ar) (?:ya )?de (?:enviar|mandar|escribir|molestar|contactar|spamear)(?:me|nos)?\b
    |\bpar(?:en|ad|a) de (?:enviar|mandar|escribir|molestar)
    \bcancelar (?:mi |la )?suscripcion (?:al? |del? )(?:la )?(?:boletin|newsletter|correo|lista)
    \b(?:retiro|revoco) (?:mi|el) consentimiento\b|\bme opongo\b.{0,60}(?:datos|publicidad|marketing
    |tratamiento|comercial)
    \bno (?:autorizo|consiento)\b.{0,50}(?:publicidad|datos|correo|{MAIL})
    {START}dej(?:e|en|a|ad)[- ]?(?:me|nme|nos) en paz|\bdejenme en paz\b|\bdejadme en paz\b
    {START}(?:no mas|basta de|ni un|ningun) (?:\w+ )?{MAIL}
    \b(?:enlace|link|boton)\b.{0,20}\b(?:baja|desuscri\w*)\b.{0,30}\bno (?:funciona|va|sirve)
    \bno (?:me )?(?:interesa|interesan) (?:recibir|sus|vuestros) .{0,15}{MAIL}
    """,
    whole=r"""
    (?:yo )?(?:nunca|no) me (?:he )?(?:suscri\w+|registr\w+|apunt\w+|inscrib\w+)(?: (?:a|en) {LISTA})?
    baja|la baja|stop|basta|basta ya|no mas|eliminar(?:me)?|borrar(?:me)?|cancelar(?: suscripcion)?|paren
    |parad|remover|salir|alto
    """,
    speaks=r"""
    \bde baja\b|\bdesuscri|\bmenos (?:correos|mensajes|e-?mails|mails|frecuen\w*)\b|\bsuscripcion\b
    |\b(?:no|mas|demasiad\w*|basta|menos|tantos?|tanta|nunca|solo|parar?)\b.{0,25}{MAIL}
    {MAIL}.{0,25}\b(?:demasiad\w*|basta|menos|no deseados?|nunca)\b|\b(?:lista
    |boletin)\b.{0,20}\b(?:correo|fuera)|\bescriben (?:demasiado|mucho)\b|\bdemasiado a menudo\b
    \b(?:quit|borr|elimin|saqu)\w*(?:me|nme|nos)\b|\bno (?:me )?interesa\b|\bconsentimiento\b|\brgpd\b
    |\bproteccion de datos\b|\ben paz\b|\bmolest\w+
    \b(?:equivoc\w*|error) de (?:persona|direccion|correo)\b|\bse equivocan\b
    |\bno (?:me )?(?:he )?(?:suscrit|registr|apunt|inscri)\w*|\bspam\b|\bfallec\w*|\bno (?:me )?escriban\b
    """,
    opposite=r"""
    \bno (?:me |se |nos )?(?:quiero |voy a |quisiera )?(?:dar(?:me|se)? de baja|dej\w+ de|par\w+ de|paren
    |quit\w+|saqu\w+|borr\w+|elimin\w+|cancel\w+ la suscripcion)
    """,
    denies=r"no|nunca|jamas",
    doubt=r"""
    \b(?:quiza\w*|tal vez|si siguen|mi (?:marido|mujer|esposa|esposo|padre|madre|hijo|hija|hermano
    |hermana)|fallec\w+|hasta (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre
    |noviembre|diciembre))\b
    """,
    doubt_before=r"\b(?:si no|voy a)\b",
    keep=r"""
    \b(?:pero|salvo|excepto)\b.{0,40}\b(?:seguir|manten\w*|conserv\w*|quiero|si)\b|\bmenos\b|\b(?:solo
    |solamente)\b(?!.{0,30}(?:pedido|factura))
    """,
    erase=r"""
    \b(?:elimin|borr|supr[ie]m|cancel)\w*\b.{0,40}\b(?:mis datos|datos personales|mi cuenta|mi informacion
    |todo(?:s)? (?:lo que|mis))\b
    \b(?:supresion|eliminacion|cancelacion|borrado)\b.{0,40}\b(?:datos|cuenta)\b|\bderecho (?:al olvido
    |de supresion|a la supresion)\b|\bart(?:iculo|\.)? ?17\b
    """,
    ask=r"""
    \btiene mal\b|\bsabe (?:agrio|a quemado|rancio)\b|\bbajo la lluvia\b
    ^¿|^{Y}(?:cuando|donde|por que(?! no)|como (?:puedo|hago|se)|cuanto\w*|cual(?:es)?\b|hay|tienen|teneis
    |venden|haceis|hacen|envian|aceptan|se puede|que (?:precio|molienda|tueste|horario))\b
    \b(?:pueden|podrian?|puedo|podeis|podriais|me podria\w*) \w+|\b(?:quisiera|me gustaria|necesito
    |necesitamos|busco) \w+
    \bquiero (?:saber|cambiar|devolver|cancelar|pedir|hacer|mi|un|una|comprar|reservar|anular|hablar)\b
    |\bquiero (?:el|la) (?:reembolso|factura)
    \b(?:roto|rota|rotos|danad[oa]|reembolso|devolucion|no funciona|(?<!hace )falta(?:n|ba)?|equivocad[oa]
    |defectuos\w+)\b|\bno (?:me |nos )?(?:ha |han )?(?:llego|llegado|recibido|he recibido)\b
    |\bno he recibido\b|\bsigo esperando\b|\bestoy esperando\b|\baun no\b.{0,20}\b(?:recib|lleg)\w+
    \bfactura\b|\bno puedo (?:entrar|acceder|pagar|abrir|pedir)\b|\bno entiendo\b|\buna (?:pregunta|duda
    |consulta)\b|\bcobr\w+ (?:dos veces|doble|de mas)\b|\bdonde (?:esta|estan|puedo)\b|\bme (?:han
    |habeis) (?:cobrado|enviado)\b|\bllamadme\b|\bme llamen\b
    """,
    polite=r"""
    (?:como|que tal) (?:estan?|estais|esta usted|va todo)|que tal|por que no|que (?:buen[ao]?|rico|bonito
    |sorpresa|maravilla|ilusion|delicia)\b.*|verdad|quien lo diria
    """,
)
