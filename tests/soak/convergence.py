"""Ten thousand events over fifty numbers, on both databases: `python -m tests.soak.convergence`."""

import os
import subprocess
import sys

TEST = "tests/preferences/test_convergence.py::test_eight_threads_in_any_order_end_in_the_state_of_the_sorted_history"
EVENTS = 10_000


def main() -> int:
    """The test of `make test` with five times its events; its exit status."""
    environment = {**os.environ, "CONVERGING_EVENTS": str(EVENTS)}
    return subprocess.run([sys.executable, "-m", "pytest", "-q", TEST], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
