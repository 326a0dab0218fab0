"""Requests with files: few have a thread, the others wait without one."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx2
import pytest

from chatapp.http.handler import SingleThreadASGIHandler
from chatapp.http.request_body import RequestBody
from chatapp.http.upload_queue import TooBusy, UploadQueue, has_files
from tests.fixtures.asgi import served
from tests.fixtures.patience import DEADLINE

PART = b'--x\r\nContent-Disposition: form-data; name="images"; %s\r\n\r\nabc\r\n--x--\r\n'


def body(content: bytes, is_form_with_files: bool = True) -> RequestBody:
    made = RequestBody(1_000_000, is_form_with_files)
    made.append(content)
    made.seek(0)
    return made


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PART % b'filename="a.png"', True),
        (PART % b"filename=a.png", True),
        (PART % b"FileName*=utf-8''a.png", True),
        (PART % b'filename=""', False),
        (PART % b'x="y"', False),
        (b"x" * 200_000, True),
        (b"", False),
    ],
)
def test_a_form_has_files_if_one_was_chosen(content, expected):
    with body(content) as sent:
        assert has_files(sent) == expected
        assert sent.read() == content


def test_what_is_no_form_with_files_has_none():
    with body(b'filename="a.png"', is_form_with_files=False) as sent:
        assert not has_files(sent)


@pytest.fixture
def picture() -> Iterator[RequestBody]:
    with body(PART % b'filename="a.png"') as sent:
        yield sent


@pytest.fixture
def text() -> Iterator[RequestBody]:
    with body(PART % b'filename=""') as sent:
        yield sent


@asynccontextmanager
async def full(queue: UploadQueue, picture: RequestBody) -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as places:
        for _ in range(2):
            await places.enter_async_context(queue.place(picture))
        yield places


async def test_a_third_waits_for_a_place_and_text_does_not(settings, picture, text):
    settings.IMAGES_AT_ONCE = 2
    queue, order = UploadQueue(), []

    async def third() -> None:
        async with queue.place(picture):
            order.append("third")

    async with full(queue, picture) as places:
        waiting = asyncio.create_task(third())
        async with queue.place(text):
            order.append("text")
        await asyncio.sleep(0)
        assert not waiting.done()
        await places.aclose()
        await waiting
    assert order == ["text", "third"]


async def test_what_waits_too_long_is_refused(settings, picture):
    settings.IMAGES_AT_ONCE = 2
    queue = UploadQueue(max_wait=0.01)
    async with full(queue, picture):
        with pytest.raises(TooBusy):
            async with queue.place(picture):
                pytest.fail("There was a third place.")
    async with full(queue, picture):
        pass  # both places are free again


GERMAN = [{"Accept-Language": "de"}, {"Accept-Language": "fr", "Cookie": "language=de"}]


@pytest.mark.parametrize("headers", GERMAN, ids=["browser", "chosen"])
def test_what_is_refused_is_told_in_the_person_s_language(settings, headers):
    settings.IMAGES_AT_ONCE = 0
    handler = SingleThreadASGIHandler()
    handler.uploads = UploadQueue(max_wait=0.01)
    files = [("images", ("a.png", b"abc", "image/png"))]
    with served(handler) as url:
        answer = httpx2.post(url, headers=headers, files=files, trust_env=False)
    assert answer.status_code == 503
    assert "zu viele Bilder" in answer.text


@pytest.mark.parametrize("headers", GERMAN, ids=["browser", "chosen"])
def test_what_arrives_too_slowly_is_told_in_the_person_s_language(settings, headers):
    settings.BODY_SECONDS = 0.01
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with served(SingleThreadASGIHandler()) as url:
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=DEADLINE) as connection:
            start = f"POST / HTTP/1.1\r\nHost: x\r\n{lines}Content-Length: 9\r\n\r\n"
            connection.sendall(start.encode("latin-1"))
            with connection.makefile("rb") as answer:
                text = answer.read().decode()
    assert text.startswith("HTTP/1.1 408")
    assert "zu lange" in text
