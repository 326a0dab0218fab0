from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("feedback", "0005_narrower")]
    operations = [
        migrations.DeleteModel("Thing"),
    ]
