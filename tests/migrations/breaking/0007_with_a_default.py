from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0006_deleted")]
    operations = [
        migrations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("other", "size", models.IntegerField(db_default=0)),
    ]
