"""The indexes that search uses. On SQLite `chatapp.apps` mends them after each later migration."""

from django.db import migrations

from chatapp.search import postgresql, sqlite

INDEXED = {"chatapp_message": "text", "chatapp_conversation": "title"}


def create(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for table, column in INDEXED.items():
            if connection.vendor == "postgresql":
                cursor.execute(postgresql.create(table, column))
            else:
                sqlite.create(cursor, table, column)


def drop(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for table, column in INDEXED.items():
            if connection.vendor == "postgresql":
                cursor.execute(postgresql.drop(table))
            else:
                sqlite.drop(cursor, table, column)


class Migration(migrations.Migration):
    dependencies = [("chatapp", "0002_places_of_conversations")]
    operations = [migrations.RunPython(create, drop)]
