"""What invented people tell, and what a team did with it; nobody said any of this."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from app.testimonies.consents import Use
from app.testimonies.submission import Origin

_EVERYWHERE = MappingProxyType(
    {"lieu": "oui", "bilan": "oui", "financeurs": "oui", "public": "oui", "duree": "trois_ans"}
)
_HERE = MappingProxyType({"lieu": "oui", "bilan": "oui", "financeurs": "non", "public": "non"})
_NOWHERE = MappingProxyType({"lieu": "non", "bilan": "non", "financeurs": "non", "public": "non"})


class Quoted(NamedTuple):
    """Be an excerpt of a story, by the ranks of its sentences, and where it was shown."""

    sentences: tuple[int, ...]
    criterion: str
    use: Use | None = None
    #: « {annee} » is the year whose bilan is written.
    place: str = ""


class Invented(NamedTuple):
    """Be one invented story."""

    text: str
    chosen: Mapping[str, str]
    #: A first name; a partner is named by its organisation.
    name: str = ""
    capacity: str | None = "adulte"
    age: str | None = None
    themes: tuple[str, ...] = ()
    origin: Origin = "personne"
    language: str = "fr"
    #: What the team decided; nothing while nobody read it.
    decided: str = ""
    labels: tuple[str, ...] = ()
    #: Words that the team masked, beside what is proposed.
    masked: tuple[str, ...] = ()
    #: Papers that came.
    papers: tuple[str, ...] = ()
    quoted: tuple[Quoted, ...] = ()
    #: The person then took every use back.
    withdrawn: bool = False


STORIES = (
    Invented(
        "Avant, j’attendais ma fille pour chaque papier. Maintenant je prends mes rendez-vous "
        "sans elle. Je suis fière !",
        {**_EVERYWHERE, "nom": "prenom"},
        "Liliane",
        themes=("autonomie", "confiance"),
        decided="garder",
        labels=("autonomie", "confiance"),
        quoted=(Quoted((0, 1), "autonomie", "bilan", "Bilan {annee}"),),
    ),
    Invented(
        "Une fenêtre qui s’ouvrait, et je débranchais tout. Aujourd’hui j’essaie, et si je me "
        "trompe je recommence.",
        {**_EVERYWHERE, "nom": "age_lieu"},
        age="soixante_dix_plus",
        themes=("confiance",),
        decided="garder",
        labels=("confiance",),
        quoted=(Quoted((0, 1), "confiance", "lieu", "Affiche de l’accueil"),),
    ),
    Invented(
        "Je venais pour mes papiers, je repartais vite. À force, je suis resté au café du jeudi, "
        "et je sais maintenant avec qui jouer aux cartes.",
        {**_EVERYWHERE, "nom": "prenom"},
        "Yvon",
        themes=("lien",),
        decided="garder",
        labels=("lien",),
        quoted=(Quoted((0, 1), "lien", "bilan", "Bilan {annee}"),),
    ),
    Invented(
        "On a regardé à deux ce que je pouvais demander. Le chèque énergie, personne ne m’en avait "
        "parlé : il est arrivé le mois d’après.",
        {**_EVERYWHERE, "nom": "age_lieu"},
        age="quarante_cinquante_neuf",
        themes=("droits",),
        decided="garder",
        labels=("droits",),
        quoted=(Quoted((0, 1), "droits", "financeurs", "Bilan {annee}"),),
    ),
    Invented(
        "Le site s’est fermé trois fois d’affilée. J’ai perdu deux matinées pour une seule "
        "attestation, et je ne saurais pas le refaire chez moi.",
        {**_HERE, "financeurs": "oui", "nom": "rien"},
        decided="garder",
        labels=("coince",),
        quoted=(Quoted((0, 1), "coince", "financeurs", "Bilan {annee}"),),
    ),
    Invented(
        "J’avais droit à une aide pour mon loyer et je ne le savais pas. On a fait le dossier "
        "ensemble, en deux fois.",
        {**_HERE, "nom": "age_lieu", "duree": "bilan"},
        age="soixante_soixante_neuf",
        themes=("droits",),
        decided="garder",
        labels=("droits",),
        quoted=(Quoted((0,), "droits", "lieu", "Affiche de l’accueil"),),
    ),
    Invented(
        "Franchement, seul devant l’écran je reste bloqué. Il y a trop de monde le mardi. Mais ici "
        "on m’écoute.",
        {**_HERE, "nom": "rien"},
        decided="garder",
        labels=("coince",),
        quoted=(Quoted((0, 1), "coince", "bilan", "Bilan {annee}"),),
    ),
    # Kept, and nowhere until she has read it again.
    Invented(
        "J’ai rencontré deux voisines aux ateliers. On se retrouve le jeudi pour le café.",
        {**_EVERYWHERE, "nom": "prenom", "relire": "oui"},
        "Marcelle",
        themes=("lien",),
        decided="garder",
        labels=("lien",),
    ),
    # A number to mask, and a name that only somebody can tell.
    Invented(
        "Monsieur Le Bihan m’a montré comment payer la cantine. Il m’a laissé son numéro, "
        "06 39 98 12 34, si je bloque.",
        {**_HERE, "nom": "rien"},
        themes=("autonomie",),
    ),
    # His first name waits for what his parents sign.
    Invented(
        "J’ai quinze ans. Je lisais tout le courrier de ma mère. Depuis l’atelier elle ouvre son "
        "espace en ligne, et moi je retourne au foot.",
        {**_HERE, "nom": "prenom"},
        "Sami",
        "mineur",
        themes=("partage",),
        decided="garder",
        labels=("partage",),
        papers=("parent1",),
    ),
    # Told for the team alone.
    Invented("Merci, c’est tout ce que je voulais dire.", _NOWHERE),
    Invented(
        "J’ai failli donner ma carte bancaire à un faux conseiller. L’atelier m’avait prévenue : "
        "j’ai raccroché. Demandez à Rozenn, elle était à côté de moi.",
        {**_EVERYWHERE, "nom": "age_lieu"},
        age="soixante_dix_plus",
        themes=("cyber",),
        decided="masquer",
    ),
    Invented(
        "Je tapais d’un doigt et la souris me faisait peur. Maintenant mes candidatures partent "
        "d’ici, et une entreprise m’a rappelé. Gaëlle a relu ma lettre avec moi.",
        {**_EVERYWHERE, "nom": "rien"},
        themes=("insertion",),
        decided="garder",
        labels=("insertion", "confiance"),
        masked=("Gaëlle",),
        quoted=(Quoted((1,), "insertion"),),
    ),
    # Said aloud, written down with the person beside.
    Invented(
        "Je ne lis pas bien. La dame a tourné l’écran vers moi, elle a attendu. J’ai choisi les "
        "images moi-même pour la carte de bus.",
        {**_HERE, "nom": "prenom", "duree": "un_an"},
        "Bernard",
        "protege",
        origin="dictee",
        decided="garder",
        labels=("autonomie",),
        papers=("tuteur",),
    ),
    Invented(
        "L’accueil est chaleureux et les explications me servent. Par contre la salle ferme à "
        "midi, et après mon travail je trouve porte close.",
        {**_HERE, "nom": "rien"},
        themes=("ressource",),
    ),
    Invented(
        "كنت أطلب من جاري أن يقرأ لي رسائل الإدارة. الآن أفتح حسابي بنفسي وأفهم أكثر. شكرا لكم.",
        {**_HERE, "nom": "rien"},
        language="ar",
    ),
    Invented(
        "Les familles que nous vous envoyons reviennent avec leur dossier complet. Il nous manque "
        "un créneau le soir pour celles qui travaillent.",
        {**_HERE, "financeurs": "oui", "nom": "organisation"},
        "CCAS de Kerlann",
        None,
        origin="partenaire",
        decided="garder",
        labels=("droits", "coince"),
        quoted=(Quoted((0,), "droits", "financeurs", "Rapport à la communauté de communes"),),
    ),
    Invented(
        "Vous vendez des cartouches d’encre ? Je cherche une noire pour mon imprimante.",
        {**_HERE, "nom": "rien"},
        decided="ecarter",
    ),
    # Shown on the wall, then taken back: the team has to take it down.
    Invented(
        "Mon fils habite loin. Le dimanche on cuisine tous les deux, chacun devant sa tablette.",
        {**_HERE, "nom": "prenom"},
        "Huguette",
        themes=("lien",),
        decided="garder",
        labels=("lien",),
        quoted=(Quoted((1,), "lien", "lieu", "Mur du hall"),),
        withdrawn=True,
    ),
)
