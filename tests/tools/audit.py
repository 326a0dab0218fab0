"""python -m tests.tools.audit: ask PyPI whether any pinned distribution has a known vulnerability.

Exit status 0: none is known. 1: some are, listed. 2: not all could be asked about, so that nothing
is known; offline, for one.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
VENV, TOOLS = ROOT / ".venv-pins", ROOT / "requirements-pins.txt"
SECONDS = 300.0
ARGUMENTS = ["--disable-pip", "--require-hashes", "--format=json", "--progress-spinner=off"]


def install() -> str:
    """Install pip-audit once; returns why it could not be, or an empty string."""
    if (VENV / "bin" / "pip-audit").exists():
        return ""
    make = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--retries=1"]
    pip += ["--disable-pip-version-check", "-r", str(TOOLS)]
    try:
        subprocess.run(make, check=True, timeout=SECONDS)
        subprocess.run(pip, check=True, timeout=SECONDS, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError) as error:
        return f"pip-audit could not be installed: {type(error).__name__}."
    return ""


def verdict(answer: str) -> tuple[int, list[str]]:
    """The exit status and the lines to print for what pip-audit answered, as JSON."""
    try:
        found: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, LookupError, TypeError):
        return 2, ["Could not ask for known vulnerabilities: no answer. Nothing is known."]
    bad = [
        f"{each['name']} {each['version']}: {one['id']}, fixed in "
        f"{', '.join(one['fix_versions']) or 'no version yet'}"
        for each in found
        for one in each.get("vulns", [])
    ]
    asked = [each for each in found if "skip_reason" not in each]
    if bad:
        return 1, [*bad, f"{len(bad)} known vulnerabilities."]
    if not found or len(asked) < len(found):
        missing = len(found) - len(asked)
        return 2, [
            f"Could not ask about {missing} of {len(found)} distributions. Nothing is known."
        ]
    return 0, [f"No known vulnerability in {len(asked)} distributions."]


def main() -> int:
    if why := install():
        print(why, "Nothing is known.")
        return 2
    pins = ["--requirement", str(ROOT / "requirements.txt")]
    command = [str(VENV / "bin" / "pip-audit"), *ARGUMENTS, *pins]
    try:
        done = subprocess.run(
            command, check=False, timeout=SECONDS, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        print(f"Could not ask for known vulnerabilities within {SECONDS:.0f} s. Nothing is known.")
        return 2
    status, lines = verdict(done.stdout.decode())
    print(*lines, sep="\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
