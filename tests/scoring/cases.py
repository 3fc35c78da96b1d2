"""Small questionnaires made by hand, and the rows of the worked data of scoring.md."""

from __future__ import annotations

import io
from collections.abc import Sequence
from hashlib import sha256

from app.questionnaires.definition import (
    Clause,
    Criterion,
    Indicator,
    Method,
    Option,
    Posed,
    Question,
    Questionnaire,
    Register,
    Screen,
    Text,
    Wave,
)
from app.questionnaires.formulas import (
    Conjunction,
    Contribution,
    Formula,
    Mean,
    MultiplePart,
    Part,
    Progression,
    Tasks,
    Typology,
)
from app.questionnaires.kinds import KINDS
from app.scoring import Figure, Table, read_table
from app.scoring.results import Results, score_table


def scale(name: str, options: int = 4, **more: object) -> Question:
    return _question(name, "echelle", range(options), **more)


def choice(name: str, *codes: str, kind: str = "choix", **more: object) -> Question:
    return _question(name, kind, codes, **more)


def motives(name: str, types: dict[str, str | None], **more: object) -> Question:
    options = tuple(
        Option(code, Text(f"{name}.{code}", code.capitalize()), typology=kind, exclusive=not kind)
        for code, kind in types.items()
    )
    return Question(
        name, KINDS["choix_multiple"], Text(name, f"Question {name} ?"), options=options, **more
    )


def _question(name: str, kind: str, codes: Sequence[int | str], **more: object) -> Question:
    options = tuple(Option(code, Text(f"{name}.{code}", f"Réponse {code}")) for code in codes)
    words = (Text("nsp", "Je ne sais pas"), Text("refus", "Je préfère ne pas répondre"))
    return Question(
        name,
        KINDS[kind],
        Text(name, f"Question {name} ?"),
        options=options,
        aside_texts=words,
        **more,
    )


def questionnaire(
    method: Method,
    waves: dict[str, Sequence[Question | Posed]],
    *indicators: tuple[str, Formula],
    sensitive: Sequence[str] = (),
) -> Questionnaire:
    made = tuple(
        Indicator(name, Text(name, name), formula, sensitive=name in sensitive)
        for name, formula in indicators
    )
    criterion = Criterion(
        "critere", Text("c", "C"), Text("c.public", "C"), core=True, indicators=made
    )
    return Questionnaire(
        id="essai",
        version=sha256(repr((method, waves, made)).encode()).hexdigest(),
        title=Text("essai.titre", "Essai"),
        purpose=Text("essai.pourquoi", "Pour voir"),
        closing=Text("essai.merci", "Merci"),
        audience="usager",
        method=method,
        waves=tuple(_wave(name, questions) for name, questions in waves.items()),
        modules=(),
        registers=(Register("registre", Text("r", "R"), (criterion,)),),
        source="",
    )


def _wave(name: str, questions: Sequence[Question | Posed]) -> Wave:
    screens = tuple(Screen((one if isinstance(one, Posed) else Posed(one),)) for one in questions)
    return Wave(name, Text(name, name), screens)


def rows(made: Questionnaire, *lines: str) -> Table:
    return read_table(made, io.StringIO("\n".join(lines) + "\n"))


def results(made: Questionnaire, *lines: str, accompanied: int | None = None) -> Results:
    return score_table(rows(made, *lines), accompanied=accompanied)


def figure_of(found: Results, indicator: str, wave: str | None = None) -> Figure:
    (one,) = (
        figure
        for figure in found.figures
        if figure.measure.indicator.id == indicator
        and wave in (None, f"{figure.measure.from_wave}>{figure.measure.to_wave}")
    )
    return one


AUTONOMY = [scale(f"aut{rank}") for rank in (1, 2, 3, 4)]
HELPED = choice("att_autonomie", "beaucoup", "un_peu", "non", "pas_change")
AUTONOMY_INDICATORS = (
    ("autonomie.progression", Progression(("aut1", "aut2", "aut3", "aut4"))),
    ("autonomie.taches_sans_aide", Tasks(("aut1", "aut2", "aut3", "aut4"), (3,))),
    (
        "autonomie.contribution",
        Contribution(
            "autonomie.progression", "att_autonomie", ("beaucoup", "un_peu"), ("beaucoup",)
        ),
    ),
)


