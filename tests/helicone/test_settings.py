import pickle

import pytest

from helicone import EU, LEGACY, TARGET_GATEWAY_URL, US, InvalidValue, Region, Settings

KEY = "sk-helicone-aaaaaaa-bbbbbbb-ccccccc-ddddddd"
EU_KEY = "sk-helicone-eu-aaaaaaa-bbbbbbb-ccccccc-ddddddd"


def addresses(settings):
    return settings.gateway_url, settings.api_url, settings.app_url


def test_the_defaults_are_helicones_american_addresses():
    assert addresses(Settings("sk-1", KEY)) == (
        "https://oai.helicone.ai/v1",
        "https://api.helicone.ai",
        "https://us.helicone.ai",
    )
    assert addresses(Settings.from_keys("sk-1", KEY)) == addresses(Settings("sk-1", KEY))


def test_a_european_key_is_known_by_its_name():
    settings = Settings.from_keys("sk-1", EU_KEY)

    assert settings.api_url == "https://eu.api.helicone.ai" == EU.api_url
    assert settings.app_url == "https://eu.helicone.ai"


def test_a_region_given_wins_over_the_keys_own():
    assert Settings.from_keys("sk-1", EU_KEY, region=US).api_url == US.api_url


def test_the_legacy_gateway_can_still_be_chosen():
    settings = Settings.from_keys("sk-1", KEY, region=LEGACY)

    assert settings.gateway_url == "https://oai.hconeai.com/v1"


def test_self_hosted_helicone_is_found_on_its_ports():
    region = Region.self_hosted("http://helicone.internal/")

    assert region.gateway_url == "http://helicone.internal:8585/v1/gateway/oai/v1"
    assert region.api_url == "http://helicone.internal:8585"
    assert region.app_url == "http://helicone.internal:3000"


def test_empty_addresses_are_the_regions_and_others_are_kept_without_trailing_slash():
    settings = Settings.from_keys(
        "sk-1",
        EU_KEY,
        gateway_url="http://[::1]:8787/v1/",
        api_url="",
        target_url="https://api.example.org/",
    )

    assert addresses(settings) == ("http://[::1]:8787/v1", EU.api_url, EU.app_url)
    assert settings.target_url == "https://api.example.org"


@pytest.mark.parametrize(
    ("base_url", "gateway_url", "target_url"),
    [
        ("https://api.x.org/openai/v1/", f"{TARGET_GATEWAY_URL}/openai/v1", "https://api.x.org"),
        ("http://[::1]:8000", TARGET_GATEWAY_URL, "http://[::1]:8000"),
    ],
)
def test_a_provider_is_its_origin_as_target_and_its_path_at_the_gateway(
    base_url, gateway_url, target_url
):
    settings = Settings("sk-1", KEY, gateway_url=TARGET_GATEWAY_URL).to_provider(base_url)

    assert (settings.gateway_url, settings.target_url) == (gateway_url, target_url)
    assert settings.helicone_api_key == KEY
    with pytest.raises(InvalidValue, match="The provider address"):
        settings.to_provider("api.x.org/v1")


def test_neither_key_shows_in_repr_and_settings_survive_pickling():
    settings = Settings("sk-openai-secret", KEY)

    assert "secret" not in repr(settings) and KEY not in repr(settings)
    assert pickle.loads(pickle.dumps(settings)) == settings


@pytest.mark.parametrize("bad", ["Bearer sk-1", "sk-1\n", "sk\x00", "'sk-1'", '"sk-1"', "sk-é", 7])
def test_a_key_with_what_no_key_has_is_refused_without_repeating_it(bad):
    with pytest.raises(InvalidValue, match="The OpenAI key") as refused:
        Settings(bad, KEY)
    with pytest.raises(InvalidValue, match="The Helicone key"):
        Settings("sk-1", bad)

    assert repr(bad) not in str(refused.value)


@pytest.mark.parametrize(
    "bad",
    [
        "oai.helicone.ai",
        "ftp://oai.helicone.ai",
        "https://",
        "https:///v1",
        "https://a b",
        "https://a\n",
        "https://é.example",
        "https://a..b",
        "https://-a",
        "https://a:0",
        "https://a:99999",
        "https://[::1",
        "https://user:password@a",
        "https://a?key=1",
        "https://a#b",
        7,
    ],
)
@pytest.mark.parametrize("name", ["gateway_url", "api_url", "app_url", "target_url"])
def test_an_address_that_cannot_be_one_is_refused_in_a_sentence(name, bad):
    with pytest.raises(InvalidValue, match=r"^The .* address must .*\.$") as refused:
        Settings("sk-1", KEY, **{name: bad})

    assert "password" not in str(refused.value).replace("no user, password", "")


@pytest.mark.parametrize("name", ["gateway_url", "api_url", "app_url"])
def test_an_address_may_not_be_empty_but_the_targets(name):
    with pytest.raises(InvalidValue, match="address must"):
        Settings("sk-1", KEY, **{name: ""})

    assert Settings("sk-1", KEY, target_url="").target_url == ""
