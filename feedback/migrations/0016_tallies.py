"""The numbers of each day, kept true by triggers; all that is there is counted when they are first
asked for, or by the worker.

On SQLite `feedback.apps` makes the triggers after migrations, as it mends them after later ones.
"""

import django.db.models.deletion
from django.db import migrations, models

from feedback.insights import rollup


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        rollup.create(schema_editor.connection)


def drop(apps, schema_editor):
    rollup.drop(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('chatapp', '0008_counted'),
        ('feedback', '0015_walking'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tallied',
            fields=[
                ('conversation_id', models.UUIDField(primary_key=True, serialize=False)),
                ('cells', models.JSONField(help_text='Each a day, version, guest, reason, shown, rated, up.')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='TallyState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('zone', models.CharField(max_length=100)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Touched',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('conversation_id', models.UUIDField(null=True)),
                ('message_id', models.UUIDField(null=True)),
                ('rating_id', models.BigIntegerField(null=True)),
                ('user_id', models.BigIntegerField(null=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('kind', models.CharField(help_text='All of the next but week.', max_length=60, primary_key=True, serialize=False)),
                ('day', models.DateField(db_index=True)),
                ('week', models.DateField()),
                ('by_guest', models.BooleanField()),
                ('shown', models.IntegerField()),
                ('rated', models.IntegerField()),
                ('up', models.IntegerField()),
                ('reason', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='feedback.reason')),
                ('version', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='chatapp.promptversion')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.RunPython(create, drop),
    ]
