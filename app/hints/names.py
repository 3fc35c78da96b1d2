"""Probable names of people in a French text: what stands around them and their capital, no list.

A list of names knows those of some and not of others. These rules see « Madame Le Bris », « ma
voisine Jeannine », « avec Oumou », and miss a name typed without a capital or at the head of a
sentence. They also show what is no name: the person who reads decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_UPPER = "A-ZÀ-ÖØ-ÞŒŸ"
#: A word with a capital, with its hyphens: « Jeannine », « Le », « Marie-Jo », « O’Brien », « N. ».
_CAPITAL = rf"(?:[{_UPPER}]\.|[{_UPPER}](?:['’](?=[{_UPPER}])|[\w-]){{0,30}})"
_PARTICLE = r"(?:de la |de |du |des |d['’]|van |von |el |ben |bint |le |la )"
_NAME = rf"{_CAPITAL}(?: {_PARTICLE}?{_CAPITAL}){{0,4}}"

_TITLED = re.compile(
    rf"\b(?i:m\.|mr\.?|mme\.?|mlle\.?|mmes|messieurs|mesdames|madame|monsieur|mademoiselle|"
    rf"docteure?|dr\.?|professeure?|ma[îi]tre|s[œo]eur|p[èe]re) (?P<name>{_PARTICLE}?{_NAME})"
)
#: Those who write without capitals still abbreviate: « mme dupont ».
_ABBREVIATED = re.compile(
    r"\b(?:mme|mr|mlle) (?P<name>(?!(?:la|le|les|de|du|des|qui|que|quand|et|ou|est|a|m|à|en|dans|"
    r"elle|il|au|aux|pour|avec|sur|sans|mais|c|s|l|d)\b)[^\W\d_]{2,30})"
)
_RELATED = re.compile(
    rf"\b(?i:voisine?|amie?|copine|copain|fille|fils|s(?:œ|oe)ur|fr[èe]re|mari|femme|épouse|époux|"
    rf"m[èe]re|p[èe]re|maman|papa|mamie|papi|cousine?|tante|tata|oncle|tonton|neveu|nièce|"
    rf"compagne|compagnon|collègue|conseill[èe]re?|médiatrice|médiateur|animatrice|animateur|"
    rf"bénévole|formatrice|formateur|assistante?(?: sociale?)?|patronne?|secrétaire|responsable|"
    rf"prof|stagiaire|civique|directrice|directeur|infirmi[èe]re?|dame|monsieur|garçon|gars|"
    rf"enfants?|prénomm[ée]e?s?|surnomm[ée]e?|appelle|appelée?|nomm[ée]e?),? (?P<name>{_NAME})"
)
#: Who opens a sentence and helps: « Nolwenn m’a montré ».
_HELPING = re.compile(
    rf"(?P<name>{_NAME})(?: et {_NAME})? (?:m['’]a|m['’]ont|nous a|nous ont|m['’]explique|"
    r"m['’]aide|"
    r"est (?:très |super |trop |si )?(?:patiente?|gentille?|adorable|sympa|à l['’]écoute))\b"
)
_MIDDLE = re.compile(rf"(?<![\w'’@/.-])(?P<name>{_NAME})(?![\w@])")

#: Before a capital, these announce a place or a thing: « à Rostrenen », « en France ».
_PLACE = re.compile(
    r"(?:\b(?:à|au|aux|en|dans|vers|sur|depuis|sous|ville|commune|mairie de|quartier|pays|"
    r"bibliothèque|médiathèque|école|collège|lycée|rue|place|avenue|site|logiciel|application|"
    r"appli|l['’]|d['’]|le|la|les|du|des|un|une|mes|mon|ma|ses|cette|ce|cet)) ?$",
    re.IGNORECASE,
)
#: But these announce somebody: « grâce à Nolwenn », « je montre à Jeannine ».
_TO_SOMEBODY = re.compile(
    r"\b(?:grâce|merci|bravo|montr\w+|dit|dire|demand\w+|parl\w+|téléphon\w+|écri\w+|envo\w+|"
    r"donn\w+|expliqu\w+|appren\w+|aid\w+|confi\w+|rend\w+)(?: \w+)? à ?$",
    re.IGNORECASE,
)
_OPENING = re.compile(r"(?:^|[.!?…:;\n«»\"“”(\[•–—-])\s*$")


def _words_of(text: str) -> list[str]:
    return text.split()


#: Services and things that people name with a capital.
_THINGS = frozenset(
    _words_of(
        """
