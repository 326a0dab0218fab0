"""Admin of the chat: app order, immutable prompt versions, users."""

from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.urls import reverse

from chatapp.models import Assistant, Conversation, Message, PromptVersion, User
from feedback import rating_flow

pytestmark = pytest.mark.sqlite


@pytest.fixture
def sam_client(sam, client_of):
    return client_of(sam)


@pytest.fixture
def rita_client(rita, client_of):
    """A reviewer: may look at everything and change nothing."""
    may = Permission.objects.filter(
        codename__startswith="view_", content_type__app_label__in=["feedback", "chatapp"]
    )
    rita.user_permissions.set(may)
    return client_of(rita)


@pytest.fixture
def version(db):
    return PromptVersion.objects.get()


@pytest.fixture
def conversation(alice):
    conversation = Conversation.objects.start(alice, Assistant.objects.get())
    answer = conversation.ask("Is it **so**?")
    values = {"text": "It *is*.", "status": "complete", "helicone_id": uuid4()}
    Message.objects.filter(pk=answer.pk).update(**values)
    return conversation


def url(model, page="changelist", *args):
    return reverse(f"admin:chatapp_{model}_{page}", args=args)


def test_the_house_has_its_name_and_feedback_comes_first(sam_client):
    response = sam_client.get(reverse("admin:index"))
    page = response.content.decode()
    assert "<title>For the people who run this site · Rapport</title>" in page
    assert [app["app_label"] for app in response.context["app_list"]] == [
        "feedback",
        "chatapp",
        "account",
        "auth",
        "mfa",
    ]
    assert 'href="/"' in page


def test_staff_see_only_what_they_may(rita_client):
    response = rita_client.get(reverse("admin:index"))
    assert [app["app_label"] for app in response.context["app_list"]] == ["feedback", "chatapp"]
    assert rita_client.get(reverse("admin:auth_group_changelist")).status_code == 403


@pytest.mark.parametrize("sandbox", [True, False])
def test_staff_are_told_when_answers_come_from_the_stand_in(sam_client, settings, sandbox):
    settings.SANDBOX = sandbox
    page = sam_client.get(reverse("admin:index")).content.decode()
    assert ("local stand-in" in page) is sandbox


@pytest.mark.parametrize("model", ["assistant", "promptversion", "user"])
@pytest.mark.parametrize("word", ["", "so", "6f1ed002-ab5d-4c31-9a1c-4a9e6b8f2d11"])
def test_every_list_opens_and_can_be_searched(sam_client, conversation, model, word):
    assert sam_client.get(url(model), {"q": word}).status_code == 200


# Prompt versions


def data_of(version, **changes):
    values = {
        "assistant": version.assistant_id,
        "model": version.model,
        "instructions": version.instructions,
        "parameters": '{"temperature": 0.5}',
        "weight": 3,
        "note": "Warmer",
    }
    return {**values, **changes}


def test_a_saved_version_keeps_its_content_whatever_is_posted(sam_client, version):
    digest, instructions = version.digest, version.instructions
    data = data_of(version, model="another", instructions="Be evil.")
    assert sam_client.post(url("promptversion", "change", version.pk), data).status_code == 302
    version.refresh_from_db()
    assert (version.digest, version.instructions) == (digest, instructions)
    assert (version.weight, version.note) == (3, "Warmer")


def test_a_new_version_begins_with_the_content_of_another(sam_client, version):
    page = sam_client.get(url("promptversion", "change", version.pk)).content.decode()
    link = f"{url('promptversion', 'add')}?from={version.pk}"
    assert f'href="{link}"' in page
    form = sam_client.get(link).context["adminform"].form
    assert form.get_initial_for_field(form.fields["instructions"], "instructions") == (
        version.instructions
    )
    assert form.get_initial_for_field(form.fields["model"], "model") == version.model


@pytest.mark.parametrize("source", ["x", "99999", ""])
def test_a_new_version_from_nothing_begins_empty(sam_client, source):
    assert sam_client.get(url("promptversion", "add"), {"from": source}).status_code == 200


def test_a_new_version_gets_the_next_number_and_its_author(sam_client, version):
    response = sam_client.post(url("promptversion", "add"), data_of(version))
    assert response.status_code == 302
    new = PromptVersion.objects.get(number=2)
    assert new.author == User.objects.get(username="sam")
    assert new.parameters == {"temperature": 0.5}


