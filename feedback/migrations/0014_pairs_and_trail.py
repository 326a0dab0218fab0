"""Scripts without spaces in the index of words; the way back through what one has worked on."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

from feedback import list_index


def reword(apps, schema_editor):
    list_index.reword(schema_editor.connection)


def find_opinions(apps, schema_editor):
    """Of mentions that come from no decision: they were made when two differed."""
    db = schema_editor.connection.alias
    Mention, Opinion, Decision = (
        apps.get_model("feedback", name) for name in ("Mention", "Opinion", "Decision")
    )
    theirs = Opinion.objects.using(db).filter(review=OuterRef("review"), by=OuterRef("by"))
    decided = Decision.objects.using(db).filter(act=OuterRef("act"))
    undecided = Mention.objects.using(db).filter(~models.Exists(decided))
    undecided.update(opinion=Subquery(theirs.order_by("-pk").values("pk")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ('feedback', '0013_reading_purpose'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='copied',
            options={'verbose_name': 'copied answer', 'verbose_name_plural': 'copied answers'},
        ),
        migrations.AddField(
            model_name='mention',
            name='opinion',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='feedback.opinion'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['by', 'at', 'review'], name='decisions_on_the_trail'),
        ),
        migrations.AddIndex(
            model_name='opinion',
            index=models.Index(fields=['by', 'at', 'review'], name='opinions_on_the_trail'),
        ),
        migrations.RunPython(find_opinions, migrations.RunPython.noop),
        migrations.RunPython(reword, migrations.RunPython.noop),
    ]
