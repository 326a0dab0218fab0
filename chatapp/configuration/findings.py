"""Checks an environment by the table: what each setting reads, and what has to be said."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from environ import Env

from chatapp.configuration.combinations import conflicts
from chatapp.configuration.env_file import EnvFile
from chatapp.configuration.setting import Setting, Unusable
from chatapp.configuration.table import NAMES, PRINTED, SETTINGS

# In the environment of many machines, and near a setting's name by accident.
UNRELATED = {"LANGUAGE"}
ILLEGIBLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
READ_BY_OTHERS = {"DJANGO_SETTINGS_MODULE"}


@dataclass
class Findings:
    """The text of each setting by name; sentences, of which an error stops the start."""

    texts: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def examine(environment: Mapping[str, str], env_file: EnvFile) -> Findings:
    # An empty setting is an unset one: `PORT=` and compose files mean "the default".
    given = {name: value for name, value in environment.items() if value.strip()}
    findings = Findings()
    if "ENV_FILE" in given and not env_file.path.exists():
        findings.warnings.append(f"ENV_FILE is {str(env_file.path)!r}, and there is no such file.")
    for setting in SETTINGS:
        _examine(setting, given, env_file, findings)
    findings.warnings += _wrong_names(given, env_file)
    if not findings.errors:
        findings.errors += conflicts(findings.texts)
    return findings


def _examine(
    setting: Setting, given: Mapping[str, str], env_file: EnvFile, findings: Findings
) -> None:
    name, old = setting.name, setting.old_name
    if old in given:
        ignored = f"and {name} goes before it" if name in given else "until 0.2 the old name works"
        place = env_file.place(old, given[old])
        findings.warnings.append(f"{place}: {old} is called {name} now, {ignored}.")
        name = name if name in given else old
    findings.texts[setting.name] = setting.default
    if name not in given:
        return
    try:
        findings.texts[setting.name] = setting.kind.check(_legible(_resolved(name, given)))
    except Unusable as unusable:
        sentence = f"{env_file.place(name, given[name])}: {name} {unusable}"
        if setting.stops:
            findings.errors.append(sentence)
            return
        taken = findings.texts[setting.name] = setting.in_place_of_unusable
        instead = f"{taken} is taken instead." if taken else "It counts as not set."
        findings.warnings.append(f"{sentence} {instead}")


def _resolved(name: str, given: Mapping[str, str]) -> str:
    """The value, or that of the variable it names: django-environ reads $OTHER so."""
    env = Env()
    env.ENVIRON = given
    try:
        value = str(env.str(name, default=""))
    except RecursionError:
        value = ""
    if not value:
        raise Unusable("starts with $, which stands for another variable, and that isn't set.")
    return value


def _legible(value: str) -> str:
    """The value. Bytes of the environment that aren't UTF-8 arrive as surrogates."""
    if ILLEGIBLE.search(value.strip()):
        raise Unusable("holds a control character, or is no text in UTF-8.")
    return value


def _wrong_names(given: Mapping[str, str], env_file: EnvFile) -> Iterator[str]:
    """Every name in the file that isn't a setting, and what nearly is one in the environment."""
    used = {value.lstrip("$") for value in given.values() if value.startswith("$")}
    for name, (number, _) in env_file.lines.items():
        if name not in NAMES | READ_BY_OTHERS | used:
            meant = nearest(name.upper())
            hint = f"; did you mean {meant}?" if meant else "."
            yield f"{env_file.path.name}, line {number}: {name} is not a setting of Rapport{hint}"
    for name in given:
        if name not in NAMES | UNRELATED | used | env_file.lines.keys():
            meant = nearest(name)
            if meant:
                yield f"In the environment: {name} is not a setting; did you mean {meant}?"


def nearest(name: str) -> str | None:
    """The setting that differs by one letter more, less or another, or by two in wrong order."""
    variants = _one_less(name)
    for setting in PRINTED:
        near = abs(len(setting.name) - len(name)) <= 1 and setting.name[0] == name[0]
        if near and variants & _one_less(setting.name):
            return setting.name
    return None


def _one_less(name: str) -> set[str]:
    """The name, and it without one of its letters: near names have one of these in common."""
    return {name, *(name[:at] + name[at + 1 :] for at in range(len(name)))}
