"""GET and POST /accounts/delete/: the end of an account."""

import pytest
from django.db import connection

from chatapp.models import Conversation, Message, SharedCopy, User
from feedback import rating_flow
from feedback.models import Delivery, Rating, Review, ReviewChange, StaffAccess
from tests.fixtures.people import PASSWORD, answered
from tests.resilience import stored
from tests.resilience.visitor import Refused, Visitor

URL = "/accounts/delete/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def much(alice, rita):
    """A conversation of alice's, rated, shared, read and decided on by rita."""
    answer = answered(alice, helicone_id="0198c2a4-8d3c-7d50-a3c4-5f1d6a3b9d10")
    rating = rating_flow.rate(answer, alice, -1)
    rating.review.decide(rita, note="Seen.")
    StaffAccess.objects.record(rita, rating)
    SharedCopy.objects.get_or_create_for(answer.conversation)
    return answer


def test_it_says_what_goes_what_stays_elsewhere_and_how_to_find_it(client_of, alice, much):
    page = client_of(alice).get(URL).text
    assert "1 conversation" in page and "your ratings (1)" in page
    assert "1 request" in page and str(alice.uid) in page
    assert 'href="/accounts/requests/"' in page
    assert "reasons and comments" not in page


def test_it_says_so_where_reasons_went_along(client_of, alice, settings):
    settings.HELICONE_SEND_REASONS = True
    assert "reasons and comments of your ratings went there too" in client_of(alice).get(URL).text


def test_all_of_it_goes_and_nothing_of_others(client_of, alice, bob, much):
    kept = answered(bob)
    rating_flow.rate(kept, bob, 1)
    answer = client_of(alice).post(URL, {"proof": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not User.objects.filter(username="alice").exists()
    assert list(Conversation.objects.values_list("user", flat=True)) == [bob.pk]
    assert Message.objects.count() == 2
    for model in (Rating, Review, Delivery):
        assert model.objects.count() == 1
    assert not ReviewChange.objects.exists() and not SharedCopy.objects.exists()


def test_that_somebody_read_stays_without_what(client_of, alice, rita, much):
    client_of(alice).post(URL, {"proof": PASSWORD})
    log = StaffAccess.objects.get()
    assert (log.reader, log.rating) == (rita, None)


@pytest.mark.parametrize("proof", ["", "wrong", "alice"])
def test_without_the_password_nothing_goes(client_of, alice, much, proof):
    answer = client_of(alice).post(URL, {"proof": proof})
    assert answer.status_code == 422
    assert "othing was deleted" in answer.text or "nothing was deleted" in answer.text
    assert PASSWORD not in answer.text and 'value="wrong"' not in answer.text
    assert Conversation.objects.filter(user=alice).exists()


def test_guessing_the_password_is_under_a_limit(client_of, alice, settings):
    settings.ACCOUNT_RATE_LIMITS = {"reauthenticate": "2/m/user"}
    client = client_of(alice)
    statuses = [client.post(URL, {"proof": "wrong"}).status_code for _ in range(3)]
    assert statuses == [422, 422, 429]
    assert client.post(URL, {"proof": PASSWORD}).status_code == 429


def test_who_has_no_password_types_the_name(client_of, alice):
    alice.set_unusable_password()
    alice.save()
    client = client_of(alice)
    assert "Your name here is <strong>alice</strong>" in client.get(URL).text
    assert client.post(URL, {"proof": "bob"}).status_code == 422
    assert client.post(URL, {"proof": " alice "}).status_code == 303
    assert not User.objects.exists()


def test_a_guest_ends_it_too(client_of, talk):
    guest = User.objects.create_guest()
    conversation = talk(guest)
    client = client_of(guest)
    assert client.post(URL, {"proof": guest.username[:14]}).status_code == 303
    assert not User.objects.exists() and not Conversation.objects.exists()
    assert client.get(conversation.get_absolute_url()).status_code == 404


def test_other_browsers_are_signed_out(client_of, alice, talk):
    conversation = talk(alice)
    here, there = client_of(alice), client_of(alice)
    here.post(URL, {"proof": PASSWORD})
    assert there.get(conversation.get_absolute_url()).status_code == 404
    assert "/accounts/login/" in there.get("/").text
    assert there.get("/accounts/").headers["Location"].startswith("/accounts/login/")


def test_the_last_who_runs_the_site_stays(client_of, sam):
    answer = client_of(sam).post(URL, {"proof": PASSWORD})
    assert answer.status_code == 422 and "Make somebody else superuser first" in answer.text
    User.objects.create_superuser("second")
    assert client_of(sam).post(URL, {"proof": PASSWORD}).status_code == 303


def test_what_staff_did_stays_without_their_name(client_of, alice, rita, much):
    client_of(rita).post(URL, {"proof": PASSWORD})
    assert ReviewChange.objects.get().by is None and StaffAccess.objects.get().reader is None
    assert Rating.objects.get().user == alice


def test_a_provider_that_is_offered_no_more_is_no_obstacle(client_of, alice):
    """Its table points at people, and Django doesn't know of it."""
    key = "bigint" if connection.vendor == "postgresql" else "integer"
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE socialaccount_socialaccount (id integer PRIMARY KEY,"
            f" user_id {key} NOT NULL REFERENCES chatapp_user (id) DEFERRABLE INITIALLY DEFERRED)"
        )
        cursor.execute("INSERT INTO socialaccount_socialaccount VALUES (1, %s)", [alice.pk])
    assert client_of(alice).post(URL, {"proof": PASSWORD}).status_code == 303
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE") if key == "bigint" else None
        cursor.execute("SELECT count(*) FROM socialaccount_socialaccount")
        assert cursor.fetchone() == (0,)
        cursor.execute("DROP TABLE socialaccount_socialaccount")


@pytest.mark.both_databases
def test_what_is_being_written_stops_and_its_reader_hears_of_it(site, sandbox_server):
    sandbox_server.reset()
    with Visitor(site.url) as visitor:
        asked = visitor.ask("Go on. [[tokens=5000 tps=20]]")
        person = stored.rows(site, "SELECT * FROM chatapp_user ORDER BY id DESC LIMIT 1")[0]
        with visitor.reading(asked.answer) as watched:
            watched.until_words(2)
            name = person["username"][:14]
            assert visitor.post("/accounts/delete/", proof=name).status_code == 303
            watched.to_the_end()
        # The provider's side has ended too, long before its 5,000 tokens.
        sandbox_server.wait_for(lambda: sandbox_server.calls().get("completion 200") == 1)
        session = asked.conversation.split("/")[2]
        assert sandbox_server.request(session=session)["complete"] is False
        assert asked.answer not in {row["id"] for row in stored.answers(site)}


@pytest.mark.both_databases
def test_a_window_left_open_is_told_and_nothing_is_sent(site):
    with Visitor(site.url) as visitor:
        asked = visitor.ask("First. [[tokens=5]]")
        visitor.read(asked.answer)
        other = visitor.at(site.url)
        person = stored.rows(site, "SELECT * FROM chatapp_user ORDER BY id DESC LIMIT 1")[0]
        visitor.post("/accounts/delete/", proof=person["username"][:14])
        try:
            other.ask("Still there?", asked.conversation)
        except Refused as refused:
            assert refused.status == 404
        assert "Still there?" not in str(stored.questions(site))
