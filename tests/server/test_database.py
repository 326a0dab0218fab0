"""What the start refuses to run with."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from chatapp.server import migrations_check


class Behind(MigrationLoader):
    """Migrations that don't know one field of a model yet."""

    def project_state(self, *args, **kwargs) -> ProjectState:
        state = super().project_state(*args, **kwargs)
        del state.models["chatapp", "user"].fields["is_guest"]
        return state


def test_models_that_changed_without_a_migration_are_refused():
    with pytest.raises(SystemExit, match=r"^A migration is missing: the models of chatapp have"):
        migrations_check.refuse_models_without_migrations(Behind(None))


def test_models_that_have_their_migrations_are_not():
    migrations_check.refuse_models_without_migrations(MigrationLoader(None))


@pytest.mark.django_db
def test_a_database_that_is_up_to_date_is_left_alone(django_assert_max_num_queries):
    with django_assert_max_num_queries(5) as queries:
        migrations_check.migrate_or_exit()
    assert not [one for one in queries if not one["sql"].lstrip().startswith("SELECT")]
    assert connection.is_usable()
