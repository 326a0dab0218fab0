"""Every rating that is there gets its review, new."""

from django.db import migrations

BATCH = 2_000


def begin(apps, schema_editor):
    Rating, Review = (apps.get_model("feedback", name) for name in ("Rating", "Review"))
    db = schema_editor.connection.alias
    without, last = Rating.objects.using(db).filter(review=None).order_by("pk"), 0
    while pks := list(without.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        Review.objects.using(db).bulk_create(Review(rating_id=pk) for pk in pks)
        last = pks[-1]


class Migration(migrations.Migration):
    dependencies = [("feedback", "0002_review")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
