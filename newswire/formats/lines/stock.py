"""What publishers print inside and under a story, in any story: pointers, offers, notices.

Each function looks at one block. English comes first; other languages are there with their usual
words, since the words are what tells such a line from a sentence of the story. A block that is long
is never taken for one.
"""

from __future__ import annotations

import re

_LONGEST = 320
_LONGEST_POINTER = 220

_POINTER = re.compile(
    r"[\W_]*(?:(?:please )?(?:read|see|watch|view|hear|listen)(?: (?:also|too|more|next|this|"
    r"the full story))?|also (?:read|see|on)|more(?: (?:on|from|about) .{1,40}?)?|"
    r"related(?: \w+)?|(?:contenido|notas?|noticias?|artículos?) relacionad[oa]s?|relacionad[oa]s?|"
    r"temas(?: relacionados)?|etiquetas|à découvrir|schlagw[oö]rter|stichw[oö]rter|mots[- ]clés|"
    r"теги|recommended|explainer|in pictures|in photos|don[’']t miss|"
    r"(?:también|además) (?:lea|lee)|(?:te|le) puede interesar|puede leer|"
    r"(?:lea|leer|lee|ver|vea|mira|mire)(?: (?:también|tambien|más|mas|además|aquí))?|"
    r"(?:leia|veja|saiba)(?: (?:também|mais))?|"
    r"[àa] lire(?: aussi)?|lire aussi|voir aussi|sur le même sujet|"
    r"lesen sie(?: (?:auch|hier|mehr|dazu|jetzt))*|mehr (?:zum thema|dazu|lesen)|"
    r"(?:auch|das könnte sie auch) interess(?:ant|ieren)|siehe auch|"
    r"(?:leggi|guarda|vedi)(?: anche)?|"
    r"lees (?:ook|meer)|läs (?:också|även|mer)|les (?:også|mer)|læs (?:også|mere)|"
    r"lue (?:myös|lisää)|"
    r"(?:prze)?czytaj(?: (?:też|także|również|więcej|dalej))?|"
    r"(?:zobacz|sprawdź)(?: (?:też|także|również))?|"
    r"olvass?a? (?:el|tovább)|kapcsolódó|citește și|citeşte şi|čtěte také|"
    r"читайте (?:также|ещ[её])|смотрите также|по теме|читать (?:также|далее)|читайте також|"
    r"baca juga|xem thêm|اقرأ أيضا|اقرأ أيضًا|関連記事|相关阅读|相關閱讀|延伸閱讀)"
    r"\s*(?P<mark>[:：>»|→])?",
    re.IGNORECASE,
)
_POINTER_ALONE = re.compile(r"[\W_]*$")

