"""Words of ratings that a TRUNCATE took away are forgotten with them."""

from django.db import migrations

from feedback import list_index


def empty(apps, schema_editor):
    list_index.empty(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0016_tallies'),
    ]

    operations = [
        migrations.RunPython(empty, migrations.RunPython.noop),
    ]
