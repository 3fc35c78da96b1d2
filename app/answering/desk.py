"""Pages of the desk: the gallery of questionnaires, and one of them with its preview."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template

from app.answering.gallery import gallery, model_of, moments, pictograms_of
from app.campaigns.addresses import scanned_address, typed_address
from app.organisations.guard import reserved_to
from app.organisations.roles import TEAM
from app.scoring import METHODS
from app.web.current import library, settings
from app.web.headers import content_policy
from app.web.qr import qr_svg


def routes(parent: Blueprint) -> None:
    """Add the gallery to the desk."""
    parent.add_url_rule("/questionnaires", view_func=questionnaires)
    parent.add_url_rule("/questionnaires/<code>", view_func=questionnaire)


@reserved_to(*TEAM)
def questionnaires() -> Response:
    """Show the questionnaires that we ship, the usual one on a phone."""
    models = gallery(library())
    return _framing(
        render_template(
            "answering/gallery.html",
            models=models,
            model=models[0],
            METHODS=METHODS,
            **_trial(models[0].trial),
        )
    )


@reserved_to(*TEAM)
def questionnaire(code: str) -> Response:
    """Show all that a questionnaire asks, as people read it."""
    asked = library().questionnaires.get(code) or abort(404)
    model, every = model_of(library(), asked), moments(library(), asked)
    return _framing(
        render_template(
            "answering/questionnaire.html",
            model=model,
            moments=every,
            pictograms=pictograms_of(every),
            METHODS=METHODS,
            **_trial(model.trial),
        )
    )


def _trial(path: str) -> dict[str, str]:
    """Return the trial as a phone scans it, and as people type it."""
    base_url, code = settings().base_url, path.removeprefix("/")
    return {
        "qr": qr_svg(scanned_address(base_url, code)),
        "address": typed_address(base_url, code),
    }


def _framing(page: str) -> Response:
    """Send a page that shows the trial in a frame."""
    return Response(page, headers={"Content-Security-Policy": content_policy(frames="'self'")})
