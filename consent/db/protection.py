"""What the database itself refuses: rows of another organization, and changes to what is append-only.

Tables say it in their `info`: `protection` is `append_only` or `no_update`; `row_security` is `tenant` (the
default of every table with an organization), `public_read`, `door` (one more row may be read by whoever shows
its hash) or `none`. Migrations spell the same statements out; a test holds the two against each other.
"""

import sqlalchemy as sa

from consent.db.engine import SERVING_ROLE

OWN_ROWS = "organization_id = NULLIF(current_setting('app.organization', true), '')::uuid"
REFUSE = "consent_refuse_change"


def sqlite_triggers(table: sa.Table) -> dict[str, str]:
    """The triggers of a table on SQLite, by name."""
    verbs = {"append_only": ("UPDATE", "DELETE"), "no_update": ("UPDATE",)}.get(table.info.get("protection", ""), ())
    return {
        f"{table.name}_no_{verb.lower()}": (
            f"CREATE TRIGGER {table.name}_no_{verb.lower()} BEFORE {verb} ON {table.name}"
            f" BEGIN SELECT RAISE(ABORT, '{table.name} is append-only'); END"
        )
        for verb in verbs
    }


def postgresql_triggers(table: sa.Table) -> dict[str, str]:
    """The triggers of a table on PostgreSQL, by name."""
    verbs = {"append_only": "UPDATE OR DELETE", "no_update": "UPDATE"}.get(table.info.get("protection", ""))
    if verbs is None:
        return {}
    found = {
        f"{table.name}_no_change": (
            f"CREATE TRIGGER {table.name}_no_change BEFORE {verbs} ON {table.name}"
            f" FOR EACH ROW EXECUTE FUNCTION {REFUSE}()"
        )
    }
    if table.info["protection"] == "append_only":
        found[f"{table.name}_no_truncate"] = (
            f"CREATE TRIGGER {table.name}_no_truncate BEFORE TRUNCATE ON {table.name}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {REFUSE}()"
        )
    return found


def postgresql_policies(table: sa.Table) -> dict[str, str]:
    """The row security policies of a table, by name."""
    if "organization_id" not in table.columns:
        return {}
    kind = table.info.get("row_security", "tenant")
    name = table.name
    policies = {f"{name}_own": f"CREATE POLICY {name}_own ON {name} USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS})"}
    if kind == "public_read":
        policies[f"{name}_public"] = f"CREATE POLICY {name}_public ON {name} FOR SELECT USING (true)"
    elif kind == "door":
        column = table.info["door_column"]
        shown = f"{column} = decode(NULLIF(current_setting('app.door', true), ''), 'hex')"
        policies[f"{name}_door"] = f"CREATE POLICY {name}_door ON {name} FOR SELECT USING ({shown})"
    return policies


def postgresql_grant(table: sa.Table) -> str:
    """What the serving role may do with a table."""
    verbs = {"append_only": "SELECT, INSERT", "no_update": "SELECT, INSERT, DELETE"}.get(
        table.info.get("protection", ""), "SELECT, INSERT, UPDATE, DELETE"
    )
    return f"GRANT {verbs} ON {table.name} TO {SERVING_ROLE}"
