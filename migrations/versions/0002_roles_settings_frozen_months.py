"""Make roles, settings, the access journal, proofs of purge, frozen months and their ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _complete_organisations()
    _make_tables_of_organisations()
    _make_tables_of_figures()
    _count_answers_fast()


def _complete_organisations() -> None:
    with op.batch_alter_table("organisation") as table:
        table.add_column(sa.Column("thresholds", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(
            sa.Column("journal_months", sa.Integer(), nullable=False, server_default="12")
        )
    with op.batch_alter_table("notice") as table:
        table.add_column(sa.Column("confirmed_on", sa.Date(), nullable=True))
    with op.batch_alter_table("lieu") as table:
        table.add_column(sa.Column("details", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("person") as table:
        table.alter_column("organisation_id", existing_type=sa.Uuid(), nullable=True)
        table.add_column(
            sa.Column("role", sa.String(length=20), nullable=False, server_default="responsable")
        )
        table.add_column(
            sa.Column("everywhere", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        table.add_column(sa.Column("last_visit", sa.Date(), nullable=True))
        table.add_column(sa.Column("previous_visit", sa.Date(), nullable=True))
        table.create_check_constraint(
            op.f("ck_person_role_and_organisation"),
            "(organisation_id IS NOT NULL) = (role IN ('responsable', 'mediateur'))",
        )
    _forget_the_values_of_the_move()


def _forget_the_values_of_the_move() -> None:
    """Leave defaults to the models: the ones above only filled the rows that were there."""
    moved = {
        "organisation": ("thresholds", "journal_months"),
        "lieu": ("details",),
        "person": ("role", "everywhere"),
    }
    for name, columns in moved.items():
        with op.batch_alter_table(name) as table:
            for column in columns:
                table.alter_column(column, server_default=None)


def _make_tables_of_organisations() -> None:
    op.create_table(
        "logo",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_logo_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_logo")),
    )
    op.create_table(
        "person_lieu",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("lieu_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["lieu_id"], ["lieu.id"], name=op.f("fk_person_lieu_lieu_id_lieu")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_lieu_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "lieu_id", name=op.f("pk_person_lieu")),
    )
    op.create_table(
        "coordination",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_coordination_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_coordination_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "organisation_id", name=op.f("pk_coordination")),
    )
    op.create_table(
        "access_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=30), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_access_event_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_access_event_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_event")),
        sa.UniqueConstraint(
            "organisation_id",
            "person_id",
            "act",
            "about",
            "at",
            name=op.f("uq_access_event_organisation_id_person_id_act_about_at"),
        ),
    )
    op.create_index(op.f("ix_access_event_organisation_id"), "access_event", ["organisation_id"])


def _make_tables_of_figures() -> None:
    op.create_table(
        "purge_proof",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("purged_on", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_purge_proof_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "category", "month", "purged_on", name=op.f("pk_purge_proof")
        ),
    )
    op.create_table(
        "frozen_month",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("frozen_on", sa.Date(), nullable=False),
        sa.Column("frozen_by", sa.Uuid(), nullable=True),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("members", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["frozen_by"], ["person.id"], name=op.f("fk_frozen_month_frozen_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_frozen_month_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "month", name=op.f("pk_frozen_month")),
    )
    op.create_table(
        "frozen_tally",
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("measure", sa.String(length=32), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(length=60), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_frozen_tally_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["version"],
            ["published_version.version"],
            name=op.f("fk_frozen_tally_version_published_version"),
        ),
        sa.PrimaryKeyConstraint(
            "scope_id", "month", "measure", "version", name=op.f("pk_frozen_tally")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_frozen_tally_organisation_id"), "frozen_tally", ["organisation_id"])
    op.create_table(
        "publication",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.String(length=32), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("first_month", sa.String(length=7), nullable=False),
        sa.Column("last_month", sa.String(length=7), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_publication_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id",
            "measure",
            "scope_id",
            "first_month",
            "last_month",
            name=op.f("pk_publication"),
        ),
    )


def _count_answers_fast() -> None:
    op.add_column(
        "response",
        sa.Column("commented", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    response, text = sa.table("response", sa.column("id"), sa.column("commented")), "response_text"
    commenting = sa.select(sa.table(text, sa.column("response_id")).c.response_id)
    op.execute(sa.update(response).where(response.c.id.in_(commenting)).values(commented=sa.true()))
    op.drop_index("ix_response_organisation_id_day", "response")
    op.create_index(
        "ix_response_organisation_id_day_link_id_commented",
        "response",
        ["organisation_id", "day", "link_id", "commented"],
    )
    op.drop_index("ix_rollup_organisation_id", "rollup")
    op.create_index(
        "ix_rollup_organisation_id_measure_scope_id_month",
        "rollup",
        ["organisation_id", "measure", "scope_id", "month"],
    )
