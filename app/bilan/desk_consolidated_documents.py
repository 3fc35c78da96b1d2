"""The consolidated section of a coordinateur, as documents."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, abort, request, send_file

from app.bilan.consolidated_section import consolidated_section
from app.bilan.desk_documents import DOCUMENTS, written
from app.indicators.consolidated import consolidated
from app.organisations.guard import reserved_to
from app.organisations.roles import COORDINATEUR
from app.organisations.sessions import current_member
from app.web.current import database, today


def routes(parent: Blueprint) -> None:
    """Add the documents."""
    for kind in DOCUMENTS:
        parent.add_url_rule(
            f"/consolide/section.{kind}", view_func=section_consolidee, defaults={"kind": kind}
        )


@reserved_to(COORDINATEUR)
def section_consolidee(kind: str) -> Response:
    """Send the section of a fixed period, as the page that names it is read; none without a sum."""
    period = request.args.get("periode", "")
    try:
        shown = consolidated(database(), current_member().id, period, today())
    except ValueError:
        abort(404)
    if shown.period is None or not shown.adds_up:
        abort(404)
    content = written(consolidated_section(shown, today()), kind)
    name = f"bilan-consolide-{shown.period.written}.{kind}"
    return send_file(
        BytesIO(content), mimetype=DOCUMENTS[kind], as_attachment=True, download_name=name
    )
