"""All that feedback takes of the chat it belongs to, to be replaced in another Django site.

Only these modules, and feedback/admin, import chatapp. In a site of its own:

models.py      Message, Conversation, User, Assistant and PromptVersion, or models like these
requests.py    the current user of a request, and responses in the site's look
runtime.py     threads for database work, connection errors, Helicone's settings
search.py      words, phrases and indexes of the full-text search
extension.py   what the chat is told about feedback, in FeedbackConfig.ready

Of a message, the code outside feedback/admin uses these fields: `conversation`, `parent`, `role`,
`text`, `status`, `created_at`, `prompt_version`, `model`, `parameters`, `helicone_id`, `images`; and
`is_rateable`, `is_answer`, `objects.readable_by()`. Of a conversation: `user`, `head`,
`is_temporary`, `deleted_at`, `get_absolute_url()`. Of a user: `is_guest`, `pseudonym`, `name_for()`,
`sees_names`. Database triggers (list_index, insights/rollup) name the tables chatapp_message,
chatapp_conversation and chatapp_user.
"""
