"""PostgreSQL keeps the words of ratings apart from their ids; a million take a minute or two."""

from django.db import migrations

from feedback import list_index


def narrow(apps, schema_editor):
    list_index.narrow(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0018_in_time'),
    ]

    operations = [
        migrations.RunPython(narrow, migrations.RunPython.noop),
    ]
