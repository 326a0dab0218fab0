"""The thinking of a model before its answer, and how long it took."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chatapp", "0001_squashed_0008_counted")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="thinking",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="thinking"),
        ),
        migrations.AddField(
            model_name="message",
            name="thinking_ms",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="time of thinking, ms"
            ),
        ),
    ]
