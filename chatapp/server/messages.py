"""Messages of the start: missing API keys and their effect."""

from chatapp.configuration import Configuration

NO_OPENAI_KEY = (
    "HELICONE_API_KEY is set, but OPENAI_API_KEY is missing: answers come from the local stand-in,"
    " and ratings stay on this machine. Set OPENAI_API_KEY in {file} to talk to the real thing."
)
NO_HELICONE_KEY = (
    "OPENAI_API_KEY is set, but HELICONE_API_KEY is missing: answers come, but Helicone logs none"
    " of them. Ratings are kept, and delivered once HELICONE_API_KEY is set in {file}."
)
WRITE_ONLY_KEY = (
    "HELICONE_API_KEY is a pk- key, which may write but not read: whether a rating arrived can't"
    " be seen. An sk- key can do both."
)


def print_missing_keys(configured: Configuration) -> None:
    openai, helicone = configured["OPENAI_API_KEY"], configured["HELICONE_API_KEY"]
    file = configured.env_file.name
    if helicone and not openai:
        print_lines(NO_OPENAI_KEY.format(file=file))
    if openai and not helicone:
        print_lines(NO_HELICONE_KEY.format(file=file))
    if openai and helicone.startswith("pk-"):
        print_lines(WRITE_ONLY_KEY)


def print_lines(*lines: str) -> None:
    """Print and flush, also where output goes to a file."""
    print(*lines, sep="\n", flush=True)
