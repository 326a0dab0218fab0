"""GET /accounts/data/ and /accounts/requests/: all that is one's own, to take along."""

import csv
import io
import json
import zipfile
from typing import Any

import httpx2
import pytest

from chatapp.accounts.data_export import all_parts
from chatapp.accounts.streamed_zip import stream_zip
from chatapp.models import SharedCopy, User
from feedback import rating_flow
from feedback.models import Reason
from tests.fixtures.people import answered, ended
from tests.resilience.visitor import Visitor


def unpacked(data: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        return {name: json.loads(file.read(name)) for name in file.namelist()}


def data_of(person: User) -> dict[str, Any]:
    return unpacked(b"".join(stream_zip(all_parts(person))))


@pytest.mark.django_db
def test_it_has_the_account_and_every_version_of_every_conversation(alice, bob):
    answer = answered(alice, "First wording", "First answer")
    conversation = answer.conversation
    ended(conversation.ask("Second wording", replaces=answer.parent), "Second answer")
    gone = answered(alice, "Deleted yesterday").conversation
    gone.soft_delete()
    answered(bob, "Not hers")
    data = data_of(alice)
    assert data["profile.json"][0]["email"] == "alice@example.org"
    assert data["profile.json"][0]["id_at_helicone"] == str(alice.uid)
    kept, deleted = data["conversations.json"]
    texts = {message["text"] for message in kept["messages"]}
    assert texts == {"First wording", "First answer", "Second wording", "Second answer"}
    assert deleted["deleted_at"]
    assert "Not hers" not in json.dumps(data)


@pytest.mark.django_db
def test_it_has_each_rating_with_all_that_was_said_about_it(alice):
    answer = answered(alice)
    rating = rating_flow.rate(answer, alice, -1)
    rating_flow.explain(rating, [Reason.objects.get(slug="wrong")], "Not so.", "Rather so.")
    (kept,) = data_of(alice)["ratings.json"]
    assert (kept["value"], kept["reasons"]) == (-1, ["Factually wrong"])
    assert (kept["comment"], kept["correction"]) == ("Not so.", "Rather so.")
    assert kept["message"] == str(answer.pk)


@pytest.mark.django_db
def test_it_has_what_was_shared(alice):
    conversation = answered(alice, "Shared?", "Shared.").conversation
    copy = SharedCopy.objects.get_or_create_for(conversation)
    (kept,) = data_of(alice)["shared_copies.json"]
    assert kept["address"] == copy.get_absolute_url()
    assert [said["text"] for said in kept["messages"]] == ["Shared?", "Shared."]


@pytest.mark.django_db
def test_who_has_nothing_gets_empty_lists(alice):
    data = data_of(alice)
    assert data.pop("profile.json")[0]["username"] == "alice"
    assert set(map(str, data.values())) == {"[]"}


@pytest.mark.django_db
def test_the_list_of_requests_names_each_by_its_ids(client_of, alice, bob):
    answer = answered(alice, helicone_id="0198c2a4-8d3c-7d50-a3c4-5f1d6a3b9d10")
    answered(bob)
    response = client_of(alice).get("/accounts/requests/")
    assert response.headers["Content-Disposition"].startswith("attachment")
    (row,) = csv.DictReader(io.StringIO(response.text))
    assert row["helicone_id"] == "0198c2a4-8d3c-7d50-a3c4-5f1d6a3b9d10"
    assert row["request_id"] == str(answer.request_id)
    assert (row["session"], row["user"]) == (str(answer.conversation_id), str(alice.uid))


@pytest.mark.both_databases
def test_a_guest_downloads_it_from_the_real_site(site):
    with Visitor(site.url) as visitor, Visitor(site.url) as stranger:
        asked = visitor.ask("Mine, and nobody else's [[tokens=5]]")
        visitor.read(asked.answer)
        visitor.rate(asked.answer)
        with visitor.http.stream("GET", "/accounts/data/") as response:
            assert response.headers["Content-Type"] == "application/zip"
            assert response.headers["Cache-Control"] == "private, no-store"
            assert "Content-Length" not in response.headers
            data = unpacked(b"".join(response.iter_bytes()))
        assert data["profile.json"][0]["is_guest"] is True
        assert "Mine, and nobody else's" in str(data["conversations.json"])
        assert [rating["value"] for rating in data["ratings.json"]] == [1]
        (request,) = data["requests_at_helicone.json"]
        assert request["user"] == data["profile.json"][0]["id_at_helicone"]
        nobody = stranger.http.get("/accounts/data/")
        assert nobody.headers["Location"].startswith("/accounts/login/")


@pytest.mark.both_databases
def test_it_comes_in_pieces(site):
    """The first rows are there before the last are read: not all of it waits in memory."""
    with Visitor(site.url) as visitor:
        for number in range(3):
            visitor.read(visitor.ask(f"{number} [[huge=400000]]").answer)
        with visitor.http.stream("GET", "/accounts/data/") as response:
            pieces = [len(piece) for piece in chunks(response)]
    assert len(pieces) >= 3


def chunks(response: httpx2.Response) -> list[bytes]:
    return list(response.iter_raw())


@pytest.mark.django_db(transaction=True)
def test_a_user_has_two_downloads_at_a_time_and_others_have_theirs(client_of, alice, bob):
    client = client_of(alice)
    first, second = (client.get("/accounts/data/") for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    refused = client.get("/accounts/data/")
    assert refused.status_code == 429
    assert "You are downloading your data already." in refused.text
    others = client_of(bob).get("/accounts/data/")
    assert others.status_code == 200
    for response in (first, second, others):
        response.close()
    last = client.get("/accounts/data/")
    assert last.status_code == 200
    last.close()