_REACH = re.compile(
    r"[\W_]*(?:please |simply |just |you can (?:also )?|to (?:read|receive|get|subscribe|stay|keep|"
    r"support|continue)\b.{0,60}?|for (?:the latest|more|all|daily|breaking)\b.{0,80}?|"
    r"(?:do you )?want (?:more|to)\b.{0,60}?|"
    r"if you(?:[’']re| are| would like| want| have)\b.{0,60}?|"
    r"(?:have|got) (?:a|an|any|something|you)\b.{0,60}?|(?:never|don[’']t) miss\b.{0,40}?(?:\bby)?|"
    r"stay\b.{0,40}?|(?:did|have) you (?:enjoy|like|read)\b.{0,40}?)?"
    r"\b(?:sign ?up|signing up (?:to|for) our|log ?in|like us|find us|tell us|let us know|write to|"
    r"hear (?:what|from)|check out|stay (?:informed|up to date)|"
    r"(?:subscribe|register|follow|join|download|get|receive|become|click|tap|send|e-?mail|contact|"
    r"submit|tweet|share|support|donate|visit)(?: (?:us|our|the|your|to|now|here|this|these|a|an|"
    r"all|it|them|him|her|today|free|unlimited|daily|more|on|via|in|through)\b|"
    r" .{1,40} on (?:twitter|facebook|instagram|youtube|telegram|whatsapp)|[:,.!]|$)|"
    r"suscr[ií]b\w+|s[ií]gu?e?n?os|s[ií]ganos|[úu]nete|descarga\w*|"
    r"assine|inscreva|siga|baixe|cadastre|abonnieren|folgen sie|melden sie|jetzt|"
    r"abonnez|inscrivez|suivez|rejoignez|téléchargez|iscriviti|seguici|abbonati|"
    r"zapraszamy|zapisz|subskrybuj|dołącz|obserwuj|polub|"
    r"подписывайтесь|подпишитесь|följ oss|abonnera|følg oss|volg ons|tilaa)(?!\w)",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"[“”\"«»„]|\b(?:said|says|told|asked|wrote|argued|added|warned|according)\b", re.IGNORECASE
)
"""What is reported is the story's, whatever it begins with."""
_CHANNEL = re.compile(
    r"\b(?:newsletters?|inbox|e-?mails?|mailing list|apps?|twitter|facebook|instagram|whatsapp|"
    r"telegram|youtube|tiktok|linkedin|google news|ios|android|subscri\w+|subskryp\w+|"
    r"notifi[ck]a\w+|alerts?|our (?:site|website|page|channel|podcasts?|community|journalism|"
    r"coverage|reporters?|forum|letters?)|edition|e-?paper|bolet[ií]n|"
    r"canal(?: de)?|patreon|paypal|membership|members?|account|letters? to the editor|"
    r"what you think)\b|@\w|(?:click|tap|sign ?up|subscribe|register) here\b",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"[\W_]*(?:©|\(c\) ?\d|copyright ?(?:©|\(c\)|\d|by\b|notice|[:,])|"
    r"all (?:content|rights)\b.{0,40}\b(?:reserved|copyright)|"
    r"(?:this|the above) (?:article|story|material|report|content|post)\b.{0,40}\b"
    r"(?:(?:first|originally) (?:published|appeared)|appeared (?:first|originally)|"
    r"(?:may|can|must)(?: not| only)? be (?:reproduced|published|republished|redistributed|copied)|"
    r"(?:is|are)(?: the)? copyright\w*|is (?:licensed|syndicated)|"
    r"was (?:syndicated|translated from))\b|"
    r"(?:prior )?written permission\b|reproduction (?:in whole|without)|no part of this|"
    r"(?:material|materiał|treść) chroni|alle rechte vorbehalten|todos los derechos|"
    r"tous droits réservés|tutti i diritti|todos os direitos|wszelkie prawa|все права|"
    r"the[- ]\w+[- ]wire ?(?:™|©)|무단 ?전재)",
    re.IGNORECASE,
)
_RIGHTS_ANYWHERE = re.compile(
    r"all rights reserved|alle rechte vorbehalten|todos los derechos reservados|"
    r"tous droits réservés|tutti i diritti riservati|todos os direitos reservados|"
    r"wszelkie prawa zastrzeżone|все права защищены|may not be (?:published|reproduced)\b.{0,60}"
    r"(?:broadcast|rewritten|redistributed|permission)|무단 ?전재|未经授权|不得转载",
    re.IGNORECASE,
)
_DISCUSSION = re.compile(
    r"[\W_]*(?:\d* ?comments?(?: (?:are|have been) (?:closed|turned off|disabled))?|"
    r"(?:add|post|leave|write) (?:a |your )?(?:comment|reply)s?|no comments(?: yet)?|"
    r"be the first to comment|kommentare|comentarios|commentaires|comentar|komentarze)[\W_]*",
    re.IGNORECASE,
)


_CREDIT = re.compile(
    r"[\W_]*(?:(?:crédits?|créditos?|credits?)(?: (?:photos?|fotos?|images?))?|"
    r"(?:photos?|fotos?|bilder|bild|images?|imágenes|imagen|zdjęci[ae])(?: credits?)?)"
    r"\s*[:©].{2,80}",
    re.IGNORECASE,
)


def is_pointer(text: str) -> bool:
    """A pointer to another story: "Read also: Ferry is late"."""
    found = _POINTER.match(text) if len(text) <= _LONGEST_POINTER else None
    if found is None:
        return False
    # A headline has no stop; "Lee: I never saw the plan." is what Mr Lee said.
    leads = bool(found["mark"]) and not text.endswith((".", "”", '"', "»"))
    return leads or _POINTER_ALONE.match(text, found.end()) is not None


def is_offer(text: str) -> bool:
    """A call to subscribe, follow, download or write in."""
    if len(text) > _LONGEST or _REPORTED.search(text):
        return False
    return _REACH.match(text) is not None and _CHANNEL.search(text) is not None


def is_notice(text: str) -> bool:
    """A notice of rights, the credit of a picture, the heading of a discussion."""
    if len(text) > _LONGEST:
        return False
    if _RIGHTS.match(text) or _DISCUSSION.fullmatch(text) or _CREDIT.fullmatch(text):
        return True
    return _RIGHTS_ANYWHERE.search(text) is not None


def is_stock(text: str) -> bool:
    """Any of the three."""
    return is_pointer(text) or is_offer(text) or is_notice(text)
