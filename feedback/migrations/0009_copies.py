"""What the list is filtered and searched by, copied by triggers; and the answers of a reason.

On SQLite `feedback.apps` takes the triggers away before migrations and mends them after.
"""

from django.db import migrations

from feedback import list_index


def create(apps, schema_editor):
    list_index.create(schema_editor.connection)
    list_index.loosen(schema_editor.connection)


def drop(apps, schema_editor):
    list_index.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0008_desk_roles"), ("chatapp", "0003_full_text")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX ratings_of_a_reason ON feedback_rating_reasons (reason_id, rating_id)",
            "DROP INDEX ratings_of_a_reason",
        ),
        # The colleagues who may be assigned, without walking through everybody who chats
        migrations.RunSQL(
            "CREATE INDEX staff_by_name ON chatapp_user (username) WHERE is_active AND is_staff",
            "DROP INDEX staff_by_name",
        ),
        migrations.RunPython(create, drop),
    ]
