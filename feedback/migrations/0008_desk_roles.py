"""Who of the roles sees names where they are hidden, and how far two reviewers agree."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

ROLES = {
    "reviewer": ["view_opinion"],
    "lead": ["view_opinion", "see_names"],
    "operator": ["see_names"],
}


def extend(apps, schema_editor):
    db = schema_editor.connection.alias
    create_permissions(installed.get_app_config("feedback"), verbosity=0, using=db)
    Group, Permission = (apps.get_model("auth", name) for name in ("Group", "Permission"))
    for name, codenames in ROLES.items():
        may = Permission.objects.using(db).filter(
            codename__in=codenames, content_type__app_label="feedback"
        )
        group, _created = Group.objects.using(db).get_or_create(name=name)
        group.permissions.add(*may)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0007_desk"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(extend, migrations.RunPython.noop)]
