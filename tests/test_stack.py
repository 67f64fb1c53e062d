"""The stack is what it says: every table SQLModel, every API body marshmallow, one document that is valid."""

import ast
from pathlib import Path

import marshmallow as ma
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator
from sqlmodel import SQLModel

from consent import tables  # noqa: F401  (the complete metadata)
from tests.support.databases import ON_SQLITE

ROOT = Path(__file__).resolve().parents[1]


def _below(kind: type[SQLModel]) -> set[type[SQLModel]]:
    return {kind} | {deeper for child in kind.__subclasses__() for deeper in _below(child)}


def test_every_table_is_a_sqlmodel_class() -> None:
    ours = {one.__tablename__ for one in _below(SQLModel) if hasattr(one, "__table__")}
    assert ours == set(SQLModel.metadata.tables)
    assert len(ours) > 20


def test_no_table_is_made_past_the_models() -> None:
    """Tables of other companies' systems are read from their own catalogue, and are not ours."""
    made = []
    for path in (ROOT / "consent").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("sa.Table", "sqlalchemy.Table"):
                made.append(path.relative_to(ROOT / "consent").as_posix())
    assert made == ["gateways/stores/sql.py"]


def test_every_table_of_an_organization_starts_its_key_with_it() -> None:
    for table in SQLModel.metadata.tables.values():
        assert next(iter(table.primary_key.columns)).name == "organization_id", table.name


@ON_SQLITE
def test_every_body_of_the_api_is_a_marshmallow_schema(app: Flask, client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").get_json()
    known = {name for name, kind in _schemas().items() if issubclass(kind, ma.Schema)}
    posts = 0
    for path, item in document["paths"].items():
        for verb in ("post", "put", "patch"):
            if verb not in item:
                continue
            posts += 1
            bodies = item[verb].get("requestBody", {"content": {}})["content"]
            if "application/json" not in bodies:  # a file, read as it comes
                continue
            name = bodies["application/json"]["schema"]["$ref"].rpartition("/")[2]
            assert name in known or f"{name}Schema" in known, path
    assert posts >= 3


@ON_SQLITE
def test_the_document_is_valid_and_describes_every_door_behind_a_key(app: Flask, client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    described = set(document["paths"])
    doors = {
        rule.rule.replace("<uuid:", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
    }
    assert described == doors


@ON_SQLITE
def test_every_post_says_that_it_takes_an_idempotency_key(app: Flask, client: FlaskClient) -> None:
    text = client.get("/api/openapi.json").get_json()
    for path, item in text["paths"].items():
        if "post" in item:
            named = str(item["post"].get("parameters")) + str(item.get("parameters"))
            assert "idempotency" in named.lower(), path


def _schemas() -> dict[str, type[ma.Schema]]:
    found: dict[str, type[ma.Schema]] = {}
    waiting: list[type[ma.Schema]] = [ma.Schema]
    while waiting:
        for child in waiting.pop().__subclasses__():
            found[child.__name__] = child
            waiting.append(child)
    return found
