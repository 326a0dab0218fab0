"""Takes the words of searches out of the logs of staff: they may be a deleted user's."""

from typing import Any

from django.db import migrations
from django.http import QueryDict

COLUMNS = (("StaffAccess", "filters"), ("Export", "filters"), ("BulkChange", "query"))


def drop_words(apps: Any, schema_editor: Any) -> None:
    for name, column in COLUMNS:
        entries = apps.get_model("feedback", name).objects.using(schema_editor.connection.alias)
        searched = entries.filter(**{f"{column}__contains": "q="}).values_list("pk", column)
        for pk, text in searched.iterator():
            query = QueryDict(text, mutable=True)
            if query.get("q"):
                query["q"] = "*"
                entries.filter(pk=pk).update(**{column: query.urlencode(safe="*")})


class Migration(migrations.Migration):
    dependencies = [("feedback", "0021_origin_and_reviews")]

    operations = [migrations.RunPython(drop_words, migrations.RunPython.noop, elidable=True)]
