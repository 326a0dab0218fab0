"""The roles of a team, as groups that the admin can change."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

READ = ["view_rating", "view_review", "view_reason", "view_category"]
REVIEW = [*READ, "change_review"]
ROLES = {
    "viewer": READ,
    "reviewer": REVIEW,
    "lead": [
        *REVIEW,
        "manage_reviews",
        "view_readinglog",
        *[f"{verb}_{what}" for what in ("reason", "category") for verb in ("add", "change")],
        *["view_assistant", "view_promptversion", "view_conversation"],
    ],
    "operator": [
        "view_delivery",
        "change_delivery",
        *[f"{verb}_{what}" for what in ("assistant", "promptversion") for verb in ("view", "add", "change")],
    ],
}


def make(apps, schema_editor):
    db = schema_editor.connection.alias
    # Django makes permissions only after all migrations have run.
    for label in ("chatapp", "feedback"):
        create_permissions(installed.get_app_config(label), verbosity=0, using=db)
    Group, Permission = (apps.get_model("auth", name) for name in ("Group", "Permission"))
    for name, codenames in ROLES.items():
        group, _created = Group.objects.using(db).get_or_create(name=name)
        may = Permission.objects.using(db).filter(
            codename__in=codenames, content_type__app_label__in=["chatapp", "feedback"]
        )
        group.permissions.add(*may)


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0004_reading"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