def paired() -> Questionnaire:
    return questionnaire(
        "A",
        {
            "entree": AUTONOMY,
            "sortie": [*AUTONOMY, HELPED],
            "suivi": [*AUTONOMY, HELPED],
        },
        *AUTONOMY_INDICATORS,
    )


def retrospective() -> Questionnaire:
    before = [Posed(question, before=True) for question in AUTONOMY]
    return questionnaire("B", {"unique": [*AUTONOMY, HELPED, *before]}, *AUTONOMY_INDICATORS)


#: Person, before, after, attribution; « - » is a skipped question.
WORKED = (
    ("P01", "0101", "1212", "beaucoup"),
    ("P02", "1111", "2223", "beaucoup"),
    ("P03", "0000", "1101", "un_peu"),
    ("P04", "2212", "2212", "nsp"),
    ("P05", "3333", "3333", "beaucoup"),
    ("P06", "10-1", "2222", "beaucoup"),
    ("P07", "2112", "1112", "non"),
    ("P08", "0110", "2321", "beaucoup"),
    ("P09", "1221", "23-2", "un_peu"),
    ("P10", "0---", "2222", "beaucoup"),
    ("P11", "2223", "3323", "non"),
    ("P12", "1101", "3222", ""),
)

HEADER = "person,wave,aut1,aut2,aut3,aut4,att_autonomie"


def cells(digits: str) -> str:
    return ",".join("" if digit == "-" else digit for digit in digits)


def worked_lines(people: Sequence[tuple[str, str, str, str]] = WORKED) -> list[str]:
    lines = [HEADER]
    for person, before, after, helped in people:
        lines.append(f"{person},entree,{cells(before)},")
        lines.append(f"{person},sortie,{cells(after)},{helped}")
    return lines


RIGHTS = {
    "dro4": choice("dro4", "oui", "non", "pas_besoin"),
    "dro5": choice("dro5", "oui", "non", "plus_tard", condition=(Clause("dro4", ("oui",)),)),
    "dro6": motives(
        "dro6",
        {
            "connaissais_pas": "non_connaissance",
            "pas_droit": "non_connaissance",
            "trop_complique": "non_demande",
            "honte": "non_demande",
            "pas_propose": "non_proposition",
            "bloque": "non_reception",
            "rien": None,
        },
        condition=(Clause("dro4", ("oui", "non")),),
        sensitive=True,
    ),
}
CONCERNED = (Clause("dro4", ("oui", "non")),)


def rights(method: Method = "C") -> Questionnaire:
    wave = "unique" if method != "A" else "sortie"
    return questionnaire(
        method,
        {wave: list(RIGHTS.values())},
        ("nonrecours.demarches", Part("dro4", ("oui",), ("oui", "non"))),
        (
            "nonrecours.evite",
            Conjunction((Clause("dro4", ("oui",)), Clause("dro5", ("non",))), CONCERNED),
        ),
        (
            "nonrecours.accelere",
            Conjunction((Clause("dro4", ("oui",)), Clause("dro5", ("plus_tard",))), CONCERNED),
        ),
        ("nonrecours.motifs", Typology("dro6")),
        sensitive=("nonrecours.motifs",),
    )


RIGHTS_ROWS = """
oui non connaissais_pas; oui non trop_complique; oui plus_tard trop_complique|honte; oui oui –;
oui non connaissais_pas|pas_propose; non – honte; pas_besoin – –; oui non bloque;
oui plus_tard pas_droit; oui nsp connaissais_pas; pas_besoin – –; oui oui –;
oui non bloque|trop_complique; nsp – –; oui plus_tard pas_propose; non – trop_complique;
oui non connaissais_pas; pas_besoin – –; oui oui –; oui non pas_droit
"""


def rights_lines() -> list[str]:
    people = (row.split() for row in RIGHTS_ROWS.split(";"))
    return ["dro4,dro5,dro6", *(",".join(row).replace("–", "") for row in people)]


def satisfaction(options: int = 4) -> Questionnaire:
    return questionnaire(
        "C",
        {"unique": [scale("sat1", options)]},
        ("satisfaction.globale", Mean("sat1", (2, 3))),
        ("satisfaction.part", Part("sat1", (2, 3))),
    )


def several() -> Questionnaire:
    work = choice("ins3", "emploi", "formation", "rien", "cherche_pas", kind="choix_multiple")
    return questionnaire(
        "C",
        {"unique": [work]},
        ("insertion.sorties", MultiplePart("ins3", ("emploi", "formation"), ("cherche_pas",))),
    )
