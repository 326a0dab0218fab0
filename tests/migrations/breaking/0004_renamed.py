from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("feedback", "0003_dropped")]
    operations = [
        migrations.RenameField("thing", "name", "title"),
    ]
