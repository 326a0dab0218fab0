"""Images on the real site: past its limits of bodies, to the provider, and home in the download."""

import io
import time
import zipfile
from typing import Any

import pytest

from tests.fixtures.pictures import photograph, picture
from tests.resilience.visitor import ARTICLE, HTMX, Visitor
from tests.site_process import Site


def post(visitor: Visitor, path: str, *images: tuple[str, bytes], **form: str) -> Any:
    form["csrfmiddlewaretoken"] = visitor.http.cookies["csrftoken"]
    files = [("images", (name, data, "image/jpeg")) for name, data in images]
    return visitor.http.post(path, data=form, files=files, headers=HTMX)


@pytest.fixture
def visitor(site: Site, sandbox_server):
    sandbox_server.reset()
    with Visitor(site.url) as visitor:
        yield visitor


def noise(size: tuple[int, int]) -> bytes:
    """A JPEG that can't be made small, such as a photograph of a meadow."""
    import random

    from PIL import Image

    made = io.BytesIO()
    pixels = random.Random(1).randbytes(size[0] * size[1] * 3)
    Image.frombytes("RGB", size, pixels).save(made, "JPEG", quality=95)
    return made.getvalue()


def test_they_arrive_at_the_provider_as_they_were_made_anew(visitor, sandbox_server):
    images = ("side.jpg", photograph()), ("b.png", picture(size=(30, 20)))
    page = post(visitor, "/", *images, message="What is it? [[tokens=40]]")
    assert page.status_code == 200
    answer = ARTICLE.findall(page.text)[-1]
    assert "I see 2 images: WEBP 40x80, WEBP 30x20." in visitor.read(answer).message
    # The next question shows them again, and one more.
    conversation = page.headers["HX-Push-Url"]
    page = post(
        visitor, conversation, ("c.png", picture(size=(9, 9))), message="[[tokens=40]] And?"
    )
    again = visitor.read(ARTICLE.findall(page.text)[-1]).message
    assert "I see 3 images: WEBP 40x80, WEBP 30x20, WEBP 9x9." in again


def test_a_body_larger_than_any_text_is_read_where_it_carries_images(visitor, sandbox_server):
    large = noise((2400, 1600))
    assert 3_000_000 < len(large) < 10_000_000
    page = post(visitor, "/", ("a.jpg", large), ("b.jpg", large), message="Big [[tokens=20]]")
    assert page.status_code == 200, page.text
    assert "WEBP 2048x1365" in visitor.read(ARTICLE.findall(page.text)[-1]).message


def test_what_is_larger_than_all_images_together_is_refused_in_words(visitor):
    page = post(visitor, "/", ("a.jpg", bytes(46_000_000)), message="Too big")
    assert page.status_code == 413
    assert "fewer and smaller images" in page.text


def test_a_slow_upload_may_take_longer_than_a_text(start_site):
    """As long as it keeps a pace that a phone can keep; a text has its time and no more."""
    site = start_site(BODY_SECONDS="1")
    with Visitor(site.url) as visitor:
        token = visitor.http.cookies["csrftoken"]
        parts = {"csrfmiddlewaretoken": token, "message": "Slow [[tokens=20]]"}
        request = visitor.http.build_request(
            "POST", "/", data=parts, files={"images": ("a.jpg", noise((400, 300)), "image/jpeg")}
        )
        body = request.read()
        assert len(body) > 100_000
        slowly = visitor.http.build_request(
            "POST", "/", content=dribbled(body), headers={**HTMX, **type_of(request)}
        )
        began = time.monotonic()
        assert visitor.http.send(slowly).status_code == 200
        assert time.monotonic() - began > 2


def type_of(request: Any) -> dict[str, str]:
    return {name: request.headers[name] for name in ("Content-Type", "Content-Length")}


def dribbled(body: bytes) -> Any:
    """In ten pieces within 2.5 seconds."""
    step = -(-len(body) // 10)
    for start in range(0, len(body), step):
        time.sleep(0.25)
        yield body[start : start + step]


def test_no_address_leads_to_the_files_but_the_one_that_asks_who_reads(visitor, site):
    page = post(visitor, "/", ("a.png", picture()), message="Mine [[tokens=5]]")
    question = visitor.page(page.headers["HX-Push-Url"]).split('id="m-')[1][:36]
    assert visitor.http.get(f"/m/{question}/images/1/").status_code == 200
    (file,) = [path for path in (site.var / "media").rglob("*.webp") if path.stat().st_size < 1000][
        -1:
    ]
    inside = file.relative_to(site.var)
    for path in (f"/{inside}", f"/static/../{inside}", f"/static/{inside}", f"/media/{file.name}"):
        assert visitor.http.get(path).status_code == 404
    with Visitor(site.url) as stranger:
        assert stranger.http.get(f"/m/{question}/images/1/").status_code == 404


def test_the_download_of_ones_own_data_has_them(visitor):
    page = post(visitor, "/", ("a.png", picture()), message="Mine [[tokens=5]]")
    visitor.read(ARTICLE.findall(page.text)[-1])
    data = visitor.http.get("/accounts/data/").content
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        (name,) = [name for name in file.namelist() if name.startswith("images/")]
        assert file.read(name)[8:12] == b"WEBP"
        assert name.split("/")[-1] in file.read("conversations.json").decode()
