from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0007_with_a_default")]
    operations = [
        migrations.AddField("other", "at", models.DateTimeField(null=True)),
    ]
