"""Names of the parameters that a prompt version may send along, and what is wrong with others."""

from collections.abc import Iterable
from difflib import get_close_matches

from django.utils.translation import gettext as _

OPENAI = (
    "frequency_penalty logit_bias logprobs max_completion_tokens max_tokens metadata moderation"
    " prediction presence_penalty prompt_cache_key prompt_cache_options prompt_cache_retention"
    " reasoning_effort response_format safety_identifier seed service_tier stop store temperature"
    " top_logprobs top_p user verbosity web_search_options"
)
# Of other providers and of local servers with OpenAI's API.
OTHERS = (
    "chat_template_kwargs enable_thinking include_reasoning keep_alive min_p min_tokens models"
    " num_ctx num_predict options plugins provider random_seed reasoning reasoning_format"
    " reasoning_split repeat_penalty repetition_penalty route safe_prompt think thinking"
    " thinking_budget top_a top_k transforms typical_p"
)
KNOWN = frozenset((OPENAI + " " + OTHERS).split())


def unknown_parameters(names: Iterable[str]) -> list[str]:
    """A sentence for each name that no provider is known to take, or that the site itself sets."""
    return [problem(name) for name in names if name not in KNOWN]


def problem(name: str) -> str:
    if similar := get_close_matches(name, sorted(KNOWN), 1):
        values = {"name": name, "similar": similar[0]}
        return _("“%(name)s” is no known parameter. Is it “%(similar)s”?") % values
    return _("“%(name)s” is no known parameter.") % {"name": name}
