from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("feedback", "0002_not_null")]
    operations = [
        migrations.RemoveField("thing", "note"),
    ]
