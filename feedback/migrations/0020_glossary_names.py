"""Models and fields take the names of the glossary; tables and columns keep theirs.

Content types are renamed by Django itself, permissions here: groups keep what they may do.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NAMES = {
    "Channel": "HeliconeCircuit",
    "Decision": "ReviewChange",
    "BulkAct": "BulkChange",
    "BulkPart": "BulkBatch",
    "ReadingLog": "StaffAccess",
    "Tally": "DailyCount",
    "Tallied": "CountedConversation",
    "Touched": "PendingRecount",
}
VERBS = ("add", "change", "delete", "view")


def rename_permissions(apps, schema_editor, names=NAMES):
    db = schema_editor.connection.alias
    permissions = apps.get_model("auth", "Permission").objects.using(db)
    for old, new in names.items():
        both = [old.lower(), new.lower()]
        theirs = permissions.filter(content_type__app_label="feedback", content_type__model__in=both)
        for verb in VERBS:
            named = f"Can {verb} {apps.get_model('feedback', new)._meta.verbose_name}"
            theirs.filter(codename=f"{verb}_{old.lower()}").update(
                codename=f"{verb}_{new.lower()}", name=named
            )


def rename_back(apps, schema_editor):
    rename_permissions(apps, schema_editor, {new: old for old, new in NAMES.items()})


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0001_squashed_0019_narrow_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Going back, the names that permissions get are those of the models of then.
        migrations.RunPython(migrations.RunPython.noop, rename_back),
        *[migrations.RenameModel(old, new) for old, new in NAMES.items()],
        migrations.AlterModelOptions(
            name='bulkbatch',
            options={'verbose_name_plural': 'bulk batches'},
        ),
        migrations.AlterModelOptions(
            name='staffaccess',
            options={'ordering': ['-at', '-pk'], 'verbose_name': 'staff access', 'verbose_name_plural': 'access log'},
        ),
        migrations.AlterField(
            model_name='reviewchange',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='feedback.review'),
        ),
        migrations.RenameField('review', 'blind', 'double_review'),
        migrations.RenameField('review', 'holder', 'lease_holder'),
        migrations.RenameField('review', 'held_until', 'leased_until'),
        # A condition is not renamed with its field; the index in the database is the same.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex('review', 'reviews_differing'),
                migrations.AddIndex(
                    'review',
                    models.Index(condition=models.Q(('double_review', 'differing')), fields=['id'], name='reviews_differing'),
                ),
            ],
        ),
        migrations.RunPython(rename_permissions, migrations.RunPython.noop),
    ]
