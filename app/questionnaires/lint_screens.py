"""What a questionnaire may not do: grids, before beside after, conditions on what comes later."""

from __future__ import annotations

from app.questionnaires.definition import Form, Posed, Screen, Wave
from app.questionnaires.lint import lint_words
from app.questionnaires.pictograms import FACES
from app.questionnaires.problems import Place, Report
from app.questionnaires.reading import Draft, WrittenScreens
from app.questionnaires.source import ScreenSource

#: Above this many screens people give up.
MOST_SCREENS = 14

_FORMS: tuple[Form, ...] = ("courte", "longue")
_COMES_LATER = "sa condition porte sur « {} », posée plus loin"
_ELSEWHERE = "sa condition porte sur « {} », qui n'est pas posée dans la même passation"
_MAY_LACK = "sa condition porte sur « {} », qui peut manquer (forme longue ou module)"


def lint_questionnaire(draft: Draft, report: Report) -> None:
    """Check the screens of a questionnaire, wave by wave, and its own words."""
    _lint_titles(draft, report)
    _lint_method(draft, report)
    _lint_telling(draft, report)
    for wave, screens in draft.screens:
        for screen, source in screens:
            _lint_screen(draft, screen, source, report)
        _lint_conditions(draft, wave, screens, report)
        _lint_before_last(draft, screens, report)
        _warn_length(draft, wave, report)
        _warn_opening(draft, screens, report)


def _lint_titles(draft: Draft, report: Report) -> None:
    source = draft.source
    titles = [(source.fr, source.place("fr"))]
    titles += [(text.fr, text.place("fr")) for text in (source.pourquoi, source.merci)]
    titles += [(module.fr, module.place("fr")) for module in source.modules]
    titles += [(wave.fr, wave.place("fr")) for wave in source.vagues]
    for words, place in titles:
        lint_words(words, place, draft.where, report, public=source.public)
    for register in draft.bank.registers:
        for criterion in register.criteres:
            public = criterion.public
            lint_words(public.fr, public.place("fr"), f"critère {criterion.id}", report)


def _lint_method(draft: Draft, report: Report) -> None:
    questionnaire = draft.questionnaire
    has_before = any(p.before for w in questionnaire.waves for s in w.screens for p in s.posed)
    single = len(questionnaire.waves) == 1
    message = remedy = ""
    if not questionnaire.waves:
        return  # already said
    if questionnaire.method == "A" and (single or has_before):
        message = "la méthode A compare plusieurs vagues"
        remedy = "écrivez « vagues: » avec entree et sortie, sans « moment: avant »"
    elif questionnaire.method == "B" and not (single and has_before):
        message = "la méthode B pose « avant » et « maintenant » en une seule fois"
        remedy = "écrivez « ecrans: », avec « moment: avant » sur les derniers"
    elif questionnaire.method == "C" and (has_before or not single):
        message = "la méthode C ne pose que « maintenant », une seule fois"
        remedy = "écrivez « ecrans: » sans « moment: avant », ou choisissez la méthode A ou B"
    if message:
        report.error(draft.source.place("methode"), draft.where, message, remedy)


def _lint_telling(draft: Draft, report: Report) -> None:
    """Check that what people tell is never measured."""
    questionnaire = draft.questionnaire
    if questionnaire.collects_testimonies and (questionnaire.indicators or draft.source.vagues):
        report.error(
            draft.source.place("recueille"),
            draft.where,
            "des témoignages ne font pas de chiffres",
            "retirez « recueille: temoignages », ou les vagues et les questions à indicateurs",
        )


def _lint_screen(draft: Draft, screen: Screen, source: ScreenSource, report: Report) -> None:
    place = source.place()
    moments = {posed.before for posed in screen.posed}
    if len(moments) > 1:
        report.error(
            place,
            draft.where,
            "« avant » et « maintenant » sont sur le même écran",
            "posez tous les « maintenant » d'abord, puis les « avant » sur d'autres écrans",
        )
    elif sum(posed.question.scale is not None for posed in screen.posed) > 1:
        report.error(
            place,
            draft.where,
            "plusieurs questions à échelle sur un écran font une grille",
            "posez une question par écran",
        )
    for posed in screen.posed:
        question = posed.question
        where = f"{draft.where}, question {question.id}"
        if posed.before and question.before_text is None:
            report.error(
                place,
                where,
                "elle est posée « avant » sans avoir de texte pour cela",
                'ajoutez à la question « avant: {fr: "Avant de venir ici : …"} »',
            )
        if question.audience == "partenaire" and draft.source.public == "usager":
            report.error(
                place,
                where,
                "cette question s'adresse aux partenaires",
                "retirez-la, ou écrivez « public: partenaire »",
            )


