"""The tables of the ledger, tenants, people, policies, preferences, texts and jobs, and what guards them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

APPEND_ONLY = (
    "erasure_journal",
    "ledger_anchor",
    "ledger_checkpoint",
    "ledger_checkpoint_sig",
    "ledger_event",
    "ledger_leaf",
    "ledger_tile",
    "wording",
)
NO_UPDATE = ("decision", "delivery_status", "inbound_conflict", "ledger_disclosure")
FREE = (
    "api_key",
    "contact_point",
    "gateway_account",
    "idempotency_key",
    "inbound",
    "job",
    "ledger_log",
    "ledger_pending",
    "organization",
    "organization_settings",
    "person",
    "policy_version",
    "preference",
    "stream_head",
    "stream_key",
)
DOORS = {"api_key": "key_hash", "gateway_account": "endpoint_hash"}
OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hint", sa.String(16), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("scopes", sa.String(1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(key_hash) = 32", name=op.f("ck_api_key_key_hash_length")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_key_key_hash")),
    )
    op.create_table(
        "contact_point",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("tag64", sa.BigInteger(), nullable=False),
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=True),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(tag) = 32", name=op.f("ck_contact_point_tag_length")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_contact_point")),
        sa.UniqueConstraint(
            "organization_id", "channel", "tag64", name=op.f("uq_contact_point_organization_id_channel_tag64")
        ),
    )
    op.create_table(
        "decision",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("about_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("program", sa.String(64), nullable=False),
        sa.Column("message_class", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("tag64", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("answer", sa.String(5), nullable=False),
        sa.Column("rulebook", sa.LargeBinary(), nullable=False),
        sa.Column("explained", sa.String(), nullable=False),
        sa.CheckConstraint("answer IN ('allow', 'deny')", name=op.f("ck_decision_answer")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_decision")),
    )
    op.create_table(
        "delivery_status",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("account_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("message_tag", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("error_code", sa.String(16), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id", "account_id", "message_tag", "status", name=op.f("pk_delivery_status")
        ),
    )
    op.create_table(
        "erasure_journal",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("stream_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("case_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "stream_id", "case_id", name=op.f("pk_erasure_journal")),
    )
    op.create_table(
        "gateway_account",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("endpoint_hash", sa.LargeBinary(), nullable=False),
        sa.Column("gateway", sa.String(32), nullable=False),
        sa.Column("can_send", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("sealed_settings", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(endpoint_hash) = 32", name=op.f("ck_gateway_account_endpoint_hash_length")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_gateway_account")),
        sa.UniqueConstraint("endpoint_hash", name=op.f("uq_gateway_account_endpoint_hash")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("key_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(key_hash) = 32", name=op.f("ck_idempotency_key_key_hash_length")),
        sa.CheckConstraint("length(request_hash) = 32", name=op.f("ck_idempotency_key_request_hash_length")),
        sa.PrimaryKeyConstraint("organization_id", "key_id", "key_hash", name=op.f("pk_idempotency_key")),
    )
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.create_index("ix_idempotency_key_age", ["organization_id", "created_at"], unique=False)

    op.create_table(
        "inbound",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("account_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("message_tag", sa.LargeBinary(), nullable=False),
        sa.Column("payload_tag", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("review", sa.String(4), nullable=False),
        sa.Column("event_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("contact_point_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("reply", sa.String(16), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("review IN ('none', 'open', 'done')", name=op.f("ck_inbound_review")),
        sa.PrimaryKeyConstraint("organization_id", "account_id", "message_tag", name=op.f("pk_inbound")),
    )
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.create_index(
            "ix_inbound_review",
            ["organization_id", "first_seen_at"],
            unique=False,
            sqlite_where=sa.text("review = 'open'"),
            postgresql_where=sa.text("review = 'open'"),
        )

    op.create_table(
        "inbound_conflict",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("account_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("message_tag", sa.LargeBinary(), nullable=False),
        sa.Column("payload_tag", sa.LargeBinary(), nullable=False),
        sa.Column("event_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id", "account_id", "message_tag", "payload_tag", name=op.f("pk_inbound_conflict")
        ),
    )
    op.create_table(
        "job",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("queue", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(48), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("unique_key", sa.String(120), nullable=True),
        sa.Column("contact_point_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.Column("program", sa.String(64), nullable=True),
        sa.Column("message_class", sa.String(64), nullable=True),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("locked_by", sa.String(80), nullable=True),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("last_error", sa.String(200), nullable=True),
        sa.Column("provider_tag", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('waiting', 'sent', 'done', 'cancelled', 'expired', 'refused', 'dead')",
            name=op.f("ck_job_outcome"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_job")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(
            "ix_job_contact",
            ["organization_id", "contact_point_id"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL AND program IS NOT NULL"),
            postgresql_where=sa.text("done_at IS NULL AND program IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_job_unique_key",
            ["organization_id", "unique_key"],
            unique=True,
            sqlite_where=sa.text("unique_key IS NOT NULL"),
            postgresql_where=sa.text("unique_key IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_job_due",
            ["organization_id", "queue", "run_at"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.create_table(
        "ledger_anchor",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("tree_size", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("obtained_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind IN ('rfc3161', 'ots', 'witness', 'mail')", name=op.f("ck_ledger_anchor_kind")),
        sa.PrimaryKeyConstraint(
            "organization_id", "log_id", "tree_size", "kind", "obtained_at", name=op.f("pk_ledger_anchor")
        ),
    )
    op.create_table(
        "ledger_checkpoint",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("tree_size", sa.BigInteger(), nullable=False),
        sa.Column("root_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(root_hash) = 32", name=op.f("ck_ledger_checkpoint_root_hash_length")),
        sa.PrimaryKeyConstraint("organization_id", "log_id", "tree_size", name=op.f("pk_ledger_checkpoint")),
        info={"protection": "append_only"},
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_checkpoint_sig",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("tree_size", sa.BigInteger(), nullable=False),
        sa.Column("key_id", sa.String(64), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id", "log_id", "tree_size", "key_id", name=op.f("pk_ledger_checkpoint_sig")
        ),
    )
    op.create_table(
        "ledger_disclosure",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("event_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "event_id", "name", name=op.f("pk_ledger_disclosure")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_event",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("event_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("stream_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("stream_seq", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(body) BETWEEN 2 AND 8192", name=op.f("ck_ledger_event_body_length")),
        sa.CheckConstraint("length(leaf_hash) = 32", name=op.f("ck_ledger_event_leaf_hash_length")),
        sa.CheckConstraint("stream_seq >= 1", name=op.f("ck_ledger_event_stream_seq")),
        sa.PrimaryKeyConstraint("organization_id", "event_id", name=op.f("pk_ledger_event")),
        sa.UniqueConstraint("organization_id", "leaf_hash", name=op.f("uq_ledger_event_organization_id_leaf_hash")),
        sa.UniqueConstraint(
            "organization_id",
            "log_id",
            "stream_id",
            "stream_seq",
            name=op.f("uq_ledger_event_organization_id_log_id_stream_id_stream_seq"),
        ),
    )
    op.create_table(
        "ledger_leaf",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("leaf_index", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(leaf_hash) = 32", name=op.f("ck_ledger_leaf_leaf_hash_length")),
        sa.PrimaryKeyConstraint("organization_id", "log_id", "leaf_index", name=op.f("pk_ledger_leaf")),
        sa.UniqueConstraint("organization_id", "event_id", name=op.f("uq_ledger_leaf_organization_id_event_id")),
        info={"protection": "append_only"},
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_log",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(255), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "log_id", name=op.f("pk_ledger_log")),
        sa.UniqueConstraint("origin", name=op.f("uq_ledger_log_origin")),
    )
    op.create_table(
        "ledger_pending",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("enqueued_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "log_id", "event_id", name=op.f("pk_ledger_pending")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_tile",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("tile_index", sa.BigInteger(), nullable=False),
        sa.Column("root_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(hashes) = 8192", name=op.f("ck_ledger_tile_hashes_length")),
        sa.CheckConstraint("length(root_hash) = 32", name=op.f("ck_ledger_tile_root_hash_length")),
        sa.PrimaryKeyConstraint("organization_id", "log_id", "level", "tile_index", name=op.f("pk_ledger_tile")),
    )
    op.create_table(
        "organization",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("slug", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_organization")),
        sa.UniqueConstraint("slug", name=op.f("uq_organization_slug")),
    )
    op.create_table(
        "organization_settings",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("toml", sa.String(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stream_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("event_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.CheckConstraint("length(sha256) = 32", name=op.f("ck_organization_settings_sha256_length")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_organization_settings")),
    )
    with op.batch_alter_table("organization_settings", schema=None) as batch_op:
        batch_op.create_index("ix_organization_settings_applied", ["organization_id", "applied_at"], unique=False)

    op.create_table(
        "person",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("reference_tag", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_reference", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(reference_tag) = 32", name=op.f("ck_person_reference_tag_length")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_person")),
        sa.UniqueConstraint("organization_id", "reference_tag", name=op.f("uq_person_organization_id_reference_tag")),
    )
    op.create_table(
        "policy_version",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("policy", sa.String(64), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("commitments_toml", sa.String(), nullable=False),
        sa.Column("text_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("commitments_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stream_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("event_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'announced', 'in_force', 'superseded')", name=op.f("ck_policy_version_status")
        ),
        sa.CheckConstraint("length(commitments_sha256) = 32", name=op.f("ck_policy_version_commitments_sha256_length")),
        sa.CheckConstraint("length(text_sha256) = 32", name=op.f("ck_policy_version_text_sha256_length")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_policy_version")),
        sa.UniqueConstraint(
            "organization_id", "policy", "version", name=op.f("uq_policy_version_organization_id_policy_version")
        ),
    )
    with op.batch_alter_table("policy_version", schema=None) as batch_op:
        batch_op.create_index(
            "ix_policy_version_effective", ["organization_id", "policy", "effective_at"], unique=False
        )

    op.create_table(
        "preference",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("tag64", sa.BigInteger(), nullable=False),
        sa.Column("program", sa.String(64), nullable=False),
        sa.Column("person_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("contact_point_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("policy", sa.String(64), nullable=False),
        sa.Column("policy_version", sa.String(32), nullable=False),
        sa.Column("sender", sa.String(64), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state IN ('given', 'refused', 'withdrawn', 'expired')", name=op.f("ck_preference_state")),
        sa.PrimaryKeyConstraint(
            "organization_id", "channel", "tag64", "program", "person_id", name=op.f("pk_preference")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stream_head",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("stream_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.Column("last_occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "stream_id", name=op.f("pk_stream_head")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stream_key",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("stream_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "stream_id", name=op.f("pk_stream_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "wording",
        sa.Column("organization_id", sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(sha256) = 32", name=op.f("ck_wording_sha256_length")),
        sa.PrimaryKeyConstraint("organization_id", "sha256", "language", name=op.f("pk_wording")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _guard_sqlite() -> None:
    for table, verbs in [(t, ("UPDATE", "DELETE")) for t in APPEND_ONLY] + [(t, ("UPDATE",)) for t in NO_UPDATE]:
        for verb in verbs:
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _guard_postgresql() -> None:
    op.execute(
        "DO $$ BEGIN CREATE ROLE consent_serving NOLOGIN NOBYPASSRLS;"
        " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    )
    op.execute(
        "DO $$ BEGIN IF NOT pg_has_role(current_user, 'consent_serving', 'MEMBER') THEN"
        " EXECUTE format('GRANT consent_serving TO %I', current_user); END IF; END $$"
    )
    op.execute(
        "CREATE FUNCTION consent_refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        _refuse(table, "UPDATE OR DELETE")
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION consent_refuse_change()"
        )
        op.execute(f"GRANT SELECT, INSERT ON {table} TO consent_serving")
    for table in NO_UPDATE:
        _refuse(table, "UPDATE")
        op.execute(f"GRANT SELECT, INSERT, DELETE ON {table} TO consent_serving")
    for table in FREE:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO consent_serving")
    op.execute("GRANT SELECT ON alembic_version TO consent_serving")
    for table in (*APPEND_ONLY, *NO_UPDATE, *FREE):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_own ON {table} USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})")
    op.execute("CREATE POLICY organization_public ON organization FOR SELECT USING (true)")
    for table, column in DOORS.items():
        shown = f"{column} = decode(NULLIF(current_setting('app.door', true), ''), 'hex')"
        op.execute(f"CREATE POLICY {table}_door ON {table} FOR SELECT USING ({shown})")


def _refuse(table: str, verbs: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE {verbs} ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION consent_refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("wording")
    op.drop_table("stream_key")
    op.drop_table("stream_head")
    op.drop_table("preference")
    with op.batch_alter_table("policy_version", schema=None) as batch_op:
        batch_op.drop_index("ix_policy_version_effective")

    op.drop_table("policy_version")
    op.drop_table("person")
    with op.batch_alter_table("organization_settings", schema=None) as batch_op:
        batch_op.drop_index("ix_organization_settings_applied")

    op.drop_table("organization_settings")
    op.drop_table("organization")
    op.drop_table("ledger_tile")
    op.drop_table("ledger_pending")
    op.drop_table("ledger_log")
    op.drop_table("ledger_leaf")
    op.drop_table("ledger_event")
    op.drop_table("ledger_disclosure")
    op.drop_table("ledger_checkpoint_sig")
    op.drop_table("ledger_checkpoint")
    op.drop_table("ledger_anchor")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_job_due", sqlite_where=sa.text("done_at IS NULL"), postgresql_where=sa.text("done_at IS NULL")
        )
        batch_op.drop_index("ix_job_contact")
        batch_op.drop_index("uq_job_unique_key")

    op.drop_table("job")
    op.drop_table("inbound_conflict")
    with op.batch_alter_table("inbound", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_inbound_review", sqlite_where=sa.text("review = 'open'"), postgresql_where=sa.text("review = 'open'")
        )

    op.drop_table("inbound")
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.drop_index("ix_idempotency_key_age")

    op.drop_table("idempotency_key")
    op.drop_table("gateway_account")
    op.drop_table("erasure_journal")
    op.drop_table("delivery_status")
    op.drop_table("decision")
    op.drop_table("contact_point")
    op.drop_table("api_key")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION consent_refuse_change()")
