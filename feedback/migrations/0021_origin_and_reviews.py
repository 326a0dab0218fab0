"""Origin of the rated answers, of which the numbers keep a count of its own; scores of reviews.

Answers from before this column count as real: nothing tells which of them the sandbox made.
"""

from django.conf import settings
from django.db import migrations, models

from feedback import triggers
from feedback.insights.rollup.triggers import ORIGIN_TRIGGER
from feedback.list_index.triggers import ORIGIN_TRIGGERS

ORIGINS = [('real', 'real'), ('sandbox', 'sandbox'), ('demo', 'demo')]


def create_triggers(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":  # there all are made after the migrations
        with schema_editor.connection.cursor() as cursor:
            triggers.create(cursor, [*ORIGIN_TRIGGERS, ORIGIN_TRIGGER])


def drop_triggers(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        triggers.drop(cursor, [trigger.name for trigger in (*ORIGIN_TRIGGERS, ORIGIN_TRIGGER)])


class Migration(migrations.Migration):

    dependencies = [
        ('chatapp', '0010_origin'),
        ('feedback', '0020_glossary_names'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='dailycount',
            name='origin',
            field=models.CharField(choices=ORIGINS, db_default='real', default='real', max_length=10),
        ),
        migrations.AddField(
            model_name='rating',
            name='origin',
            field=models.CharField(choices=ORIGINS, db_default='real', default='real', editable=False, max_length=10, verbose_name='origin'),
        ),
        migrations.AlterField(
            model_name='countedconversation',
            name='cells',
            field=models.JSONField(help_text='Each a day, version, guest, reason, shown, rated, up, and an origin unless real.'),
        ),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(condition=models.Q(('origin', 'real'), _negated=True), fields=['id'], name='ratings_not_real'),
        ),
        migrations.RunPython(create_triggers, drop_triggers),
        migrations.AddField(
            model_name='delivery',
            name='bad_sent_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='delivery',
            name='good_sent_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='delivery',
            name='shown_review',
            field=models.SmallIntegerField(blank=True, editable=False, null=True, verbose_name='review shown at Helicone'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='unreviewed_sent_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
