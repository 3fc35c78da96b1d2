"""Make testimonies with their consents and quotes, media and their work, partners, declarations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_tables_of_media()
    _make_tables_of_partners()
    _make_tables_of_testimonies()
    _make_tables_of_consents()
    _make_tables_of_quotes()
    _make_the_table_of_harmless_changes()


def _make_tables_of_media() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_job_kind_subject_id")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_job_due_at", "job", ["due_at"])
    op.create_table(
        "media_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("announced", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("original", sa.String(length=40), nullable=False),
        sa.Column("playable", sa.String(length=40), nullable=False),
        sa.Column("poster", sa.String(length=40), nullable=False),
        sa.Column("content_type", sa.String(length=40), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_media_file_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_file")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_media_file_organisation_id"), "media_file", ["organisation_id"])


def _make_tables_of_partners() -> None:
    op.create_table(
        "partner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("contact_name", sa.String(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_partner_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint(
            "organisation_id", "name", name=op.f("uq_partner_organisation_id_name")
        ),
    )
    op.create_index(op.f("ix_partner_organisation_id"), "partner", ["organisation_id"])
    op.create_table(
        "partner_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["link_id"], ["link.id"], name=op.f("fk_partner_invitation_link_id_link")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_partner_invitation_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_partner_invitation_partner_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["response.id"],
            name=op.f("fk_partner_invitation_response_id_response"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_invitation")),
        sa.UniqueConstraint(
            "partner_id", "link_id", name=op.f("uq_partner_invitation_partner_id_link_id")
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_partner_invitation_token_hash")),
    )
    op.create_index(
        op.f("ix_partner_invitation_organisation_id"), "partner_invitation", ["organisation_id"]
    )
    op.create_index(
        op.f("ix_partner_invitation_response_id"), "partner_invitation", ["response_id"]
    )


def _make_tables_of_testimonies() -> None:
    op.create_table(
        "testimony",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("lieu_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("capacity", sa.String(length=10), nullable=True),
        sa.Column("age_band", sa.String(length=30), nullable=True),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("reread_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["lieu_id"], ["lieu.id"], name=op.f("fk_testimony_lieu_id_lieu")),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_testimony_link_id_link")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_testimony_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_testimony_partner_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_testimony_written_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_testimony")),
        sa.UniqueConstraint(
            "organisation_id",
            "idempotency_key",
            name=op.f("uq_testimony_organisation_id_idempotency_key"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_testimony_organisation_id_status_day", "testimony", ["organisation_id", "status", "day"]
    )
    op.create_table(
        "testimony_text",
        sa.Column("testimony_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["testimony_id"],
            ["testimony.id"],
            name=op.f("fk_testimony_text_testimony_id_testimony"),
        ),
        sa.PrimaryKeyConstraint("testimony_id", "part", name=op.f("pk_testimony_text")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "testimony_receipt",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("testimony_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["testimony_id"],
            ["testimony.id"],
            name=op.f("fk_testimony_receipt_testimony_id_testimony"),
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_testimony_receipt")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_testimony_receipt_testimony_id"), "testimony_receipt", ["testimony_id"]
    )
    op.create_table(
        "testimony_media",
        sa.Column("media_id", sa.Uuid(), nullable=False),
        sa.Column("testimony_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media_file.id"], name=op.f("fk_testimony_media_media_id_media_file")
        ),
        sa.ForeignKeyConstraint(
            ["testimony_id"],
            ["testimony.id"],
            name=op.f("fk_testimony_media_testimony_id_testimony"),
        ),
        sa.PrimaryKeyConstraint("media_id", name=op.f("pk_testimony_media")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_testimony_media_testimony_id"), "testimony_media", ["testimony_id"])
    op.create_table(
        "testimony_tombstone",
        sa.Column("testimony_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("erased_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_testimony_tombstone_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("testimony_id", name=op.f("pk_testimony_tombstone")),
        sa.UniqueConstraint(
            "organisation_id",
            "idempotency_key",
            name=op.f("uq_testimony_tombstone_organisation_id_idempotency_key"),
        ),
        sqlite_with_rowid=False,
    )


def _make_tables_of_consents() -> None:
    op.create_table(
        "consent_text",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=15), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_consent_text")),
    )
    op.create_table(
        "consent",
        sa.Column("testimony_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.String(length=15), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=15), nullable=False),
        sa.Column("text_digest", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["noted_by"], ["person.id"], name=op.f("fk_consent_noted_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["testimony_id"], ["testimony.id"], name=op.f("fk_consent_testimony_id_testimony")
        ),
        sa.ForeignKeyConstraint(
            ["text_digest"],
            ["consent_text.digest"],
            name=op.f("fk_consent_text_digest_consent_text"),
        ),
        sa.PrimaryKeyConstraint("testimony_id", "scope", "revision", name=op.f("pk_consent")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "authorisation",
        sa.Column("testimony_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.String(length=10), nullable=False),
        sa.Column("not_needed", sa.Boolean(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["noted_by"], ["person.id"], name=op.f("fk_authorisation_noted_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["testimony_id"], ["testimony.id"], name=op.f("fk_authorisation_testimony_id_testimony")
        ),
        sa.PrimaryKeyConstraint("testimony_id", "slot", name=op.f("pk_authorisation")),
        sqlite_with_rowid=False,
    )


def _make_tables_of_quotes() -> None:
    op.create_table(
        "testimony_label",
        sa.Column("testimony_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(length=30), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_testimony_label_decided_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["testimony_id"],
            ["testimony.id"],
            name=op.f("fk_testimony_label_testimony_id_testimony"),
        ),
        sa.PrimaryKeyConstraint("testimony_id", "criterion", name=op.f("pk_testimony_label")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "quote",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("testimony_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(length=30), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_quote_made_by_person")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_quote_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["testimony_id"], ["testimony.id"], name=op.f("fk_quote_testimony_id_testimony")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_quote_organisation_id"), "quote", ["organisation_id"])
    op.create_index(op.f("ix_quote_testimony_id"), "quote", ["testimony_id"])
    op.create_table(
        "quote_use",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("testimony_id", sa.Uuid(), nullable=False),
        sa.Column("quote_id", sa.Uuid(), nullable=True),
        sa.Column("scope", sa.String(length=15), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("is_printed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["noted_by"], ["person.id"], name=op.f("fk_quote_use_noted_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_quote_use_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_use")),
    )
    op.create_index(op.f("ix_quote_use_organisation_id"), "quote_use", ["organisation_id"])
    op.create_index(op.f("ix_quote_use_quote_id"), "quote_use", ["quote_id"])
    op.create_index(op.f("ix_quote_use_testimony_id"), "quote_use", ["testimony_id"])


def _make_the_table_of_harmless_changes() -> None:
    op.create_table(
        "harmless_change",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("earlier_key", sa.String(length=32), nullable=False),
        sa.Column("later_key", sa.String(length=32), nullable=False),
        sa.Column("indicator", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("declared_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["declared_by"], ["person.id"], name=op.f("fk_harmless_change_declared_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_harmless_change_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "earlier_key", "later_key", name=op.f("pk_harmless_change")
        ),
    )
