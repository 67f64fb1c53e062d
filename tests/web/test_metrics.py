"""The figures are there under the promised names, and private."""

from pathlib import Path

import pytest
from flask import Flask

from consent.web import metrics, problems

LOCAL, ELSEWHERE = {"REMOTE_ADDR": "127.0.0.1"}, {"REMOTE_ADDR": "192.0.2.7"}


def site(token: str | None) -> Flask:
    made = Flask("x", static_folder=None)
    problems.init_app(made)
    made.register_blueprint(metrics.blueprint(token))
    return made


def test_the_promised_figures_exist() -> None:
    metrics.DECISION_DENY.inc()
    text = site(None).test_client().get("/metrics", environ_overrides=LOCAL).text
    for name in (
        "consent_stop_to_block_seconds_bucket",
        "\nconsent_sent_after_revocation_total ",
        "consent_unsealed_age_seconds",
        "consent_spool_age_seconds",
        'consent_decisions_total{answer="deny"}',
        'consent_decisions_total{answer="allow"}',
    ):
        assert name in text


def test_an_age_is_asked_when_it_is_read() -> None:
    ages = iter([3.0, 7.0])
    metrics.SPOOL_AGE_SECONDS.set_function(lambda: next(ages))
    try:
        assert b"consent_spool_age_seconds 3.0" in metrics.exposition()
        assert b"consent_spool_age_seconds 7.0" in metrics.exposition()
    finally:
        metrics.SPOOL_AGE_SECONDS.set_function(lambda: 0.0)


@pytest.mark.parametrize(
    ("token", "caller", "headers", "status"),
    [
        (None, LOCAL, {}, 200),
        (None, {"REMOTE_ADDR": "::1"}, {}, 200),
        (None, ELSEWHERE, {}, 404),
        (None, {"REMOTE_ADDR": ""}, {}, 404),
        (None, LOCAL, {"X-Forwarded-For": "192.0.2.7"}, 404),
        (None, LOCAL, {"Forwarded": "for=192.0.2.7"}, 404),
        ("secret", ELSEWHERE, {"Authorization": "Bearer secret"}, 200),
        ("secret", LOCAL, {}, 404),
        ("secret", LOCAL, {"Authorization": "Bearer other"}, 404),
        ("secret", ELSEWHERE, {"Authorization": "Bearer \xe9"}, 404),
    ],
)
def test_only_a_neighbour_or_the_token_opens_the_page(
    token: str | None, caller: dict[str, str], headers: dict[str, str], status: int
) -> None:
    answer = site(token).test_client().get("/metrics", environ_overrides=caller, headers=headers)
    assert answer.status_code == status


def test_ages_are_told_where_processes_share_their_counters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    metrics.SPOOL_AGE_SECONDS.set_function(lambda: 41.0)
    try:
        assert b"consent_spool_age_seconds 41.0" in metrics.exposition()
    finally:
        metrics.SPOOL_AGE_SECONDS.set_function(lambda: 0.0)
