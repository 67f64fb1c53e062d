"""`consent sms messages`, as it is typed."""

import pytest
from click.testing import CliRunner

from consent.app import House
from consent.cli import main
from tests.support.twilio import Twilio
from tests.support.valley import Tenant

STOP, HELP = "SM" + "1" * 32, "SM" + "2" * 32


@pytest.mark.parametrize("named", [False, True])
def test_the_gateways_ids_of_stored_texts_are_listed_a_line_each(
    house: House, valley: Tenant, twilio: Twilio, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)
    twilio.text("STOP", sid=STOP)
    twilio.text("HELP", sid=HELP)
    twilio.text("HELP", sid=HELP)
    chosen = ["--organization", valley.slug] if named else []
    done = CliRunner().invoke(main, ["sms", "messages", "--ids", *chosen])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [STOP, HELP]
