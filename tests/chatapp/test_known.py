"""Django's tags that remember what is constant: the same output, in each language and place."""

from uuid import uuid4

import pytest
from django.template import engines
from django.template.backends.django import DjangoTemplates
from django.urls import NoReverseMatch, set_script_prefix
from django.utils.translation import override

from chatapp.known_urls import url_of

PLAIN = DjangoTemplates({"NAME": "plain", "DIRS": [], "APP_DIRS": True, "OPTIONS": {}})
TEXTS = [
    '{% translate "Good answer" %}',
    "{% trans 'Good answer' as words %}<b title=\"{{ words }}\">{{ words|upper }}</b>",
    '{% translate "It is 100 % <b>" %}',
    '{% translate "Good answer"|upper %}',
    '{% translate "Good answer" noop %}',
    '{% translate "May" context "month" %}',
    "{% translate name %}",
    "{% blocktranslate %}{{ name }} & co{% endblocktranslate %}",
    "{% url 'home' %}{% url 'rating' pk %}{% url 'rating' pk as it %}{{ it }}",
    "{% url 'image' pk 2 %}{% url 'shared' 'a&b' %}{% url 'rating' pk=pk %}{% url place pk %}",
    "{% url 'nowhere' pk as it %}[{{ it }}]",
]


@pytest.fixture
def values():
    return {"pk": uuid4(), "name": "<i>", "place": "reasons"}


@pytest.mark.parametrize("text", TEXTS)
def test_they_render_what_djangos_render(text, values):
    known, plain = (
        engine.from_string("{% load i18n %}" + text) for engine in (engines["django"], PLAIN)
    )
    for language in ("en", "de", "zh-hans", "de", "en"):
        with override(language):
            assert known.render(dict(values)) == plain.render(dict(values))


def test_a_text_is_translated_anew_in_another_language():
    known = engines["django"].from_string("{% load i18n %}{% translate 'Good answer' %}")
    shown = []
    for language in ("en", "de", "en"):
        with override(language):
            shown.append(known.render({}))
    assert shown[0] == shown[2] == "Good answer" != shown[1]


def test_an_unknown_name_is_an_error(values):
    with pytest.raises(NoReverseMatch):
        engines["django"].from_string("{% url 'nowhere' pk %}").render(values)


def test_urls_begin_where_the_site_does(values):
    pk = values["pk"]
    assert url_of("rating", pk) == f"/m/{pk}/rating/"
    set_script_prefix("/below/")
    try:
        assert url_of("rating", pk) == f"/below/m/{pk}/rating/"
        assert url_of("home") == "/below/"
    finally:
        set_script_prefix("/")


def test_an_included_template_is_loaded_once_and_gets_each_context():
    name = "errors/problem.html"
    words = "{% for problem in problems %}{% include '" + name + "' %}{% endfor %}"
    engine = engines["django"]
    shown = engine.from_string(words).render({"problems": ["One", "<two>"]})
    assert "One" in shown and "&lt;two&gt;" in shown
    chosen = engine.from_string("{% include name with problem=1 only %}")
    assert chosen.render({"name": name}) == engine.get_template(name).render({"problem": 1})
