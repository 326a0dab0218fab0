"""Every pinned distribution has a row in docs/dependencies.md, a hash, and a licence that fits."""

import json
import re
from importlib.metadata import Distribution, distribution

import pytest

from tests.architecture.documented import ROOT
from tests.tools.audit import verdict

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==(\S+)", re.MULTILINE)
ROW = re.compile(r"^\| ([A-Za-z0-9._-]+) \| ([A-Za-z0-9. -]+) \| (\S.*) \|$", re.MULTILINE)
LICENCES = {"MIT", "MIT-0", "MIT-CMU", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0"}
# Of libraries that stay libraries of their own, unchanged.
LICENCES |= {"LGPL-3.0-only", "MPL-2.0"}
# Names for the same licence in metadata older than License-Expression.
OLD_NAMES = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "BSD": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "3-Clause BSD License": "BSD-3-Clause",
    "Copyright (c) 2018 Yubico AB": "BSD-2-Clause",  # the first line of the licence itself
}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(file: str) -> dict[str, str]:
    found = PIN.findall((ROOT / file).read_text("utf-8"))
    return {canonical(name): version for name, version in found}


ROWS = {
    canonical(name): licence
    for name, licence, _ in ROW.findall((ROOT / "docs" / "dependencies.md").read_text("utf-8"))
    if name != "Distribution"
}
PINS = pins("requirements.txt")


def licence_of(found: Distribution) -> str:
    """The licence as its metadata has it: new, old, or as a classifier."""
    metadata = found.metadata
    classifiers = metadata.get_all("Classifier") or []
    named = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License ::")]
    told: str = metadata["License-Expression"] or metadata["License"] or " AND ".join(named)
    return OLD_NAMES.get(told.partition("\n")[0], told)


def test_every_pin_has_a_row_and_every_row_a_pin():
    assert len(PINS) > 50
    assert sorted(ROWS) == sorted(PINS)


def test_what_the_site_asks_for_is_pinned_with_the_same_version():
    asked = pins("requirements.in")
    assert asked
    assert {name: PINS.get(name) for name in asked} == asked


@pytest.mark.parametrize("name", sorted(PINS))
def test_the_licence_is_the_distribution_s_own_and_fits(name):
    licence = licence_of(distribution(name))
    assert ROWS[name] == licence
    assert set(re.split(r" (?:AND|OR) ", licence)) <= LICENCES


def test_every_pin_has_hashes():
    text = (ROOT / "requirements.txt").read_text("utf-8")
    for block in re.split(r"\n(?=\S)", text):
        if PIN.match(block):
            assert re.search(r"\n    --hash=sha256:[0-9a-f]{64}( \\)?(\n|$)", block), block[:60]


FOUND = {"name": "django", "version": "5.2.19"}
SKIPPED = {"name": "nh3", "skip_reason": "Dependency not found"}
FLAW = {"id": "PYSEC-1", "fix_versions": ["5.2.20"]}


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        ([FOUND | {"vulns": []}], 0, "No known vulnerability in 1 distributions."),
        ([FOUND | {"vulns": [FLAW]}], 1, "django 5.2.19: PYSEC-1, fixed in 5.2.20"),
        ([FOUND | {"vulns": []}, SKIPPED], 2, "Could not ask about 1 of 2 distributions."),
        ([SKIPPED], 2, "Could not ask about 1 of 1 distributions."),
        ([], 2, "Could not ask about 0 of 0 distributions."),
    ],
)
def test_an_audit_that_could_not_ask_says_so(answer, status, words):
    found, lines = verdict(json.dumps({"dependencies": answer}))
    assert found == status
    assert words in "\n".join(lines)


@pytest.mark.parametrize("answer", ["", "ERROR", "[]", "{}"])
def test_no_answer_is_not_a_good_one(answer):
    assert verdict(answer)[0] == 2