internet web wifi google facebook whatsapp messenger youtube skype zoom gmail orange free sfr
bouygues outlook yahoo windows android iphone ipad samsung apple mac word excel powerpoint linux
firefox chrome doctolib ameli franceconnect france travail services service pôle emploi poste
caf cpam msa carsat rsa mdph ccas urssaf impôts impots assurance maladie sécurité sociale état
préfecture mairie maison secours populaire catholique restos cœur croix rouge emmaüs connect
mission locale cap département région bretagne europe français française anglais arabe ukrainien
ukraine noël pâques ramadan qr pdf cv sms mail leboncoin vinted amazon netflix whatsap twitter
instagram tiktok linkedin teams recueil aidants chatgpt lundi mardi mercredi jeudi vendredi
samedi dimanche janvier février mars avril mai juin juillet août septembre octobre novembre
décembre
"""
    )
)
#: Words that often open a sentence, or wear a capital by courtesy.
_ORDINARY = frozenset(
    _words_of(
        """
à ah ainsi alors allez après au aujourd’hui aujourd'hui aussi aux avant avec beaucoup bien
bonjour bonsoir bravo bref car ce cela celui cet cette ces c chez chaque comme comment d dans de
dès des depuis donc du elle elles en encore enfin ensuite et eux grâce hier ici il ils j je l la
là le les leur leurs lui ma madame mademoiselle mais maintenant malgré même merci mes moi mon
monsieur n ne ni nos notre nous nul on or ou où oui non par parce parfois pas personne pendant
petit petite peut plus pour pourquoi puis quand que quel quelle quelqu’un qui quoi s sa sans se
ses seul seule si son souvent sur surtout ta tes ton toujours tous tout toute très trop tu un
une vers voilà voici vos votre vous ça cher chère mr mme mlle dr jamais rien certains certaines
plusieurs toutes chacun lorsque lorsqu puisque tant tellement franchement vraiment actuellement
"""
    )
)


def names(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a name probably stands; the surest first, so that the longest wins."""
    for pattern in (_TITLED, _RELATED):
        for match in pattern.finditer(text):
            yield from _people(match)
    yield from (match.span("name") for match in _ABBREVIATED.finditer(text))
    if _is_shouted(text):
        return
    for match in _HELPING.finditer(text):
        yield from _people(match)
    for match in _MIDDLE.finditer(text):
        yield from _in_sentence(text, match)


def _people(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield a name without the ordinary words at its head; what is a thing is none."""
    start, end = match.span("name")
    words = match["name"].split(" ")
    while words and _is_ordinary(words[0]) and len(words) > 1 and not _is_particle(words):
        start += len(words.pop(0)) + 1
    if not _are_things(words) and not (len(words) == 1 and _is_ordinary(words[0])):
        yield start, end


def _in_sentence(text: str, match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield a name that nothing announces but its capital, unless it opens the sentence."""
    words = match["name"].split(" ")
    start, end = match.span("name")
    before = text[max(0, start - 40) : start]
    if _OPENING.search(before):
        if len(words) == 1:
            return
        if _is_ordinary(words[0]):
            start += len(words.pop(0)) + 1
    elif _PLACE.search(before) and not _TO_SOMEBODY.search(before):
        return
    if not _are_things(words) and not all(word.isupper() for word in words):
        yield start, end


def _is_particle(words: list[str]) -> bool:
    """Tell a name that begins by « Le » from a sentence that does: « Madame Le Bris »."""
    return words[0] in ("Le", "La", "De", "Du", "Des")


def _is_ordinary(word: str) -> bool:
    return word.casefold() in _ORDINARY


def _are_things(words: list[str]) -> bool:
    return any(word.casefold() in _THINGS for word in words if not _is_ordinary(word)) or all(
        _is_ordinary(word) for word in words
    )


def _is_shouted(text: str) -> bool:
    """Tell a text typed in capitals, where a capital says nothing."""
    letters = [sign for sign in text if sign.isalpha()]
    return sum(sign.isupper() for sign in letters) * 2 > len(letters)
