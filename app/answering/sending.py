"""What becomes of a form that was sent to a link: recorded, or given back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from flask import Response, request

from app.answering.entrance import FRENCH
from app.answering.given_back import (
    Sent,
    error,
    faulty,
    give_back,
    new_key,
    not_readable,
    read_sent,
)
from app.answering.invited import AlreadySigned, sign
from app.answering.pages import Draft, Error, Voice
from app.answering.plain import show_closed, show_erased
from app.answering.reception import reception
from app.campaigns.codes import normalise_card
from app.questionnaires.posting import read_posted
from app.responses import receipts
from app.responses.actions import record
from app.responses.queries import by_receipt
from app.responses.submission import Outcome, Submission, UnknownCard
from app.web.current import database, keys, today
from app.web.journal import LOGGER
from app.web.outage import OUTAGES, RETRY_AFTER, status_of
from app.web.protection import client_network

if TYPE_CHECKING:
    from app.answering.entrance import Entrance
    from app.answering.invited import Invited
    from app.questionnaires.posting import Posted

#: An answer kept on a phone without network may come so many days after it was written.
QUEUED = timedelta(days=30)


def receive(entrance: Entrance, language: str, invited: Invited | None = None) -> Response:
    """Record what was sent, and say thank you; or say what happened, with all that was typed."""
    sent = read_sent(entrance, language, invited)
    refused = not_readable(sent) or _refuse(sent)
    if refused is not None:
        return refused
    posted = read_posted(entrance.passing, sent.typed)
    return faulty(sent, posted) or _record(sent, posted)


def _refuse(sent: Sent) -> Response | None:
    """Return the page of a form that comes too late, or for another thing, or None."""
    if day_and_lateness(sent) is None:
        return show_closed(sent.entrance, sent.language, sent.typed)
    if sent.first("garder"):
        return _keep_first(sent)
    if reception().limiter.refuses(counter(sent)):
        return give_back(sent, 429, error(sent, "beaucoup"), retry_after=60)
    return None


def _record(sent: Sent, posted: Posted) -> Response:
    submission = _submission(sent, posted)
    try:
        with database().writing() as session:
            outcome = record(session, keys(), submission)
            sign(session, sent.invited, outcome, submission.day)
    except UnknownCard:
        return _unknown_card(sent)
    except AlreadySigned:
        return _signed_by_another(sent)
    except OUTAGES as trouble:
        return give_back(sent, status_of(trouble), error(sent, "pause"), retry_after=RETRY_AFTER)
    except Exception:
        LOGGER.exception("Réponse non enregistrée")
        return give_back(sent, 500, error(sent, "pause"))
    if outcome.kind == "recorded":
        reception().limiter.accept(counter(sent))
    return _acknowledge(sent, outcome)


def _submission(sent: Sent, posted: Posted) -> Submission:
    entrance = sent.entrance
    wording = entrance.wordings[sent.language]
    day, late = day_and_lateness(sent) or (today(), True)
    card = "" if sent.first("sans_carte") or not entrance.takes_cards else sent.first("carte")
    return Submission(
        link=entrance.link,
        questionnaire=entrance.questionnaire,
        plan=entrance.plan,
        passing=entrance.passing,
        answers=posted.answers,
        texts=posted.texts,
        language=sent.language,
        translation=wording.digest or None,
        unreviewed=sent.language != FRENCH and not wording.reviewed_by,
        key=sent.key,
        day=day,
        card=(normalise_card(card) or card.strip()) if card.strip() else None,
        late=late,
    )


def _acknowledge(sent: Sent, outcome: Outcome) -> Response:
    if outcome.receipt is not None:
        return reception().thanks(sent.entrance, sent.language, outcome.receipt, sent.invited)
    if outcome.kind == "erased":
        return show_erased(sent.entrance, sent.language)
    return _conflict(sent)


def _conflict(sent: Sent) -> Response:
    """Show both ways out when another answer came under the same key."""
    voice = Voice(sent.entrance, sent.language)
    offered = Error(
        voice.say("erreur_deux"),
        (voice.say("erreur_deux_suite"),),
        buttons=(("garder", voice.say("garder_premiere")), ("", voice.say("envoyer_en_plus"))),
    )
    draft = Draft(sent.typed, hidden=(("premiere", sent.key),))
    return give_back(replace(sent, key=new_key()), 409, offered, draft)


def _signed_by_another(sent: Sent) -> Response:
    """Keep the form when a colleague already signed an answer of the same organisation."""
    voice = Voice(sent.entrance, sent.language)
    offered = Error(
        voice.say("partenaire_deja"),
        (voice.say("partenaire_deja_envoi"),),
        buttons=(("sans_signer", voice.say("partenaire_sans_signer")),),
    )
    return give_back(sent, 409, offered)


def _keep_first(sent: Sent) -> Response:
    """Give again the receipt of the answer that came first under a key."""
    code = receipts.receipt_code(keys(), sent.entrance.link.id, sent.first("premiere"))
    with database().reading() as session:
        found = by_receipt(session, keys(), code)
    shown = receipts.show(code) if found is not None else None
    return _acknowledge(sent, Outcome("repeated" if shown else "erased", shown))


def _unknown_card(sent: Sent) -> Response:
    voice = Voice(sent.entrance, sent.language)
    offered = Error(
        voice.say("erreur_carte"),
        (voice.say("rien_perdu"),),
        links=(("carte", voice.say("corriger_carte")),),
        buttons=(("sans_carte", voice.say("envoyer_sans_carte")),),
    )
    return give_back(sent, 422, offered, Draft(sent.typed, card_problem=voice.say("faute_carte")))


def day_and_lateness(sent: Sent) -> tuple[date, bool] | None:
    """Return the day of the answer and whether it comes late; None when it is refused."""
    entrance, now = sent.entrance, today()
    own = _own_day(sent.first("jour"), now)
    state = entrance.state(now)
    if state == "open":
        return (own if own and own >= entrance.campaign.starts_on else now), False
    if state != "not_yet" and own and entrance.campaign.starts_on <= own <= entrance.closing:
        return own, True
    return (now, True) if state == "grace" else None


def _own_day(text: str, now: date) -> date | None:
    """Return the day on which the form was filled in, if it says so and is believed."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if now - QUEUED <= day <= now else None


def counter(sent: Sent) -> tuple[str, object]:
    """Return what the limit counts: who sends, to which campaign."""
    return client_network(request), sent.entrance.link.campaign_id
