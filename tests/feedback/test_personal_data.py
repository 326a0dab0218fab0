"""What staff typed about a user who is deleted: reasons, searches, saved filters."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from feedback.models import BulkChange, Export, SavedFilter, StaffAccess
from feedback.personal_data import erase

pytestmark = pytest.mark.django_db


def saved(rita, name, query):
    return SavedFilter.objects.create(owner=rita, name=name, query=query)


def left():
    return set(SavedFilter.objects.values_list("name", flat=True))


def test_a_saved_search_goes_if_only_that_users_words_match(alice, bob, rita, rate):
    rate(question="Only alice mentions submarines and tea")
    rate(by=bob, question="He drinks tea")
    saved(rita, "hers", "q=submarines&thumb=down")
    saved(rita, "both", "q=tea")
    saved(rita, "nobodys", "q=airships")
    erase([alice])
    assert left() == {"both", "nobodys"}


def test_a_saved_filter_goes_if_it_names_the_user(alice, rita):
    saved(rita, "of ALICE@example.org", "thumb=down")
    saved(rita, "by name", "q=alice")
    saved(rita, "by id", f"person={alice.pk}")
    saved(rita, "of malice", "q=malice")
    saved(rita, "other id", f"person={alice.pk}0")
    erase([alice])
    assert left() == {"of malice", "other id"}


def test_reasons_lose_the_name_and_those_about_the_user_go(alice, bob, rita, rate):
    hers, his = rate(), rate(by=bob)
    StaffAccess.objects.record(rita, hers, reason="She asked about her divorce.")
    StaffAccess.objects.record(rita, his, reason="As Alice said (alice@example.org), of malice.")
    Export.objects.create(by=rita, form="csv", reason="For alice")
    erase([alice])
    assert set(StaffAccess.objects.values_list("reason", flat=True)) == {
        "",
        "As […] said ([…]), of malice.",
    }
    assert Export.objects.get().reason == "For […]"


def test_a_name_of_two_letters_is_not_searched_for(alice, rita):
    alice.username, alice.email, alice.first_name = "al", "", "Li"
    saved(rita, "Li and al", "thumb=down")
    erase([alice])
    assert left() == {"Li and al"}


def test_old_logs_lose_the_words_of_searches(rita):
    query = "thumb=down&q=secret+words&p=2"
    StaffAccess.objects.create(reader=rita, filters=query)
    Export.objects.create(by=rita, form="csv", filters="faq=kept")
    BulkChange.objects.create(by=rita, query=query)
    migration = import_module("feedback.migrations.0022_no_search_words_in_logs")
    migration.drop_words(apps, connection.schema_editor())
    assert StaffAccess.objects.get().filters == "thumb=down&q=*&p=2"
    assert Export.objects.get().filters == "faq=kept"
    assert BulkChange.objects.get().query == "thumb=down&q=*&p=2"
