"""Messages of the start: missing API keys, a missing Helicone, and their effect."""

from chatapp.configuration import Configuration
from chatapp.configuration.combinations import has_provider

NO_PROVIDER = (
    "HELICONE_API_KEY is set, but OPENAI_API_KEY is missing: answers come from the local stand-in,"
    " and ratings stay on this machine. Set OPENAI_API_KEY in {file} to talk to the real thing."
)
NO_HELICONE_KEY = (
    "HELICONE_API_KEY is missing: answers come, but Helicone logs none of them, so their ratings"
    " stay here. Set HELICONE_API_KEY in {file}, or HELICONE=off to do without Helicone."
)
WITHOUT_HELICONE = (
    "HELICONE is off: questions go straight to the provider, and ratings stay here. They can't be"
    " delivered later either, since Helicone never knew their answers."
)

NO_SITE_URL = (
    "SITE_URL is missing: the links of a mail lead to whichever of ALLOWED_HOSTS a request named."
    " Set SITE_URL in {file} to the address that users know, such as https://rapport.example."
)


def print_missing(configured: Configuration) -> None:
    file, is_off = configured.env_file.name, configured["HELICONE"] == "off"
    if is_off:
        print_lines(WITHOUT_HELICONE)
    elif not has_provider(configured.values) and configured["HELICONE_API_KEY"]:
        print_lines(NO_PROVIDER.format(file=file))
    elif has_provider(configured.values) and not configured["HELICONE_API_KEY"]:
        print_lines(NO_HELICONE_KEY.format(file=file))
    if configured["HTTPS"] and not configured["SITE_URL"]:
        print_lines(NO_SITE_URL.format(file=file))


def print_lines(*lines: str) -> None:
    """Print and flush, also where output goes to a file."""
    print(*lines, sep="\n", flush=True)
