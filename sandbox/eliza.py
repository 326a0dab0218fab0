"""Eliza, from the package eliza-gpt, made fit to be a provider: any input gets an answer.

The package's own import puts its folders on sys.path for good, under names as general as
`utils`. Here they are on the path only while Eliza's modules are imported.
"""

import importlib
import importlib.util
import random
import sys
from pathlib import Path
from typing import Any

_LETTERS_PLEASE = "Please, use letters. I am human, after all."
_LONGEST = 400  # characters Eliza reads of a message: her rules' patterns are slow on long ones
_MOST = 30  # messages she remembers of a conversation


def _import_eliza() -> tuple[Any, Any]:
    spec = importlib.util.find_spec("eliza_gpt")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("The sandbox needs the package eliza-gpt.")
    home = str(Path(spec.submodule_search_locations[0]) / "eliza_py")
    names = ("utils", "utils.rank", "utils.rules", "utils.response", "utils.startup")
    others = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    sys.path.insert(0, home)
    try:
        startup = importlib.import_module("utils.startup")
        response = importlib.import_module("utils.response")
    finally:
        sys.path.remove(home)
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(others)
    scripts = Path(home) / "scripts"
    loaded = startup.setup(str(scripts / "general.json"), str(scripts / "doctor.json"))
    return response.generate_response, loaded


_generate, (_general, _script, _memory_inputs, _) = _import_eliza()


def answer(messages: list[str], seed: int | None = None) -> str:
    """Eliza's answer to the last message; the same for the same messages and seed."""
    _turn_the_pages(random.Random(seed))
    memory: list[str] = []
    text = _LETTERS_PLEASE
    for message in messages[-_MOST:]:
        text = _one(message[:_LONGEST], memory)
    return text


def _turn_the_pages(rng: random.Random) -> None:
    """Begin each rule's list of answers anywhere, so that "try again" says something new."""
    for entry in _script:
        for rule in entry["rules"]:
            rule["last_used_reassembly_rule"] = rng.randrange(len(rule["reassembly"]))


def _one(message: str, memory: list[str]) -> str:
    if not any(character.isalpha() for character in message):
        return _LETTERS_PLEASE
    try:
        text = str(_generate(message, _script, _general["substitutions"], memory, _memory_inputs))
    except Exception:  # her code indexes and unpacks what a hostile text may not contain
        return "I am not sure I understand you fully."
    return text.replace("Eliza: ", "").replace("\nYou: ", "").strip() or "Please go on."
