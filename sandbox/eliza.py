"""Eliza, from the package eliza-gpt, as a model that answers any input.

The package's own import leaves its folders on sys.path, with names as general as `utils`. Here
they are on the path only while Eliza's modules are imported.
"""

import importlib
import importlib.util
import random
import sys
from pathlib import Path
from typing import Any

_NO_LETTERS = "Please, use letters. I am human, after all."
_MAX_CHARACTERS = 400  # of a message: Eliza's patterns are slow on long ones
_MAX_MESSAGES = 30  # of a conversation that Eliza reads


def _import_eliza() -> tuple[Any, Any]:
    spec = importlib.util.find_spec("eliza_gpt")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("The sandbox needs the package eliza-gpt.")
    folder = str(Path(spec.submodule_search_locations[0]) / "eliza_py")
    names = ("utils", "utils.rank", "utils.rules", "utils.response", "utils.startup")
    shadowed = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    sys.path.insert(0, folder)
    try:
        startup = importlib.import_module("utils.startup")
        response = importlib.import_module("utils.response")
    finally:
        sys.path.remove(folder)
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(shadowed)
    scripts = Path(folder) / "scripts"
    loaded = startup.setup(str(scripts / "general.json"), str(scripts / "doctor.json"))
    return response.generate_response, loaded


_generate, (_general, _script, _memory_inputs, _) = _import_eliza()


def answer(messages: list[str], seed: int | None = None) -> str:
    """Eliza's answer to the last message; the same for the same messages and seed."""
    _shuffle_replies(random.Random(seed))
    memory: list[str] = []
    text = _NO_LETTERS
    for message in messages[-_MAX_MESSAGES:]:
        text = _reply_to(message[:_MAX_CHARACTERS], memory)
    return text


def _shuffle_replies(rng: random.Random) -> None:
    """Start each rule's list of answers at a random one, so that a retry answers differently."""
    for entry in _script:
        for rule in entry["rules"]:
            rule["last_used_reassembly_rule"] = rng.randrange(len(rule["reassembly"]))


def _reply_to(message: str, memory: list[str]) -> str:
    if not any(character.isalpha() for character in message):
        return _NO_LETTERS
    try:
        text = str(_generate(message, _script, _general["substitutions"], memory, _memory_inputs))
    except Exception:  # Eliza's code indexes and unpacks what a hostile text may not contain
        return "I am not sure I understand you fully."
    return text.replace("Eliza: ", "").replace("\nYou: ", "").strip() or "Please go on."
