"""Run the migrations on the connection that `app.db.migrate` hands over."""

from __future__ import annotations

from alembic import context

import app.bilan.models
import app.campaigns.models
import app.indicators.models
import app.media.models
import app.organisations.models
import app.partners.models
import app.responses.models
import app.testimonies.models  # noqa: F401  (the tables of every room, to compare them with)
from app.db import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    # SQLite does roll back its DDL, once BEGIN is ours and not the driver's.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
