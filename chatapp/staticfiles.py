"""Static files finder that bundles all stylesheets and all scripts into one file each."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage, Storage

from chatapp.io.files import write_whole

# `layers.css` names the order of the cascade, so that the order of the others doesn't matter.
# htmx begins as soon as it is loaded: an extension that comes later would miss the page's streams,
# and without the policy nothing could be swapped.
BUNDLES = {
    "site.css": ("css/layers.css", "css/*.css"),
    "site.js": ("js/*.js",),
    "htmx.js": (
        "vendor/htmx-*/htmx.min.js",
        "vendor/htmx-*/hx-sse.min.js",
        "htmx/trusted_types.js",
    ),
}


def bundle(name: str) -> str:
    """The text of a bundle: its files concatenated, each once."""
    root = Path(settings.BASE_DIR) / "static"
    parts = dict.fromkeys(path for glob in BUNDLES[name] for path in sorted(root.glob(glob)))
    return "\n".join(path.read_text("utf-8") for path in parts)


class BundleFinder(BaseFinder):
    """Rebuilds the bundles whenever they are requested: by `collectstatic` or the development
    server. No separate build step is needed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=Path(settings.VAR_DIR) / "bundles")

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return []

    def write(self, name: str) -> str:
        path = Path(self.storage.path(name))
        text = bundle(name)
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text.encode())
        return str(path)

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path not in BUNDLES:
            return []
        return [self.write(path)] if find_all else self.write(path)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for name in BUNDLES:
            self.write(name)
            yield name, self.storage
