"""Settings of what users may do, of languages, and of review."""

from chatapp.configuration import kinds
from chatapp.configuration.setting import Section, Setting

USERS = Section(
    "What users may do",
    (
        Setting("MESSAGE_MAX_LENGTH", kinds.COUNT, "16000", "Longest message, in characters."),
        Setting(
            "MESSAGES_PER_MINUTE",
            kinds.LIMIT,
            "20",
            'Questions a user may ask in a minute; 0 is no limit. "Try again" counts as well.',
        ),
        Setting(
            "MESSAGES_PER_DAY",
            kinds.LIMIT,
            "1000",
            "Questions a user may ask in a day; 0 is no limit.",
        ),
        Setting(
            "GUEST_MESSAGES_PER_ADDRESS",
            kinds.LIMIT,
            "30",
            "Questions in a minute of all guests at one network address; 0 is no limit."
            " An IPv6 address counts as its /64. See TRUSTED_PROXIES.",
        ),
        Setting(
            "GUEST_MESSAGES_PER_HOUR",
            kinds.LIMIT,
            "3000",
            "Questions in an hour of all guests together; 0 is no limit."
            " It bounds what strangers can cost, however many addresses they have.",
        ),
        Setting(
            "ANSWERS_AT_ONCE",
            kinds.LIMIT,
            "3",
            "Answers a user may have written at the same time; 0 is no limit.",
        ),
        Setting(
            "STREAMS_PER_USER",
            kinds.LIMIT,
            "20",
            "Answers that are shown live to a user at the same time, in all tabs; 0 is no limit."
            " Each server process counts its own. Tabs beyond the fourth look every two seconds,"
            " since over HTTP/1.1 a browser has six connections to a site; those beyond the limit"
            " say so, and try again.",
        ),
        Setting(
            "DOWNLOADS_PER_USER",
            kinds.LIMIT,
            "2",
            "Downloads of their own data that a user may have at the same time; 0 is no limit.",
        ),
        Setting(
            "EXPORTS_AT_ONCE",
            kinds.LIMIT,
            "4",
            "Exports of rated answers that a server process writes at the same time;"
            " 0 is no limit.",
        ),
        Setting(
            "CONTEXT_MAX_LENGTH",
            kinds.COUNT,
            "200000",
            "How much of a conversation the model is given, in characters."
            " A token has about four. The oldest messages leave first, and the page says so.",
        ),
        Setting(
            "ANSWER_MAX_LENGTH",
            kinds.COUNT,
            "1000000",
            "Longest answer with its thinking, in characters; it ends there, and can be continued.",
        ),
        Setting(
            "MARKDOWN_MAX_LENGTH",
            kinds.COUNT,
            "100000",
            "How much of one message is formatted, in characters; the rest is shown as plain text."
            " The page says so.",
        ),
        Setting(
            "HTML_MAX_TAGS",
            kinds.COUNT,
            "30000",
            "Tags of one message's HTML, after which the rest is shown as plain text."
            " That is about a second of CPU, and twice what 100,000 characters of prose, code or"
            " tables become.",
        ),
        Setting(
            "HTML_MAX_LENGTH",
            kinds.COUNT,
            "1000000",
            "Characters of one message's HTML, after which the rest is shown as plain text.",
        ),
        Setting(
            "IMAGES_PER_MESSAGE",
            kinds.SIZE,
            "4",
            "Images in a message, for assistants that take images; 0 turns images off."
            " Which do is marked in the admin.",
        ),
        Setting(
            "IMAGES_PER_DAY",
            kinds.LIMIT,
            "200",
            "Images a user may send in a day; 0 is no limit.",
        ),
        Setting("IMAGE_MAX_SIZE", kinds.COUNT, "10000000", "Largest image, in bytes."),
        Setting("IMAGE_MAX_PIXELS", kinds.COUNT, "25000000", "Largest image, in pixels."),
        Setting(
            "IMAGE_MAX_SCANS",
            kinds.COUNT,
            "100",
            "Scans of a progressive JPEG; programs save 10 or so."
            " Each is a walk over all pixels. Of an animated image only the first frame is read.",
        ),
        Setting(
            "IMAGE_SECONDS",
            kinds.COUNT,
            "5",
            "Longest time to read one image, in seconds of CPU. It is read in a process of its"
            " own, which is ended then.",
        ),
        Setting(
            "IMAGES_AT_ONCE",
            kinds.COUNT,
            "2",
            "Images that are read at the same time; further ones wait."
            " Each takes up to 100 MB of memory. What has waited for 15 seconds is refused.",
        ),
        Setting(
            "IMAGES_IN_CONTEXT",
            kinds.SIZE,
            "8",
            "How many of a conversation's newest images the model is given with each question.",
        ),
        Setting(
            "DELETED_KEEP_DAYS",
            kinds.whole(0, 36_500),
            "30",
            "Days for which a deleted conversation can be restored; then it is purged.",
        ),
        Setting(
            "TEMPORARY_HOURS",
            kinds.whole(1, 876_000),
            "24",
            "Hours after its last message at which a temporary chat is purged.",
        ),
    ),
)
RATINGS = Section(
    "Ratings and their review",
    (
        Setting(
            "RATINGS",
            kinds.BOOLEAN,
            "on",
            "off: no thumbs, and the server rejects ratings."
            " Earlier ratings stay, are delivered, and can be withdrawn. For the users of one group"
            " alone, the group's page in the admin has a box.",
        ),
        Setting(
            "IMPLICIT_FEEDBACK",
            kinds.BOOLEAN,
            "on",
            "off: copied, regenerated, stopped and rephrased are neither recorded nor shown."
            " Otherwise they help to choose what to review first; they enter no rate, and users are"
            " told.",
            fallback="off",
            old_name="SIGNALS",
        ),
        Setting(
            "STAFF_ACCESS",
            kinds.choice("all", "rated", "answer"),
            "all",
            "What staff may read: all conversations, rated ones, or the rated answer."
            " rated: conversations with a rated answer. answer: a rated answer and the messages"
            " before it. Users are told on the site what holds.",
            fallback="answer",
            old_name="READING",
        ),
        Setting(
            "STAFF_MFA",
            kinds.choice("optional", "required"),
            "optional",
            "Second factor of staff: optional, required."
            " required leads staff who have none to set one up before they see the admin, and asks"
            " sessions without it for it. optional, since the first start would otherwise end"
            " before an authenticator app; sites that others can reach should require it.",
            fallback="required",
        ),
        Setting(
            "STAFF_ACCESS_REASON",
            kinds.choice("whole", "always", "never", also=kinds.always_or_never),
            "whole",
            "For what staff state a reason before they read: whole, always, never."
            " The reason is kept in the access log, or the log of exports."
            " whole: a whole conversation, a single message, an export; rated answers are read for"
            " review, and the log says so. always: rated answers and their list too, once a working"
            " day. Under both, the admin's lists of conversations and messages show no text of"
            " them, and none can be searched for. never: no reason is asked, those lists show"
            " titles and beginnings, and the log has no reasons.",
            fallback="always",
            old_name="READING_REASON",
        ),
        Setting(
            "HIDE_NAMES",
            kinds.BOOLEAN,
            "false",
            "true: reviewers see pseudonyms in place of users' names."
            ' They stay the same, such as "Person 4f2a91". Leads, operators and staff with the'
            " permission see_names see names.",
            fallback="true",
        ),
        Setting(
            "DOUBLE_REVIEW",
            kinds.SHARE_OF_ONE,
            "0",
            "Share of rated answers that two reviewers judge independently."
            " Neither sees the other's verdict before both have judged. 0.1 is every tenth; it"
            " needs two reviewers.",
            old_name="REVIEW_TWICE",
        ),
        Setting(
            "SHOW_CORRECTIONS",
            kinds.BOOLEAN,
            "false",
            "true: a reviewer may show the corrected answer to the user who rated."
            " It appears under the user's own answer.",
            old_name="SHOW_FIXES",
        ),
    ),
)
LANGUAGES = Section(
    "Languages",
    (
        Setting(
            "LANGUAGE_CODE",
            kinds.LANGUAGE,
            "en",
            "Language for browsers that ask for none of LANGUAGES."
            " en, de, es, fr or zh-hans (simplified Chinese).",
        ),
        Setting(
            "LANGUAGES",
            kinds.LANGUAGES,
            "en,de,es,fr,zh-hans",
            "Languages that users can choose, with commas between them."
            " Of any other language that Django knows, Django's own texts are translated, and this"
            " site's stay English.",
        ),
    ),
)
