"""What the indicators give to take away: pictures for a document, figures for a spreadsheet."""

from __future__ import annotations

from io import BytesIO
from typing import IO

from flask import Blueprint, Response, abort, request, send_file

from app.indicators.looking import fold_first, looked_at
from app.indicators.pictures import Picture, picture, png_of_picture, svg_of
from app.indicators.queries import waiting_in
from app.indicators.reading import base_of
from app.indicators.tables import FORMATS, about, written
from app.organisations.guard import reserved_to
from app.organisations.queries import organisation
from app.organisations.roles import TEAM
from app.web.current import database, today
from app.web.typography import long_date

PROVISIONAL = "Provisoire : des réponses peuvent encore changer ces chiffres. Ne pas diffuser."
FROZEN = "Chiffres arrêtés : ils ne changent plus."


def routes(parent: Blueprint) -> None:
    """Add the files to take away."""
    one = "/indicateurs/<code>"
    parent.add_url_rule(f"{one}/image.svg", view_func=image_svg)
    parent.add_url_rule(f"{one}/image.png", view_func=image_png)
    for kind in FORMATS:
        given = {"kind": kind}
        parent.add_url_rule(f"/indicateurs/chiffres.{kind}", view_func=chiffres, defaults=given)
        parent.add_url_rule(f"{one}/chiffres.{kind}", view_func=chiffres, defaults=given)


@reserved_to(*TEAM)
def image_svg(code: str) -> Response:
    """Send the drawing of a figure, as a file that grows without blurring."""
    return _sent(BytesIO(svg_of(_picture(code)).encode()), "image/svg+xml", f"{code}.svg")


@reserved_to(*TEAM)
def image_png(code: str) -> Response:
    """Send the drawing of a figure, as a picture for a document, 17 cm wide."""
    return _sent(BytesIO(png_of_picture(_picture(code))), "image/png", f"{code}.png")


@reserved_to(*TEAM)
def chiffres(kind: str, code: str = "") -> Response:
    """Send the figures of the page, or of one indicator, for a spreadsheet."""
    fold_first()
    with database().reading() as session:
        looked = looked_at(session, strict=True)
        sums = looked.sums(session)
        found = looked.ways_of(session, sums, code) if code else looked.measured(session, sums)
        compared = looked.comparison(session)
        state = FROZEN if looked.is_frozen(session) else PROVISIONAL
        name = organisation(session, looked.reach.organisation_id).name
        waiting = waiting_in(session, looked.reach, looked.selection)
        said = about(name, looked.selection, today(), state, waiting)
        file = written(list(found), list(said), compared, kind)
    return _sent(file, FORMATS[kind], f"{code or 'indicateurs'}.{kind}")


def _picture(code: str) -> Picture:
    """Lay out the figure that the address names; a hidden figure has no picture."""
    fold_first()
    key = request.args.get("mesure", "")
    with database().reading() as session:
        looked = looked_at(session, strict=True)
        ways = looked.ways_of(session, looked.sums(session), code)
        found = [
            one
            for one in ways
            if not one.figure.visibility.hidden and key in ("", one.figure.measure.key)
        ]
        if not found:
            abort(404)
        name = organisation(session, looked.reach.organisation_id).name
        below = [
            base_of(found[0]),
            f"{looked.selection.words[:1].upper()}{looked.selection.words[1:]}. {name}.",
        ]
        if not looked.is_frozen(session):
            below.append(f"Chiffres provisoires du {long_date(today())}.")
    return picture(found[0], below)


def _sent(file: IO[bytes], mimetype: str, name: str) -> Response:
    return send_file(file, mimetype=mimetype, as_attachment=True, download_name=name)
