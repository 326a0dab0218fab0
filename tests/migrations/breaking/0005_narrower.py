from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0004_renamed")]
    operations = [
        migrations.AlterField("thing", "title", models.CharField(max_length=50)),
    ]
