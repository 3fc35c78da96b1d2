"""The shell: configuration, protections, headers, error pages, static files, French formats."""

from __future__ import annotations

from flask import Blueprint, Flask

from app.web import errors, headers, health, journal, pictograms, protection, static, typography


def init_app(app: Flask) -> None:
    """Give the application its shell; it must hold its settings and keys already."""
    journal.init_app(app)
    protection.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    shell = Blueprint("web", __name__, template_folder="templates")
    health.routes(shell)
    static.routes(shell)
    app.register_blueprint(shell)
    app.jinja_env.add_extension(typography.FrenchSpacing)
    app.jinja_env.filters.update(typography.FILTERS)
    app.jinja_env.globals.update(
        static_url=static.static_url, icon=pictograms.icon, symbols=pictograms.symbols
    )
