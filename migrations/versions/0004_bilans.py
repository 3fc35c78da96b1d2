"""Make bilans with their words, objectives and seals, and the number of accompanied people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_the_table_of_accompanied_people()
    _make_tables_of_bilans()


def _make_the_table_of_accompanied_people() -> None:
    op.create_table(
        "accompanied",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("first_month", sa.String(length=7), nullable=False),
        sa.Column("last_month", sa.String(length=7), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("supports", sa.Integer(), nullable=True),
        sa.Column("unnamed", sa.Integer(), nullable=False),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["noted_by"], ["person.id"], name=op.f("fk_accompanied_noted_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_accompanied_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "scope_id", "first_month", "last_month", name=op.f("pk_accompanied")
        ),
    )


def _make_tables_of_bilans() -> None:
    op.create_table(
        "bilan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("first_month", sa.String(length=7), nullable=False),
        sa.Column("last_month", sa.String(length=7), nullable=False),
        sa.Column("lieux", sa.JSON(), nullable=False),
        sa.Column("actions", sa.JSON(), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("testimonies_apart", sa.Boolean(), nullable=False),
        sa.Column("parts_order", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("quotes", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_bilan_made_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_bilan_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bilan")),
    )
    op.create_index(op.f("ix_bilan_organisation_id"), "bilan", ["organisation_id"])
    op.create_table(
        "bilan_text",
        sa.Column("bilan_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.String(length=120), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bilan_id"], ["bilan.id"], name=op.f("fk_bilan_text_bilan_id_bilan")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_bilan_text_written_by_person")
        ),
        sa.PrimaryKeyConstraint("bilan_id", "slot", name=op.f("pk_bilan_text")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "bilan_objective",
        sa.Column("bilan_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("indicator", sa.String(length=60), nullable=False),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["bilan_id"], ["bilan.id"], name=op.f("fk_bilan_objective_bilan_id_bilan")
        ),
        sa.PrimaryKeyConstraint("bilan_id", "rank", name=op.f("pk_bilan_objective")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "bilan_seal",
        sa.Column("bilan_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_on", sa.Date(), nullable=False),
        sa.Column("sealed_by", sa.Uuid(), nullable=False),
        sa.Column("last_month", sa.String(length=7), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["bilan_id"], ["bilan.id"], name=op.f("fk_bilan_seal_bilan_id_bilan")
        ),
        sa.ForeignKeyConstraint(
            ["sealed_by"], ["person.id"], name=op.f("fk_bilan_seal_sealed_by_person")
        ),
        sa.PrimaryKeyConstraint("bilan_id", name=op.f("pk_bilan_seal")),
    )
