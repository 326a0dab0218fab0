"""python -m tests.tools.translations [--check]: bring the translations in step with the code, or tell.

Without --check, new texts are added to each .po, with nothing in them yet, and those that are said
nowhere any more are dropped; then each .mo is compiled. Either way it says what is left to do.
"""

import os
import sys
import tempfile

import django

MOST = 30  # lines about one file


def main(check: bool) -> int:
    from tests.tools.translations.catalogue import LANGUAGES, bring_in_step, po, problems
    from tests.tools.translations.collect import APPS, collect

    left = 0
    for app in APPS:
        texts = collect(app)
        for language in LANGUAGES:
            if not check:
                bring_in_step(app, language, texts)
            found = list(problems(app, language, texts))
            left += len(found)
            print(f"{po(app, language)}: {len(texts)} texts, {len(found)} problems")
            print(*(f"  {one}" for one in found[:MOST]), sep="\n", end="\n" if found else "")
    if left and check:
        print("`make messages` brings them in step; what is empty then is to be translated.")
    return bool(left)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="rapport-messages-") as var_dir:
        os.environ |= {"ENV_FILE": os.devnull, "VAR_DIR": var_dir, "DATABASE_URL": ""}
        os.environ["DJANGO_SETTINGS_MODULE"] = "chatapp.settings"
        django.setup()
        sys.exit(main("--check" in sys.argv[1:]))
