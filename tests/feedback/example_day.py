"""A day on which everything happens to what the numbers count, and whether they know."""

import random
from datetime import timedelta

from django.db import connection
from django.utils import timezone as now

from chatapp.models import Assistant, Conversation, Message, Origin, PromptVersion, User
from feedback import rating_flow
from feedback.insights import queries
from feedback.insights.rollup import read, update
from feedback.insights.rollup.read import RollupQuery
from feedback.models import Rating, Reason

NAMED = Rating.reasons.through.objects


def found(cells, named):
    return {(cell.week, cell.version): cell.count for cell in cells}, named


def counted(wanted):
    """By looking at every answer."""
    answers = wanted.answers()
    return found(queries.cells(answers), queries.reason_counts(answers))


def tallied(wanted):
    return found(*read.read_rollup(wanted))


def lies():
    """What the tallies say otherwise, once all that changed is counted."""
    assert update.update_rollup(60)
    versions = list(PromptVersion.objects.values_list("pk", flat=True))
    today = now.localdate()
    questions = [
        RollupQuery(),
        RollupQuery(guests=True),
        RollupQuery(guests=False),
        RollupQuery(versions=(versions[-1],)),
        RollupQuery(origins=("sandbox",)),
        RollupQuery(origins=("real", "demo")),
        RollupQuery(origins=("real", "sandbox", "demo")),
        RollupQuery(since=today - timedelta(days=9), until=today - timedelta(days=1)),
    ]
    pairs = [(one, counted(one), tallied(one)) for one in questions]
    return [pair for pair in pairs if pair[1] != pair[2]]


def counting():
    return list(queries.shown().order_by("created_at", "pk"))


def run_sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


# What there must be enough of, among all that is deleted
OFTEN = ["chat", "chat", *["click"] * 6, *["explain"] * 4, *["move_the_thumb", "take_back"] * 2]


