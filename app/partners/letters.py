"""The letters that ask a partner, and ask again: to copy, or to send by e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.campaigns.addresses import link_address
from app.partners.standing import remindable_on
from app.partners.tokens import personal_address
from app.web.typography import long_date, plural, typographic

if TYPE_CHECKING:
    from app.partners.models import Partner, PartnerInvitation
    from app.partners.queries import Asking
    from config import Keys

_FIRST = """\
Bonjour{contact},

Vous travaillez avec {structure} ({lieu}) : que voyez-vous changer chez les personnes ?
Votre avis tient en {questions}, {minutes}.

Répondez ici :
{address}

Cette adresse est celle de {partner} : votre organisation signe la réponse.
Elle marche jusqu’au {until}. Chaque question peut rester vide.
À la fin, un code permet de relire ou d’effacer la réponse.

Vous préférez répondre sans signer ? Prenez cette autre adresse :
{shared}

Votre adresse nous vient de notre travail ensemble. Gardée tant qu’il dure, puis {kept} au plus.
Pour la faire effacer, ou ne plus recevoir ces lettres : {reached}.

Merci de votre aide,
{sender}
{structure}
"""
_AGAIN = """\
Bonjour{contact},

Votre avis sur {structure} ({lieu}) nous manque encore.
Il tient en {questions}, {minutes}, jusqu’au {until} :
{address}

Votre organisation, {partner}, signe la réponse.
Pour répondre sans signer : {shared}

Vous avez répondu par cette autre adresse ? Dites-le-nous : nous n’écrirons plus.

Merci de votre aide,
{sender}
{structure}
"""


class Letter(NamedTuple):
    """Be one letter, ready to leave."""

    subject: str
    body: str
    is_reminder: bool

    @property
    def whole(self) -> str:
        """Return what is copied."""
        return f"{self.subject}\n\n{self.body}"


def letter(
    keys: Keys,
    base_url: str,
    partner: Partner,
    asking: Asking,
    invitation: PartnerInvitation,
    sender: str,
) -> Letter:
    """Write the letter that comes next: the first one, then the reminder.

    What people typed (names) keeps its spaces; only our own words are set.
    """
    structure = asking.campaign.organisation.name
    is_reminder = remindable_on(invitation) is not None
    names = {
        "contact": f" {partner.contact_name}" if partner.contact_name else "",
        "structure": structure,
        "lieu": asking.campaign.lieu.name,
        "questions": plural(asking.questions, "question"),
        "minutes": plural(asking.minutes, "minute"),
        "address": personal_address(base_url, keys, invitation.id),
        "shared": link_address(base_url, asking.link.code),
        "partner": partner.name,
        "until": long_date(asking.until),
        "kept": plural(asking.years + 1, "an"),
        "reached": asking.campaign.organisation.contact or "répondez-nous",
        "sender": sender,
    }
    subject = "Votre avis nous manque encore" if is_reminder else "Votre avis de partenaire"
    body = typographic(_AGAIN if is_reminder else _FIRST).format(**names)
    return Letter(typographic(f"{subject} : ") + structure, body, is_reminder)
