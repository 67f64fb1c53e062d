"""Where the packs under test lie: the one place from which tests read them."""

import os
from pathlib import Path

# `make mutate-policies` puts a changed copy there.
POLICIES = Path(os.environ.get("CONSENT_TEST_POLICIES") or Path(__file__).resolve().parents[2] / "policies")