def test_parameters_that_are_no_object_are_refused_with_a_sentence(sam_client, version):
    response = sam_client.post(url("promptversion", "add"), data_of(version, parameters="[1]"))
    assert "Parameters are a JSON object." in response.content.decode()
    assert PromptVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ('{"temperatur": 9}', "“temperatur” is no known parameter. Is it “temperature”?"),
        ('{"stream": false}', "“stream” is no known parameter."),
    ],
)
def test_unknown_parameters_are_refused_with_a_sentence(sam_client, version, parameters, sentence):
    data = data_of(version, parameters=parameters)
    response = sam_client.post(url("promptversion", "add"), data)
    assert sentence in response.content.decode()
    assert PromptVersion.objects.count() == 1


def test_a_version_from_before_that_rule_keeps_its_parameters(sam_client, version):
    old = PromptVersion.objects.create(
        assistant=version.assistant, model="m", parameters={"temperatur": 9}
    )
    change = url("promptversion", "change", old.pk)
    assert sam_client.post(change, data_of(old)).status_code == 302


def test_an_assistant_is_offered_only_with_a_version_that_has_traffic(sam_client, version):
    add = url("assistant", "add")
    assert sam_client.get(add).context["adminform"].form.initial["is_active"] is False
    data = {"name": "Second", "slug": "second", "position": 1}
    page = sam_client.post(add, {**data, "is_active": "on"}).content.decode()
    assert "can be offered once one of its prompt versions has traffic" in page
    assert sam_client.post(add, data).status_code == 302
    second = Assistant.objects.get(slug="second")
    assert not second.is_active
    PromptVersion.objects.create(assistant=second, model="m")
    change = url("assistant", "change", second.pk)
    assert sam_client.post(change, {**data, "is_active": "on"}).status_code == 302
    assert Assistant.objects.get(slug="second").is_active


def test_the_last_version_with_traffic_keeps_it_while_its_assistant_is_offered(sam_client, version):
    change = url("promptversion", "change", version.pk)
    page = sam_client.post(change, data_of(version, weight=0)).content.decode()
    assert "no other version of it has traffic" in page
    PromptVersion.objects.create(assistant=version.assistant, model="m")
    assert sam_client.post(change, data_of(version, weight=0)).status_code == 302


def test_instructions_are_shown_to_the_space(sam_client, version):
    PromptVersion.objects.create(
        assistant=version.assistant, model="m", instructions="One  two\n  <b>three"
    )
    new = PromptVersion.objects.get(number=2)
    page = sam_client.get(url("promptversion", "change", new.pk)).content.decode()
    assert '<pre class="exact">One  two\n  &lt;b&gt;three</pre>' in page


def test_a_version_is_never_deleted(sam_client, version):
    delete = url("promptversion", "delete", version.pk)
    assert sam_client.post(delete, {"post": "yes"}).status_code == 403
    assert PromptVersion.objects.filter(pk=version.pk).exists()


# Users


def test_guests_are_told_from_people_who_signed_up(sam_client, conversation):
    guest = User.objects.create_guest()
    response = sam_client.get(url("user"), {"is_guest__exact": "1"})
    assert [person.pk for person in response.context["cl"].result_list] == [guest.pk]
    page = sam_client.get(url("user", "change", guest.pk)).content.decode()
    assert str(guest.uid) in page


def test_a_person_can_be_deleted_with_all_they_said(sam_client, conversation):
    """No page edits a rating or a message, which must not keep them here."""

    answer = conversation.messages.get(role="assistant")
    rating_flow.rate(answer, conversation.user, 1)
    delete = url("user", "delete", conversation.user_id)
    assert sam_client.post(delete, {"post": "yes"}).status_code == 302
    assert not User.objects.filter(username="alice").exists()
    assert not Message.objects.filter(pk=answer.pk).exists()


@pytest.mark.parametrize("way", ["page", "action"])
def test_a_user_deleted_here_is_gone_from_the_admin_log_too(sam_client, alice, client_of, way):
    client_of(alice)
    sessions = Session.objects.count()
    if way == "page":
        response = sam_client.post(url("user", "delete", alice.pk), {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": alice.pk, "post": "yes"}
        response = sam_client.post(url("user", "changelist"), chosen)
    assert response.status_code == 302
    assert not User.objects.filter(username="alice").exists()
    assert [entry.object_repr for entry in LogEntry.objects.all()] == ["–"]
    assert Session.objects.count() == sessions - 1
