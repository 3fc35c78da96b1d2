"""What becomes of a testimony that was sent: kept with its choices, or given back whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict, Unpack

from flask import Response, request

from app.answering.entrance import FRENCH
from app.answering.given_back import Sent, key_of, new_key
from app.answering.pages import Error, Voice
from app.answering.plain import Leaf, show_erased
from app.answering.reception import reception
from app.answering.sending import counter, day_and_lateness
from app.partners.models import Partner
from app.partners.queries import invitation_of
from app.responses import receipts
from app.telling.depositing import deposit_all, take_back
from app.telling.pages import Written, dress, show_page, show_thanks, show_trial_thanks
from app.telling.recording import explain
from app.telling.story import Asking, Story
from app.telling.uploads import read_form
from app.testimonies.actions import keep
from app.testimonies.changing import sentence
from app.testimonies.consents import OF_MEDIA, agreement_of, ends_on
from app.testimonies.queries import by_receipt, parts_of
from app.testimonies.slips import slip
from app.testimonies.submission import LONGEST_SIGNATURE, Kept
from app.web.current import database, keys, today
from app.web.journal import LOGGER
from app.web.outage import OUTAGES, RETRY_AFTER, status_of
from app.web.protection import comes_from_us

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from app.answering.entrance import Entrance
    from app.testimonies.models import Testimony
    from app.testimonies.slips import Slip

#: The field that carries a personal link from page to page, and the button that leaves it.
INVITATION, UNSIGNED = "invitation", "sans_signer"


def receive(entrance: Entrance, language: str) -> Response:
    """Keep what was sent, and say thank you; or say what happened, with all that was typed."""
    story = read_story(entrance, language)
    try:
        return _refuse(story) or _mend(story) or _keep(story)
    finally:
        for file in story.files:
            file.drop()


def read_story(entrance: Entrance, language: str) -> Story:
    """Read the form of this request, files included; without a key of ours it gets one."""
    form = read_form()
    language = language if language in entrance.wordings else FRENCH
    sent = Sent(entrance, language, form.typed, key_of(form.typed))
    asking = Asking(Voice(entrance, language), today())
    return Story(sent, asking, form.files, form.announced, form.is_whole)


def _refuse(story: Story) -> Response | None:
    """Return the page of a form that is not read any further, or None."""
    sent = story.sent
    if not comes_from_us(request):
        return _give_back(story, 403, _error(story, "ailleurs"))
    if not story.is_whole:
        return _give_back(story, 413, _error(story, "lourd"))
    if sent.first("ouvrir"):
        return _open(story)
    if sent.entrance.is_trial:
        return None
    if day_and_lateness(sent) is None:
        return _too_late(story)
    if sent.first("garder"):
        return _keep_first(story)
    if reception().limiter.refuses(counter(sent)):
        return _give_back(story, 429, _error(story, "beaucoup"), retry_after=60)
    return None


def _mend(story: Story) -> Response | None:
    """Return the page of a form that must be mended, each fault with the way to it, or None."""
    faults = list(story.faults())
    if not faults and story.sent.entrance.is_trial:
        return _dressed(show_trial_thanks(story.asking.voice), 200, story)
    if not faults:
        return None
    say = story.asking.voice.say
    said_of = [sentence(story.asking.voice.words, fault) for fault in faults]
    titles = [(fault.field, title) for fault, (title, _) in zip(faults, said_of, strict=True)]
    said = Error(
        titles[0][1] if len(titles) == 1 else say("erreur_a_corriger"),
        (said_of[0][1] if len(titles) == 1 else say("rien_perdu"),),
        links=titles if len(titles) > 1 else [(faults[0].field, say("corriger_ici"))],
    )
    problems = {fault.field: how for fault, (_, how) in zip(faults, said_of, strict=True)}
    return _give_back(story, 422, said, problems)


def _keep(story: Story) -> Response:
    sent = story.sent
    day, _ = day_and_lateness(sent) or (today(), True)
    try:
        with database().writing() as session:
            kept = keep(session, keys(), story.told(day, _partner(session, story)))
    except OUTAGES as trouble:
        said = _error(story, "pause")
        return _give_back(story, status_of(trouble), said, retry_after=RETRY_AFTER)
    except Exception:
        LOGGER.exception("Témoignage non enregistré")
        return _give_back(story, 500, _error(story, "pause"))
    if kept.kind == "kept":
        reception().limiter.accept(counter(sent))
    return _acknowledge(story, kept, day)


def _open(story: Story) -> Response:
    """Show the page to who comes from a personal link: the name of the organisation is known."""
    field, typed = story.asking.signature_field, story.sent.typed
    name = (_signing(story) or "")[:LONGEST_SIGNATURE]
    sent = replace(story.sent, typed={field: [name], **typed})
    return _give_back(replace(story, sent=sent), 200)


def _partner(session: Session, story: Story) -> UUID | None:
    """Return the partner whose personal link this is: of this structure, and of nobody else."""
    token = story.sent.first(INVITATION)
    if not (token and story.asking.for_organisation) or story.sent.first(UNSIGNED):
        return None
    found = invitation_of(session, keys(), token)
    mine = found is not None and found.organisation_id == story.sent.entrance.organisation.id
    return found.partner_id if found is not None and mine else None


def _signing(story: Story) -> str | None:
    """Return the organisation that would sign, as every page that carries its link says.

    An empty name while the database rests: the page says all the same that it is signed.
    """
    if not story.sent.first(INVITATION):
        return None
    try:
        with database().reading() as session:
            partner_id = _partner(session, story)
            return session.get_one(Partner, partner_id).name if partner_id else None
    except OUTAGES:
        return "" if story.asking.for_organisation and not story.sent.first(UNSIGNED) else None


def _acknowledge(story: Story, kept: Kept, day: date) -> Response:
    if kept.kind == "erased":
        return show_erased(story.sent.entrance, story.sent.language)
    if kept.receipt is None:
        return _conflict(story)
    problems, said = _deposit(story), story.told(day)
    if problems and not story.text and take_back(story.sent.entrance, story.sent.key):
        return _nothing_left(story, problems)
    paper = _paper(
        story,
        story.chosen,
        code=kept.receipt,
        day=day,
        expires_on=ends_on(story.chosen.get("duree"), day),
        capacity=said.capacity,
        signature=said.signature,
    )
    has_media = bool(said.announced) and len(problems) < len(said.announced)
    signing = _signing(story)
    page = show_thanks(
        story.asking.voice, paper, problems, has_media=has_media, signing=signing or ""
    )
    return _dressed(page, 200, story)


class _Facts(TypedDict):
    code: str
    day: date
    expires_on: date
    capacity: str | None
    signature: str


def _paper(story: Story, chosen: Mapping[str, str], **facts: Unpack[_Facts]) -> Slip:
    """Write the slip; what was not said of voice and image, where there is none, is left out."""
    voice = story.asking.voice
    questions = [
        one
        for one in story.asking.consents
        if one.scope in chosen or story.brings_media or one.scope not in OF_MEDIA
    ]
    return slip(
        voice.words,
        questions,
        dict(chosen),
        organisation=voice.entrance.organisation.name,
        lieu=voice.entrance.campaign.lieu.name,
        **facts,
    )


def _deposit(story: Story) -> list[str]:
    """Put the files with their testimony; return what to tell of those that are not kept."""
    say = story.asking.voice.say
    if story.brings_media and not story.keeps_media:
        return [say("media_refuse")]
    if not story.files:
        return []
    problems = deposit_all(story.sent.entrance, story.sent.key, story.files)
    has_more = bool(story.text) or len(problems) < len(story.files)
    return explain(say, problems, has_more=has_more)


def _nothing_left(story: Story, problems: list[str]) -> Response:
    """Give the page back when the only file could not be kept, and there are no words."""
    say = story.asking.voice.say
    said = Error(problems[0], (*problems[1:], say("depart_vide")), [("recit", say("corriger_ici"))])
    return _give_back(story, 422, said)


def _conflict(story: Story) -> Response:
    """Show both ways out when another testimony came under the same key."""
    say = story.asking.voice.say
    offered = Error(
        say("erreur_deux"),
        (say("erreur_deux_suite"),),
        buttons=(("garder", say("garder_premiere")), ("", say("envoyer_en_plus"))),
    )
    hidden = (("premiere", story.sent.key),)
    again = replace(story, sent=replace(story.sent, key=new_key()))
    return _give_back(again, 409, offered, hidden=hidden)


def _keep_first(story: Story) -> Response:
    """Lead to the testimony that came first under a key, by its code."""
    entrance, first = story.sent.entrance, story.sent.first("premiere")
    code = receipts.receipt_code(keys(), entrance.organisation.id, first)
    with database().reading() as session:
        found = by_receipt(session, keys(), code)
        said = _as_kept(session, story, found, code) if found is not None else None
    return said or show_erased(entrance, story.sent.language)


def _as_kept(session: Session, story: Story, found: Testimony, code: str) -> Response:
    """Show again the thanks of a testimony as it stands, in the place of another."""
    paper = _paper(
        story,
        agreement_of(session, found).choices,
        code=receipts.show(code),
        day=found.day,
        expires_on=found.expires_on,
        capacity=found.capacity,
        signature=parts_of(session, keys(), [found.id])[found.id].get("signature", ""),
    )
    return _dressed(show_thanks(story.asking.voice, paper, (), has_media=False), 200, story)


def _too_late(story: Story) -> Response:
    """Say that it is closed, with the words of whoever sent them too late."""
    say, entrance = story.asking.voice.say, story.sent.entrance
    own = "_organisation" if story.asking.for_organisation else ""
    said = [(say(f"recit_question{own}"), story.text)] if story.text else []
    leaf = Leaf(story.sent.language, entrance)
    return leaf.show("closed", 410, closing=leaf.day(entrance.closing), said=said, is_sent=True)


def _error(story: Story, name: str) -> Error:
    say = story.asking.voice.say
    return Error(say(f"erreur_{name}"), (say(f"erreur_{name}_suite"),))


def _give_back(
    story: Story,
    status: int,
    said: Error | None = None,
    problems: Mapping[str, str] | None = None,
    *,
    hidden: tuple[tuple[str, str], ...] = (),
    retry_after: int = 0,
) -> Response:
    """Show the page again with everything that was typed and chosen."""
    sent = story.sent
    signing, day = _signing(story), sent.first("jour")
    carried = [("jour", day)] if day else []
    if signing is not None:
        carried.append((INVITATION, sent.first(INVITATION)))
    had_files = bool(story.files) or not story.is_whole
    written = Written(sent.typed, problems or {}, (*carried, *hidden), had_files, signing)
    response = _dressed(show_page(story.asking, sent.key, written, said), status, story)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _dressed(page: str, status: int, story: Story) -> Response:
    return dress(Response(page, status), is_framed=story.sent.entrance.is_trial)
