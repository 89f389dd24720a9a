"""``planmodel`` and ``python -m planmodel``: the command, or a line that says what it lacks."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command; without the packages of the extra ``cli`` say so in a line, with status 2."""
    try:
        from planmodel.cli import main as command
    except ModuleNotFoundError as error:
        from planmodel.extras import EXTRA, missing

        if error.name not in EXTRA:
            raise
        print(f"error: {missing('the command', error.name)}", file=sys.stderr)
        sys.exit(2)
    command()


if __name__ == "__main__":
    main()