def _lint_conditions(
    draft: Draft,
    wave: Wave,
    screens: WrittenScreens,
    report: Report,
) -> None:
    posed_now = {p.question.id for s in wave.screens for p in s.posed if not p.before}
    earlier: dict[str, Screen] = {}
    for screen, source in screens:
        for posed in screen.posed:
            for clause in posed.question.condition:
                message = _condition_fault(clause.question, screen, earlier, posed_now)
                if message and clause.question in draft.bank.questions:
                    report.error(
                        source.place(),
                        f"{draft.where}, question {posed.question.id}",
                        message.format(clause.question),
                        f"posez « {clause.question} » avant, dans les mêmes cas",
                    )
            if not posed.before:
                earlier[posed.question.id] = screen


def _condition_fault(
    name: str, screen: Screen, earlier: dict[str, Screen], posed_now: set[str]
) -> str | None:
    if name not in earlier:
        return _COMES_LATER if name in posed_now else _ELSEWHERE
    asked = earlier[name]
    lacks_form = asked.long_only and not screen.long_only
    lacks_module = asked.module not in (None, screen.module)
    return _MAY_LACK if lacks_form or lacks_module else None


def _lint_before_last(draft: Draft, screens: WrittenScreens, report: Report) -> None:
    before = {p.question.id for screen, _ in screens for p in screen.posed if p.before}
    to_come = {p.question.id for screen, _ in screens for p in screen.posed if not p.before}
    for screen, source in screens:
        to_come -= {p.question.id for p in screen.posed if not p.before}
        late = before & to_come
        if late and any(p.before for p in screen.posed) and all(p.before for p in screen.posed):
            report.error(
                source.place(),
                draft.where,
                f"« avant » est posé alors que « maintenant » ne l'est pas encore ({min(late)})",
                "posez tous les « maintenant » d'abord, puis tous les « avant »",
            )
            return


def _warn_length(draft: Draft, wave: Wave, report: Report) -> None:
    counts = {form: len(draft.questionnaire.passing(wave.id, form).screens) for form in _FORMS}
    for form in _FORMS:
        if counts[form] > MOST_SCREENS and (form == "courte" or counts[form] != counts["courte"]):
            report.warn(
                _wave_place(draft, wave),
                draft.where,
                f"la forme {form} de « {wave.title.fr} » a {counts[form]} écrans",
                f"restez à {MOST_SCREENS} : au-delà, les gens abandonnent",
            )
    _warn_modules(draft, wave, report)


def _warn_modules(draft: Draft, wave: Wave, report: Report) -> None:
    """Warn of the module that makes a short form too long."""
    asked = draft.questionnaire
    if len(asked.passing(wave.id).screens) > MOST_SCREENS:
        return
    counts = {
        one.id: len(asked.passing(wave.id, "courte", (one.id,)).screens) for one in asked.modules
    }
    longest = max(counts, key=counts.__getitem__, default="")
    if longest and counts[longest] > MOST_SCREENS:
        report.warn(
            _wave_place(draft, wave),
            draft.where,
            f"avec « {longest} », la forme courte de « {wave.title.fr} » "
            f"a {counts[longest]} écrans",
            f"restez à {MOST_SCREENS} : au-delà, les gens abandonnent",
        )


def _wave_place(draft: Draft, wave: Wave) -> Place:
    for source in draft.source.vagues:
        if source.id == wave.id:
            return source.place("ecrans")
    return draft.source.place("ecrans")


def _warn_opening(draft: Draft, screens: WrittenScreens, report: Report) -> None:
    if draft.source.public != "usager" or not screens:
        return
    if draft.questionnaire.collects_testimonies:
        return  # told in words
    screen, source = screens[0]
    if not _shows_faces(screen.posed[0]):
        report.warn(
            source.place(),
            draft.where,
            "la première question ne montre pas de visages",
            "ouvrez par une question à visages, par exemple « hum1 » ou « sat1 »",
        )


def _shows_faces(posed: Posed) -> bool:
    options = posed.question.options
    return bool(options) and all(option.pictogram in FACES for option in options)
