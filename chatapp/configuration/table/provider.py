"""Settings of the provider, of Helicone before it, and of the delivery of ratings."""

from chatapp.configuration import kinds
from chatapp.configuration.setting import Section, Setting

PROVIDER = Section(
    "The provider, behind Helicone or without: docs/providers.md has each with its settings",
    (
        Setting(
            "OPENAI_API_KEY",
            kinds.OPENAI_KEY,
            "",
            "Key of OpenAI, or of the provider that PROVIDER_URL or AZURE_OPENAI_ENDPOINT names."
            " Without any of the three a local stand-in answers, the sandbox, and every page says so.",
            stops=True,
        ),
        Setting(
            "PROVIDER_URL",
            kinds.PROVIDER_ADDRESS,
            "",
            "Base URL of another provider with OpenAI's API."
            " As in https://api.groq.com/openai/v1, or http://localhost:11434/v1 for Ollama with"
            " HELICONE=off.",
            stops=True,
        ),
        Setting(
            "AZURE_OPENAI_ENDPOINT",
            kinds.AZURE_ADDRESS,
            "",
            "Endpoint of an Azure OpenAI resource, whose key is OPENAI_API_KEY."
            " As in https://RESOURCE.openai.azure.com. Models are called by the names of their"
            " deployments.",
            stops=True,
        ),
        Setting(
            "HELICONE",
            kinds.choice("on", "ai-gateway", "off"),
            "on",
            "ai-gateway: Helicone chooses the provider, with HELICONE_API_KEY alone; off: no Helicone."
            " With off, questions go straight to the provider, ratings stay here, and every place"
            " that speaks of delivery says so.",
            stops=True,
        ),
        Setting(
            "HELICONE_API_KEY",
            kinds.HELICONE_KEY,
            "",
            "Key of the Helicone organisation that logs requests and takes ratings."
            " It looks like sk-helicone-... Without it answers come, Helicone logs none of them, and"
            " ratings wait here until it is set.",
            stops=True,
        ),
        Setting(
            "HELICONE_GATEWAY_URL",
            kinds.HELICONE_ADDRESS,
            "",
            "Address for completions."
            " https://oai.helicone.ai/v1; with PROVIDER_URL https://gateway.helicone.ai, to which that"
            " URL's path is added; AI gateway: https://ai-gateway.helicone.ai/v1; self-hosted:"
            " http://HOST:8585/v1/gateway/oai/v1.",
            computed="Helicone's own",
            stops=True,
        ),
        Setting(
            "HELICONE_API_URL",
            kinds.HELICONE_ADDRESS,
            "",
            "Address to which ratings are posted and from which they are read back."
            " https://api.helicone.ai; EU: https://eu.api.helicone.ai; self-hosted:"
            " http://HOST:8585.",
            computed="of the key's region",
            stops=True,
        ),
        Setting(
            "HELICONE_APP_URL",
            kinds.HELICONE_ADDRESS,
            "",
            "Address of Helicone's web UI, for links."
            " https://us.helicone.ai; EU: https://eu.helicone.ai; self-hosted: http://HOST:3000.",
            computed="of the key's region",
            stops=True,
        ),
        Setting(
            "HELICONE_RATE_LIMIT_POLICY",
            kinds.RATE_LIMIT_POLICY,
            "",
            "What Helicone rejects before it reaches the model. QUOTA;w=SECONDS;u=request or cents;"
            "s=user or a property: 100;w=3600;u=request;s=user is a hundred questions an hour for"
            " each user.",
        ),
        Setting(
            "HELICONE_MODERATION",
            kinds.BOOLEAN,
            "false",
            "true: Helicone has OpenAI's moderation check each question first.",
        ),
        Setting(
            "HELICONE_PROMPT_SECURITY",
            kinds.BOOLEAN,
            "false",
            "true: Helicone checks each question for prompt injection first.",
        ),
        Setting(
            "EVENT_MAX_SIZE",
            kinds.COUNT,
            "4000000",
            "Longest line of the provider's stream, in bytes; then the answer has failed.",
        ),
        Setting(
            "DEFAULT_MODEL",
            kinds.TEXT,
            "gpt-5.4-mini",
            "Model of the assistant that a new site starts with. Later it is changed in the admin.",
        ),
        Setting(
            "TITLE_MODEL",
            kinds.TEXT,
            "",
            "Cheap model that titles a conversation after its first answer, or none."
            " That is one more request, which Helicone logs with the property purpose=title. With"
            " none, and with the sandbox, the first line is the title.",
            computed="`DEFAULT_MODEL`",
        ),
    ),
)
DELIVERY = Section(
    "Delivery of ratings to Helicone",
    (
        Setting(
            "DELIVER_IN_SERVER",
            kinds.BOOLEAN,
            "true",
            "false: `manage.py deliver_ratings` delivers ratings in a process of its own.",
        ),
        Setting("HELICONE_TIMEOUT", kinds.SECONDS, "10", "Seconds that a call may take."),
        Setting(
            "HELICONE_CONCURRENCY",
            kinds.COUNT,
            "64",
            "Calls that one worker makes at the same time.",
        ),
        Setting(
            "HELICONE_READ_BATCH",
            kinds.whole(1, 1000),
            "250",
            "Ratings that one query reads back, at most 1000.",
        ),
        Setting(
            "HELICONE_RATE_LIMIT",
            kinds.LIMIT,
            "1000",
            "Calls that Helicone allows in HELICONE_RATE_WINDOW; 0 is no limit."
            " All workers share it. Free plan 1000, paid 10000, enterprise 100000 in 300 seconds.",
        ),
        Setting(
            "HELICONE_RATE_WINDOW",
            kinds.SECONDS,
            "300",
            "Seconds for which HELICONE_RATE_LIMIT counts.",
        ),
        Setting(
            "HELICONE_SECOND_WRITE_SECONDS",
            kinds.SECONDS_OR_NONE,
            "600",
            "Seconds after which Helicone writes a rating a second time."
            " Until then an older one may win: a changed rating counts as settled only when this"
            " has passed and it still stands.",
        ),
        Setting(
            "HELICONE_SEND_REASONS",
            kinds.BOOLEAN,
            "false",
            "true: reasons and comments go to Helicone too, as properties of the request."
            " A comment can be personal.",
        ),
        Setting(
            "HELICONE_SEND_REVIEWS",
            kinds.BOOLEAN,
            "false",
            "true: what reviewers decide goes to Helicone too: whether an answer is good, and why not."
            " The score `review` is 1 for good, 0 for bad, -1 for a verdict that was withdrawn; the"
            " category and the weight of the implicit feedback are the properties review-category"
            " and review-signals.",
        ),
        Setting(
            "DELIVERY_LATE_SECONDS",
            kinds.SECONDS_OR_NONE,
            "900",
            "Seconds after which a waiting rating counts as late. /readyz then says so.",
        ),
        Setting(
            "METRICS_TOKEN",
            kinds.TEXT,
            "",
            "Bearer token that opens /metrics, the numbers for monitoring."
            " Without it there is no such page.",
        ),
    ),
)
