"""What the browser loads: the bundles, and what others wrote, unchanged."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

from chatapp.staticfiles import bundle

STATIC = Path(settings.BASE_DIR) / "static"


def test_vendored_files_are_what_was_published():
    sums = 0
    for listing in STATIC.glob("vendor/*/checksums.txt"):
        for line in listing.read_text().splitlines():
            if not line.startswith("#"):
                expected, name = line.split()
                content = (listing.parent / name).read_bytes()
                assert hashlib.sha256(content).hexdigest() == expected, name
                sums += 1
    files = [path for path in STATIC.glob("vendor/*/*") if path.name != "checksums.txt"]
    assert sums == len(files) > 0


def test_every_stylesheet_and_script_is_in_its_bundle_once():
    for folder, name in (("css", "site.css"), ("js", "site.js")):
        text = bundle(name)
        for path in (STATIC / folder).iterdir():
            assert text.count(path.read_text()) == 1, path.name


def test_the_order_of_the_layers_comes_first():
    assert bundle("site.css").startswith((STATIC / "css/layers.css").read_text())


def test_every_rule_is_in_a_layer_that_the_order_names():
    import re

    layers = (STATIC / "css/layers.css").read_text()
    for path in (STATIC / "css").glob("*.css"):
        if path.name != "layers.css":
            named = re.findall(r"^@layer (\w+) \{", path.read_text(), re.MULTILINE)
            assert named and all(name in layers for name in named), path.name


def test_a_bundle_is_made_anew_when_it_is_looked_for():
    for _ in range(2):
        found = finders.find("site.css")
        assert found and Path(found).read_text() == bundle("site.css")
        Path(found).write_text("old")


def test_each_script_is_short():
    for path in (STATIC / "js").glob("*.js"):
        assert len(path.read_text().splitlines()) < 100, path.name
