"""Interface to the chat application, to be replaced in another Django site.

Only these modules, and feedback/admin, import chatapp. In a site of its own:

models.py      Message, Origin, Conversation, User, Assistant and PromptVersion, or models like these
requests.py    the current user of a request, and responses in the site's look
runtime.py     threads for database work, connection errors, Helicone's settings
prepared.py    queries whose SQL is made once
search.py      words, phrases and indexes of the full-text search
extension.py   registration of feedback with the chat, in FeedbackConfig.ready

What the code outside feedback/admin uses of them:

Message        conversation, parent, role, status, text, images, created_at, prompt_version, model,
               parameters, left_out, helicone_id, origin; is_answer, is_rateable, RATEABLE;
               objects.readable_by(), answers()
Origin         REAL, SANDBOX; of_site(), counted()
Conversation   user, is_temporary, deleted_at; get_absolute_url(), remove_answers()
User           is_guest, is_staff, uid, name_for(); objects.with_pseudonym()
PromptVersion  assistant, number, instructions, digest

Besides: SQL in list_index and insights/rollup names the tables chatapp_message,
chatapp_conversation, chatapp_promptversion and chatapp_user; templates extend narrow.html and
include errors/problem.html.
"""
