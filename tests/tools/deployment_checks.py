"""python -m tests.tools.deployment_checks: what Django itself can check, each in a process of its own."""

import os
import subprocess
import sys
import tempfile

CHECKS: tuple[tuple[str, dict[str, str]], ...] = (
    ("makemigrations --check --dry-run", {}),
    ("check --deploy --fail-level WARNING", {"HTTPS": "true", "ALLOWED_HOSTS": "rapport.example"}),
    ("collectstatic --noinput --verbosity 0", {}),
)


def main() -> int:
    """How many failed; a fresh VAR_DIR and no .env, so that nobody's settings decide."""
    with tempfile.TemporaryDirectory(prefix="rapport-check-") as var_dir:
        own = {"ENV_FILE": os.devnull, "VAR_DIR": var_dir, "DATABASE_URL": ""}
        return sum(_fails(command, os.environ | own | more) for command, more in CHECKS)


def _fails(command: str, environment: dict[str, str]) -> bool:
    print(f"manage.py {command}", flush=True)
    arguments = [sys.executable, "-W", "error", "manage.py", *command.split()]
    return subprocess.run(arguments, env=environment, check=False).returncode != 0


if __name__ == "__main__":
    sys.exit(main())
