"""The table of all settings, in the order in which they are printed."""

from chatapp.configuration import kinds
from chatapp.configuration.setting import Section, Setting
from chatapp.configuration.table import chat, provider, site

SECTIONS: tuple[Section, ...] = (
    provider.PROVIDER,
    provider.DELIVERY,
    site.ADDRESS,
    site.SIGN_IN,
    chat.USERS,
    chat.RATINGS,
    chat.LANGUAGES,
    site.STORAGE,
    site.MAIL,
    site.SERVER,
    site.TRACES,
)
PRINTED = tuple(setting for section in SECTIONS for setting in section.settings)
# Set by the start script when it starts the sandbox, never by hand.
SANDBOX = Setting("SANDBOX", kinds.BOOLEAN, "false", "The sandbox plays OpenAI and Helicone.")
SETTINGS = (*PRINTED, SANDBOX)
OLD_NAMES = {setting.old_name: setting.name for setting in SETTINGS if setting.old_name}
# Everything that the environment is asked for.
NAMES = frozenset({setting.name for setting in SETTINGS} | OLD_NAMES.keys() | {"ENV_FILE"})
