"""The schema as of commit 620bdc9; a database that is older has to be upgraded to it first.

On SQLite `chatapp.apps` makes the indexes of words after all migrations.
"""

import chatapp.models.shared_copy
import chatapp.models.user
import django.contrib.auth.validators
import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from chatapp.search import postgresql, sqlite

INDEXED = {"chatapp_message": "text", "chatapp_conversation": "title"}


def create_word_indexes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, column in INDEXED.items():
            schema_editor.execute(postgresql.create(table, column), params=None)


def drop_word_indexes(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for table, column in INDEXED.items():
            if schema_editor.connection.vendor == "postgresql":
                cursor.execute(postgresql.drop(table))
            else:
                sqlite.drop(cursor, table, column)


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('chatapp', '0001_initial'),
        ('chatapp', '0002_places_of_conversations'),
        ('chatapp', '0003_full_text'),
        ('chatapp', '0004_titled_by'),
        ('chatapp', '0005_shared_copies'),
        ('chatapp', '0006_temporary'),
        ('chatapp', '0007_images'),
        ('chatapp', '0008_counted'),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Assistant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('slug', models.SlugField(unique=True)),
                ('description', models.CharField(blank=True, max_length=200)),
                ('is_active', models.BooleanField(default=True, verbose_name='offered')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('sees_images', models.BooleanField(default=False, help_text='Only where the model of each of its versions with traffic does.', verbose_name='sees images')),
            ],
            options={
                'ordering': ['position', 'name'],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, help_text='What Helicone knows this person by. Says nothing about who it is.', unique=True)),
                ('is_guest', models.BooleanField(default=False)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
            },
            managers=[
                ('objects', chatapp.models.user.PersonManager()),
            ],
        ),
        migrations.CreateModel(
            name='PromptVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(editable=False)),
                ('model', models.CharField(max_length=100)),
                ('instructions', models.TextField(blank=True)),
                ('parameters', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, help_text='Sent along with each request, such as {"temperature": 0.2}.')),
                ('weight', models.PositiveIntegerField(default=1, help_text='Its share of new conversations, relative to the others. 0 is none.')),
                ('note', models.CharField(blank=True, max_length=200)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('assistant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='chatapp.assistant')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['assistant', '-number'],
                'constraints': [models.UniqueConstraint(fields=('assistant', 'number'), name='version_number_once')],
            },
        ),
        migrations.CreateModel(
            name='Conversation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assistant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conversations', to='chatapp.assistant')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conversations', to=settings.AUTH_USER_MODEL)),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('deleted_at', models.DateTimeField(blank=True, db_index=True, editable=False, null=True)),
                ('pinned_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('titled_by', models.CharField(choices=[('first line', 'its first line'), ('model', 'a model'), ('person', 'its owner')], default='first line', editable=False, max_length=10)),
                ('is_temporary', models.BooleanField(default=False, editable=False)),
            ],
            options={
                'ordering': ['-updated_at', '-pk'],
                'indexes': [
                    models.Index(fields=['user', '-updated_at'], name='conversations_of_a_person'),
                    models.Index(condition=models.Q(('is_temporary', True), ('deleted_at__isnull', False), _connector='OR'), fields=['id'], name='conversations_not_counted'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('user', 'person'), ('assistant', 'assistant')], max_length=10)),
                ('text', models.TextField(blank=True)),
                ('status', models.CharField(choices=[('queued', 'waiting'), ('streaming', 'being written'), ('complete', 'complete'), ('stopped', 'stopped'), ('interrupted', 'interrupted'), ('failed', 'failed')], default='queued', max_length=12)),
                ('created_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('model', models.CharField(blank=True, max_length=100)),
                ('parameters', models.JSONField(blank=True, default=dict)),
                ('request_id', models.UUIDField(blank=True, help_text='The id that we asked Helicone to use.', null=True)),
                ('helicone_id', models.UUIDField(blank=True, db_index=True, help_text="The id that Helicone's response named. Ratings go to this one.", null=True, verbose_name='helicone-id')),
                ('left_out', models.PositiveIntegerField(default=0, help_text='How many of the oldest messages did not fit into the context.')),
                ('finish_reason', models.CharField(blank=True, max_length=30)),
                ('prompt_tokens', models.PositiveIntegerField(blank=True, null=True)),
                ('completion_tokens', models.PositiveIntegerField(blank=True, null=True)),
                ('first_token_ms', models.PositiveIntegerField(blank=True, null=True, verbose_name='time to first token, ms')),
                ('duration_ms', models.PositiveIntegerField(blank=True, null=True, verbose_name='duration, ms')),
                ('error', models.CharField(blank=True, help_text='What went wrong, as one of the known failures.', max_length=30)),
                ('error_detail', models.TextField(blank=True, help_text='What the provider said, for staff.')),
                ('retry_after', models.PositiveIntegerField(blank=True, help_text='Seconds.', null=True)),
                ('heartbeat_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('stop_requested', models.BooleanField(default=False)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='chatapp.conversation')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='children', to='chatapp.message')),
                ('prompt_version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='chatapp.promptversion')),
                ('images', models.JSONField(blank=True, default=list, editable=False)),
            ],
            options={
                'ordering': ['created_at'],
                'indexes': [
                    models.Index(condition=models.Q(('status__in', ['queued', 'streaming'])), fields=['heartbeat_at'], name='messages_running'),
                    models.Index(condition=models.Q(models.Q(('text', ''), _negated=True), ('role', 'assistant'), ('status__in', ['complete', 'stopped', 'interrupted'])), fields=['created_at', 'prompt_version', 'conversation', 'id'], name='messages_shown'),
                ],
            },
        ),
        migrations.AddField(
            model_name='conversation',
            name='head',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='chatapp.message'),
        ),
        migrations.CreateModel(
            name='SharedCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=chatapp.models.shared_copy.new_token, editable=False, max_length=40, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('messages', models.JSONField(default=list)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('conversation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='shared_copies', to='chatapp.conversation')),
            ],
            options={
                'verbose_name_plural': 'shared copies',
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('conversation',), name='one_live_copy_of_a_conversation')],
            },
        ),
        migrations.RunPython(create_word_indexes, drop_word_indexes),
    ]
