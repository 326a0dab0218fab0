"""python -m chatapp.configuration env | readme | write: print the table of settings.

`env` prints `.env.example`, `readme` the README's table; `write` brings both files in step.
"""

import sys

from chatapp.configuration import BASE_DIR, printing


def main(what: str) -> None:
    if what == "env":
        sys.stdout.write(printing.env_example())
    elif what == "readme":
        sys.stdout.write(printing.readme_table())
    elif what == "write":
        printing.write(BASE_DIR)
    else:
        raise SystemExit("python -m chatapp.configuration env | readme | write")


if __name__ == "__main__":
    main("".join(sys.argv[1:]))
