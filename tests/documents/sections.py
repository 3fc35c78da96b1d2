"""A whole section made by hand: what the writers of documents are tried on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from app.documents.section import (
    Annex,
    AnnexRow,
    Badge,
    Block,
    Confronted,
    Drawing,
    Finding,
    Headline,
    Method,
    Objectives,
    Passage,
    Section,
    SectionQuote,
    Source,
    Standing,
    Trace,
    Words,
)
from app.indicators.charts import Circles, Dumbbell, stacked

RETRO = Badge("B", "rétrospectif")
AFTER = Badge("C", "après seulement")


def quote(rank: int, text: str, signature: str = "Une personne accompagnée") -> SectionQuote:
    """Return words that somebody agreed to."""
    return SectionQuote(
        id=UUID(int=rank),
        testimony_id=UUID(int=100 + rank),
        text=text,
        signature=signature,
        told="mars 2026, écrit",
        agreed="financeurs, sans nom",
        until=date(2029, 3, 17),
    )


def trace(indicator: str, title: str, figure: str) -> Trace:
    """Return where a sentence comes from."""
    return Trace(
        indicator=indicator,
        measure="0" * 32,
        title=title,
        figure=figure,
        counts="58 réponses valables sur 61 reçues",
        questionnaire="Mes progrès",
        versions=("7c2f91ab04d6",),
        questions=(
            "Aller sur le bon site pour une démarche\u00a0: vous savez faire\u202f?",
            "Remplir une demande sur internet\u00a0: vous savez faire\u202f?",
        ),
        rule="Pour chaque personne, on compare «\u202fmaintenant\u202f» et «\u202favant\u202f».",
    )


def _moves(name: str, progress: int, stable: int, decline: int) -> Drawing:
    parts = [
        ("progress", "en progrès", progress),
        ("stable", "stables", stable),
        ("decline", "en recul", decline),
    ]
    rows = tuple((label, str(count)) for _, label, count in parts)
    return Drawing(name, "Nombre de personnes", stacked(parts), (("", "Personnes"), *rows))


def _means(name: str, before: float, after: float, low: float, high: float) -> Drawing:
    spoken = f"Score moyen de 0 à 100. Avant {before:.0f}, maintenant {after:.0f}."
    chart = Dumbbell(before, after, low, high, "pas encore", "sans aide", spoken)
    rows = (("", "Score moyen"), ("Avant", f"{before:.0f}"), ("Maintenant", f"{after:.0f}"))
    return Drawing(name, "Score moyen sur 100, quatre questions", chart, rows)


def _critere(
    slot: str, title: str, lead: str, rest: str, drawings: tuple[Drawing, ...], said: str
) -> Block:
    finding = Finding(
        Passage(f"constat:{slot}", lead + rest, lead),
        RETRO,
        ("n\u00a0= 58 réponses sur 61", "Écart +25 points, entre +20 et +30"),
        drawings,
        trace(f"{slot}.progression", title, "43 sur 58"),
        "Évolution non établie, par rapport à 2025.",
    )
    quotes = (quote(len(title), said),) if said else ()
    learnt = Passage(f"appris:{slot}", "", written="Envoyer un document reste le plus difficile.")
    return Block(f"bloc:{slot}", title, (finding,), quotes, learnt)


def _rights() -> Block:
    lead, rest = (
        "7 personnes sur 16",
        " disent avoir fait une demande qu’elles n’auraient pas faite.",
    )
    circles = Drawing(
        "nonrecours-evite-c-personnes",
        "Chaque rond est une personne qui avait une demande à faire",
        Circles(7, 16, "oui 7, non 9"),
        (("", "Personnes"), ("oui", "7"), ("non", "9")),
    )
    finding = Finding(
        Passage("constat:nonrecours", lead + rest, lead),
        AFTER,
        ("n\u00a0= 16 réponses", "Moins de 20 réponses\u00a0: pas de pourcentage."),
        (circles,),
        trace("nonrecours.evite", "Demandes qui n’auraient pas été faites", "7 sur 16"),
    )
    said = "Personne ne m’avait parlé de cette aide."
    return Block("bloc:nonrecours", "Accès aux droits", (finding,), (quote(9, said),),
                 Passage("appris:nonrecours", ""))  # fmt: skip


def sample(*, is_sealed: bool = False) -> Section:
    """Return a section with a part of every sort."""
    words = (
        "Arrêté le 4 janvier 2027 par Yann Kerbrat, empreinte 7C2F 91AB 04D6"
        if is_sealed
        else "Provisoire, ne pas diffuser\u00a0: chiffres du 22 novembre 2026"
    )
    parts = [("affiche", "téléphone", 19), ("borne", "tablette", 14), ("papier", "papier", 11),
             ("aide", "avec l’équipe", 17)]  # fmt: skip
    doors = Drawing("portes", "Comment les réponses sont arrivées", stacked(parts),
                    (("", "Réponses"), *((label, str(n)) for _, label, n in parts)))  # fmt: skip
    headlines = tuple(
        Headline(Passage(f"phrase:{rank}", lead + rest, lead), trace("a.b", "Autonomie", lead))
        for rank, (lead, rest) in enumerate(
            (
                ("3 personnes sur 4", " disent faire plus de choses sans aide (43 sur 58)."),
                ("6 personnes sur 10", " disent avoir plus confiance (36 sur 57)."),
                ("7 personnes sur 16", " disent avoir demandé une aide qu’elles ignoraient."),
                ("9 réponses sur 10", "\u00a0: la séance s’est bien passée (131 sur 148)."),
            )
        )
    )  # fmt: skip
    stuck = Words("coince", "Ce qui coince", Passage("coince", "", written="L’attente, le mardi."),
                  quotes=(quote(20, "[…] il y a trop de monde le mardi."),))  # fmt: skip
    plan = "Ouvrir un second créneau le jeudi.\nConsacrer deux ateliers à l’envoi d’un document."
    partner = quote(21, "Les dossiers reviennent complets.", "CCAS de Rostrenen")
    return Section(
        structure="Le Fil numérique",
        place="Médiathèque de Rostrenen",
        running_title="Bilan d’activité 2026",
        heading="5. Bilan qualitatif\u00a0: ce qui a changé pour les personnes",
        title_quote=quote(1, "Maintenant, c’est moi qui montre à ma voisine."),
        headlines=headlines,
        method=Method(
            "de janvier à novembre 2026",
            (
                Source("Mes progrès", "61 personnes sur 212 suivies (29\u202f%)",
                       "marge d’environ ±\u202f11 points", RETRO),
                Source("Votre avis aujourd’hui", "148 réponses", "", AFTER),
            ),
            doors,
            Passage("methode", "Moins d’une personne sur trois a répondu."),
            "212 personnes accompagnées (La Coop)",
        ),
        body=(
            _critere("autonomie", "Compétences et autonomie", "43 personnes sur 58",
                     " disent faire plus de choses sans aide (74\u202f%\u202f; entre 62\u202f% et "
                     "84\u202f%), 9 sont stables, 6 reculent.",
                     (_moves("autonomie-personnes", 43, 9, 6),
                      _means("autonomie-moyennes", 38.2, 63.4, 20.1, 30.2)),
                     "Maintenant je fais mes papiers presque sans aide […]."),
            _critere("lien", "Liens sociaux", "Évolution non établie.",
                     " 21 personnes sur 55 progressent, 24 sont stables, 10 reculent.",
                     (_moves("lien-personnes", 21, 24, 10),
                      _means("lien-moyennes", 52.0, 56.1, -1.2, 9.3)), ""),
            _rights(),
            stuck,
            Words("partenaires", "Ce que disent les partenaires",
                  Passage("partenaires", "7 partenaires sur 9 n’avaient pas d’autre solution."),
                  quotes=(partner,)),
            Objectives("objectifs", "Les objectifs de la mission", (
                Confronted("Rendre autonome", "atteint", "43 sur 58, au moins 60\u202f% visés."),
                Confronted("Créer du lien", "non mesurable", "L’intervalle contient zéro."),
            )),
            Words("suite", "Ce que nous allons faire", Passage("suite", "", written=plan),
                  is_list=True),
        ),
        unshown=(("Prudence en ligne", "non diffusé (moins de 5 réponses)"),),
        annex=Annex(
            (
                AnnexRow("Autonomie dans les démarches", "Aller sur le bon site…",
                         "Personnes dont la moyenne monte", "43 sur 58 (74\u202f%)",
                         "58", "B", "«\u202favant\u202f» est un souvenir"),
                AnnexRow("Prudence en ligne", "Reconnaître un faux message",
                         "Personnes dont la moyenne monte", "non diffusé (moins de 5 réponses)",
                         "<\u202f5", "B", ""),
            ),
            (("«\u202favant\u202f» est un souvenir", "On se rappelle un départ plus bas."),),
            (("B, rétrospectif", "Chaque personne répond une seule fois."),),
            ("«\u202fMes progrès\u202f», version 7c2f91ab.", "Empreinte\u00a0: 7C2F 91AB 04D6."),
        ),
        standing=Standing(is_sealed, words),
    )  # fmt: skip


def of_team() -> Section:
    """Return a section whose first sentences the team wrote again."""
    section = sample()
    block = section.body[0]
    assert isinstance(block, Block)
    finding, headline = block.findings[0], section.headlines[0]
    own = replace(finding.passage, written="Elles font plus seules.")
    opening = replace(headline.passage, written="Presque toutes progressent.")
    return replace(
        section,
        headlines=(replace(headline, passage=opening), *section.headlines[1:]),
        body=(
            replace(block, findings=(replace(finding, passage=own, evolution=""),)),
            *section.body[1:],
        ),
    )
