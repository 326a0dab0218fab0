import subprocess
import sys

import pytest


@pytest.mark.parametrize("heavy", ["django", "openai", "httpx2"])
def test_importing_helicone_does_not_import(heavy):
    program = f"import sys, helicone; sys.exit({heavy!r} in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_every_public_name_is_there_and_sorted():
    import helicone

    assert all(hasattr(helicone, name) for name in helicone.__all__)
    kinds = [(not n.isupper(), n[0].islower(), n) for n in helicone.__all__]
    assert kinds == sorted(kinds)
