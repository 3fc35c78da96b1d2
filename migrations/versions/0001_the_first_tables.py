"""Make the first tables of every room."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "published_version",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("questionnaire", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_published_version")),
    )
    op.create_index(
        op.f("ix_published_version_questionnaire"), "published_version", ["questionnaire"]
    )

    op.create_table(
        "lieu",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("commune", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_lieu_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lieu")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_lieu_organisation_id_name")),
    )
    op.create_index(op.f("ix_lieu_organisation_id"), "lieu", ["organisation_id"])

    op.create_table(
        "notice",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("readers", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("legal_basis", sa.String(), nullable=False),
        sa.Column("recipients", sa.String(), nullable=False),
        sa.Column("retention_years", sa.Integer(), nullable=False),
        sa.Column("rights_contact", sa.String(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_notice_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "revision", name=op.f("pk_notice")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_person_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_index(op.f("ix_person_organisation_id"), "person", ["organisation_id"])

    op.create_table(
        "published_translation",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("reviewed_by", sa.String(), nullable=True),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"],
            ["published_version.version"],
            name=op.f("fk_published_translation_version_published_version"),
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_published_translation")),
    )
    op.create_index(op.f("ix_published_translation_version"), "published_translation", ["version"])

    op.create_table(
        "rollup",
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
            name=op.f("fk_rollup_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["version"],
            ["published_version.version"],
            name=op.f("fk_rollup_version_published_version"),
        ),
        sa.PrimaryKeyConstraint("scope_id", "month", "measure", "version", name=op.f("pk_rollup")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_rollup_organisation_id"), "rollup", ["organisation_id"])

    op.create_table(
        "campaign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("lieu_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("form", sa.String(length=7), nullable=False),
        sa.Column("modules", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["lieu_id"], ["lieu.id"], name=op.f("fk_campaign_lieu_id_lieu")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_campaign_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["version"],
            ["published_version.version"],
            name=op.f("fk_campaign_version_published_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_index(op.f("ix_campaign_lieu_id"), "campaign", ["lieu_id"])
    op.create_index(op.f("ix_campaign_organisation_id"), "campaign", ["organisation_id"])

    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_invitation_person_id_person")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitation")),
    )
    op.create_table(
        "campaign_language",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("translation", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_language_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["translation"],
            ["published_translation.digest"],
            name=op.f("fk_campaign_language_translation_published_translation"),
        ),
        sa.PrimaryKeyConstraint("campaign_id", "language", name=op.f("pk_campaign_language")),
    )
    op.create_table(
        "card",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("card_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_card_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "card_hash", name=op.f("pk_card")),
    )
    op.create_table(
        "link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("door", sa.String(length=20), nullable=False),
        sa.Column("wave", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_link_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_link_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint(
            "campaign_id", "door", "wave", name=op.f("uq_link_campaign_id_door_wave")
        ),
        sa.UniqueConstraint("code", name=op.f("uq_link_code")),
    )
    op.create_index(op.f("ix_link_campaign_id"), "link", ["campaign_id"])
    op.create_index(op.f("ix_link_organisation_id"), "link", ["organisation_id"])

    op.create_table(
        "pair",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("card_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_pair_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_pair_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair")),
        sa.UniqueConstraint("campaign_id", "card_hash", name=op.f("uq_pair_campaign_id_card_hash")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_pair_organisation_id"), "pair", ["organisation_id"])

    op.create_table(
        "response",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("wave", sa.String(length=20), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("translation", sa.String(length=64), nullable=True),
        sa.Column("mode", sa.String(length=20), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("card_reused", sa.Boolean(), nullable=False),
        sa.Column("pair_id", sa.Uuid(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_response_link_id_link")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_response_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_response_pair_id_pair")),
        sa.ForeignKeyConstraint(
            ["translation"],
            ["published_translation.digest"],
            name=op.f("fk_response_translation_published_translation"),
        ),
        sa.ForeignKeyConstraint(
            ["version"],
            ["published_version.version"],
            name=op.f("fk_response_version_published_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint(
            "link_id", "idempotency_key", name=op.f("uq_response_link_id_idempotency_key")
        ),
        sa.UniqueConstraint("pair_id", "wave", name=op.f("uq_response_pair_id_wave")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_response_organisation_id_day", "response", ["organisation_id", "day"])

    op.create_table(
        "tombstone",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("erased_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_tombstone_link_id_link")),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_tombstone")),
        sa.UniqueConstraint(
            "link_id", "idempotency_key", name=op.f("uq_tombstone_link_id_idempotency_key")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pair_score",
        sa.Column("pair_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.String(length=32), nullable=False),
        sa.Column("indicator", sa.String(length=60), nullable=False),
        sa.Column("from_wave", sa.String(length=20), nullable=False),
        sa.Column("to_wave", sa.String(length=20), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("scoring_version", sa.Integer(), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=True),
        sa.Column("after", sa.BigInteger(), nullable=True),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_pair_score_pair_id_pair")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_pair_score_response_id_response")
        ),
        sa.PrimaryKeyConstraint("pair_id", "measure", name=op.f("pk_pair_score")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_pair_score_response_id"), "pair_score", ["response_id"])

    op.create_table(
        "receipt",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_receipt_response_id_response")
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_receipt")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_receipt_response_id"), "receipt", ["response_id"])

    op.create_table(
        "response_text",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=60), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_response_text_response_id_response")
        ),
        sa.PrimaryKeyConstraint("response_id", "item", name=op.f("pk_response_text")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "score",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.String(length=32), nullable=False),
        sa.Column("indicator", sa.String(length=60), nullable=False),
        sa.Column("scoring_version", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_score_response_id_response")
        ),
        sa.PrimaryKeyConstraint("response_id", "measure", name=op.f("pk_score")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "unrolled",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_unrolled_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_unrolled_response_id_response")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "response_id", name=op.f("pk_unrolled")),
        sqlite_with_rowid=False,
    )