class BusyDay:
    """Everything that can happen to what is counted, drawn at random, by any kind of writer."""

    def __init__(self, ask, seed):
        self.draw, self.ask = random.Random(seed), ask
        first = Assistant.objects.get(slug="assistant")
        desk = Assistant.objects.create(name="Desk", slug="desk")
        self.assistants = [first, desk]
        PromptVersion.objects.create(assistant=desk, model="desk-model")
        self.versions = list(PromptVersion.objects.all())
        self.people = [User.objects.create_user(f"person{n}") for n in range(2)]
        self.people += [User.objects.create_guest() for _ in range(2)]
        for _ in range(4):
            self.chat()

    def happens(self):
        """What happened, for the message of a test that fails."""
        names = [name for name in vars(BusyDay) if not name.startswith("_") and name != "happens"]
        name = self.draw.choice([*names, *OFTEN])
        answers = list(Message.objects.filter(role="assistant").order_by("created_at", "pk"))
        if not answers or name == "chat":
            self.chat()
        else:
            getattr(self, name)(self.draw.choice(answers))
        return name

    def _rated(self):
        """Some of the ratings, in an order drawn."""
        ratings = list(Rating.objects.exclude(value=None).order_by("pk"))
        return self.draw.sample(ratings, min(3, len(ratings)))

    def chat(self, _answer=None):
        person = self.draw.choice(
            list(User.objects.order_by("pk")) or [User.objects.create_guest()]
        )
        talk = Conversation.objects.start(person, self.draw.choice(self.assistants))
        for _ in range(self.draw.randint(1, 3)):
            self.ask(person, conversation=talk)

    def click(self, _answer):
        for answer in self.draw.sample(counting(), min(2, len(counting()))):
            value = self.draw.choice([1, -1, 1, -1, None])
            rating_flow.rate(answer, answer.conversation.user, value)

    def click_all(self, _answer):
        Rating.objects.update(value=self.draw.choice([1, -1]))

    def take_back(self, _answer):
        for rating in self._rated()[:1]:
            if self.draw.choice([True, False]):  # with its reasons, or long without any
                rating.reasons.clear()
                assert update.update_rollup(60)
            rating.delete()

    def explain(self, _answer):
        for rating in self._rated():
            rating_flow.explain(rating, self.draw.sample(list(Reason.objects.all()), 4), "Because")

    def add_a_reason(self, _answer):
        for rating in self._rated()[:1]:
            rating.reasons.set([self.draw.choice(list(Reason.objects.all()))])

    def other_reasons(self, _answer):
        reason = self.draw.choice(list(Reason.objects.values_list("pk", flat=True)))
        for one in NAMED.order_by("pk")[:1]:
            if not NAMED.filter(rating=one.rating, reason=reason).exists():
                run_sql(
                    "UPDATE feedback_rating_reasons SET reason_id = %s WHERE id = %s",
                    reason, one.pk,
                )  # fmt: skip

    def drop_a_reason(self, _answer):
        if Reason.objects.count() > 8:
            self.draw.choice(list(Reason.objects.all())).delete()

    def keep(self, answer):
        self.draw.choice([Conversation.soft_delete, Conversation.restore])(answer.conversation)

    def never_keep(self, answer):
        wanted = self.draw.choice([True, False])
        Conversation.objects.filter(messages=answer).update(is_temporary=wanted)

    def sign_up(self, answer):
        person = answer.conversation.user
        User.objects.filter(pk=person.pk).update(is_guest=not person.is_guest)

    def sign_in(self, _answer):
        guest = User.objects.filter(is_guest=True).order_by("pk").last()
        alice = User.objects.filter(is_guest=False).order_by("pk").first()
        if guest and alice:
            alice.adopt(guest.pk)

    def regenerate(self, answer):
        another = answer.conversation.answer(answer.parent)
        another.claim()
        another.save_result(text="Half of it")
        another.save_result(text="All of it", status=self.draw.choice(Message.RATEABLE))

    def restate(self, answer):
        status = self.draw.choice(["complete", "stopped", "interrupted", "streaming", "failed"])
        run_sql(f"UPDATE chatapp_message SET status = '{status}' WHERE id = %s", key(answer))

    def rewrite(self, answer):
        Message.objects.filter(pk=answer.pk).update(text=self.draw.choice(["", "A", "Be"]))

    def remake(self, answer):
        version = self.draw.choice([*self.versions, None])
        Message.objects.filter(pk=answer.pk).update(prompt_version=version)

    def mark(self, answer):
        Message.objects.filter(pk=answer.pk).update(origin=self.draw.choice(list(Origin)))

    def redate(self, answer):
        at = now.now() - timedelta(hours=self.draw.randint(0, 500))
        Message.objects.filter(pk=answer.pk).update(created_at=at)

    def recast(self, answer):
        Message.objects.filter(pk=answer.pk).update(role="user")

    def move(self, answer):
        talks = list(Conversation.objects.exclude(pk=answer.conversation_id).order_by("created_at"))
        if talks:
            answer.conversation = self.draw.choice(talks)
            answer.save()

    def move_the_thumb(self, _answer):
        free = [answer for answer in counting() if not answer.ratings.exists()]
        for rating in self._rated()[:1]:
            if free:
                Rating.objects.filter(pk=rating.pk).update(message=self.draw.choice(free))

    def bring_in(self, answer):
        made = [
            Message(conversation=answer.conversation, role=role, text=text, status="complete")
            for role, text in (("user", "Why?"), ("assistant", "So."), ("assistant", ""))
        ]
        Message.objects.bulk_create(made)

    def delete(self, answer):
        answer.delete()

    def purge(self, answer):
        answer.conversation.delete()

    def leave(self, answer):
        if User.objects.count() > 2:
            answer.conversation.user.delete()


def key(row):
    return row.pk if connection.vendor == "postgresql" else row.pk.hex
