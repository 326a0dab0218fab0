"""Words of ratings that a TRUNCATE took away are forgotten with them."""

from django.db import migrations

from feedback import copies


def empty(apps, schema_editor):
    copies.empty(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0016_tallies'),
    ]

    operations = [
        migrations.RunPython(empty, migrations.RunPython.noop),
    ]
