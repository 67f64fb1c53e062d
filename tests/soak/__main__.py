"""`python -m tests.soak`: every long run, or those named; the status is 1 when one of them finds something."""

import subprocess
import sys
from pathlib import Path

ALL = sorted(one.stem for one in Path(__file__).parent.glob("*.py") if not one.stem.startswith(("_", "test_")))


def main() -> int:
    """Each in a process of its own, so that what one leaves behind tells nothing about the next."""
    named = sys.argv[1:] or ALL
    if unknown := [one for one in named if one not in ALL]:
        print(f"There is no such run: {', '.join(unknown)}. There are: {', '.join(ALL)}")
        return 2
    failed = [one for one in named if subprocess.run([sys.executable, "-m", f"tests.soak.{one}"]).returncode]
    print(f"Found something: {', '.join(failed)}" if failed else "Nothing was found.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
