"""The schema as of commit 620bdc9; a database that is older has to be upgraded to it first.

On SQLite `feedback.apps` makes the triggers after all migrations, as it mends them after later ones.
"""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

from feedback import list_index
from feedback.insights import rollup

READ = ["view_rating", "view_review", "view_reason", "view_category"]
REVIEW = [*READ, "change_review", "view_opinion"]
ROLES = {
    "viewer": READ,
    "reviewer": REVIEW,
    "lead": [
        *REVIEW,
        "manage_reviews",
        "see_names",
        "export_ratings",
        "view_export",
        "view_readinglog",
        *[f"{verb}_{what}" for what in ("reason", "category") for verb in ("add", "change")],
        *["view_assistant", "view_promptversion", "view_conversation"],
    ],
    "operator": [
        "see_names",
        "view_delivery",
        "change_delivery",
        *[f"{verb}_{what}" for what in ("assistant", "promptversion") for verb in ("view", "add", "change")],
    ],
}


def make_roles(apps, schema_editor):
    """The roles of a team, as groups that the admin can change."""
    db = schema_editor.connection.alias
    # Django makes permissions only after all migrations have run, under the names of then.
    for label in ("chatapp", "feedback"):
        config = apps.get_app_config(label)
        if not getattr(config, "models_module", None):
            config.models_module = True
        create_permissions(config, verbosity=0, using=db, apps=apps)
    Group, Permission = (apps.get_model("auth", name) for name in ("Group", "Permission"))
    for name, codenames in ROLES.items():
        group, _created = Group.objects.using(db).get_or_create(name=name)
        may = Permission.objects.using(db).filter(
            codename__in=codenames, content_type__app_label__in=["chatapp", "feedback"]
        )
        group.permissions.add(*may)


def create_triggers(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        list_index.create(schema_editor.connection)
        rollup.create(schema_editor.connection)


def drop_triggers(apps, schema_editor):
    rollup.drop(schema_editor.connection)
    list_index.drop(schema_editor.connection)


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('feedback', '0001_initial'),
        ('feedback', '0002_review'),
        ('feedback', '0003_new_reviews'),
        ('feedback', '0004_reading'),
        ('feedback', '0005_roles'),
        ('feedback', '0006_the_list'),
        ('feedback', '0007_desk'),
        ('feedback', '0008_desk_roles'),
        ('feedback', '0009_copies'),
        ('feedback', '0010_export'),
        ('feedback', '0011_rules'),
        ('feedback', '0012_signals'),
        ('feedback', '0013_reading_purpose'),
        ('feedback', '0014_pairs_and_trail'),
        ('feedback', '0015_walking'),
        ('feedback', '0016_tallies'),
        ('feedback', '0017_emptied'),
        ('feedback', '0018_in_time'),
        ('feedback', '0019_narrow_words'),
    ]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('chatapp', '0001_squashed_0008_counted'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Reason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True)),
                ('label', models.CharField(max_length=60)),
                ('value', models.SmallIntegerField(choices=[(1, 'thumbs up'), (-1, 'thumbs down')], verbose_name='asked after')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('is_retired', models.BooleanField(default=False, verbose_name='retired')),
            ],
            options={
                'ordering': ['-value', 'position', 'label'],
            },
        ),
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True)),
                ('label', models.CharField(max_length=60)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('is_retired', models.BooleanField(default=False, verbose_name='retired')),
            ],
            options={
                'verbose_name': 'failure category',
                'verbose_name_plural': 'failure categories',
                'ordering': ['position', 'label'],
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.SmallIntegerField(blank=True, choices=[(1, 'thumbs up'), (-1, 'thumbs down')], help_text='Empty: withdrawn.', null=True, verbose_name='thumb')),
                ('comment', models.TextField(blank=True, max_length=2000)),
                ('correction', models.TextField(blank=True, help_text='What the person would rather have read.', max_length=10000)),
                ('revision', models.PositiveIntegerField(default=0, editable=False, help_text='Raised with each change of the thumb.')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ratings', to='chatapp.message')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ratings', to=settings.AUTH_USER_MODEL)),
                ('reasons', models.ManyToManyField(blank=True, related_name='ratings', to='feedback.reason')),
                ('evidence', models.CharField(blank=True, editable=False, help_text='What was judged: evidence_of().', max_length=64)),
                ('has_drifted', models.BooleanField(default=False, editable=False, help_text='It no longer is what was judged.', verbose_name='drifted')),
                ('assistant', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chatapp.assistant')),
                ('by_guest', models.BooleanField(default=False, editable=False)),
                ('is_hidden', models.BooleanField(default=False, editable=False)),
                ('model', models.CharField(blank=True, editable=False, max_length=100)),
                ('version', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chatapp.promptversion')),
            ],
            options={
                'verbose_name': 'rated answer',
                'ordering': ['-pk'],
                'indexes': [
                    models.Index(fields=['created_at', 'id'], name='ratings_by_day'),
                    models.Index(fields=['value', 'id'], name='ratings_of_a_thumb'),
                    models.Index(fields=['assistant', 'id'], name='ratings_of_an_assistant'),
                    models.Index(fields=['version', 'id'], name='ratings_of_a_version'),
                    models.Index(fields=['model', 'id'], name='ratings_of_a_model'),
                    models.Index(fields=['by_guest', 'id'], name='ratings_by_guests'),
                    models.Index(condition=models.Q(('has_drifted', True)), fields=['id'], name='ratings_that_drifted'),
                    models.Index(condition=models.Q(('comment', ''), _negated=True), fields=['id'], name='ratings_with_words'),
                    models.Index(condition=models.Q(('value', None)), fields=['id'], name='ratings_withdrawn'),
                    models.Index(condition=models.Q(('is_hidden', True)), fields=['id'], name='ratings_hidden'),
                    models.Index(fields=['id', 'created_at'], name='ratings_in_time'),
                ],
                'constraints': [models.UniqueConstraint(fields=('message', 'user'), name='one_rating_per_person_and_answer')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('new', 'new'), ('in-review', 'in review'), ('needs-work', 'needs work'), ('fixed', 'fixed'), ('no-action', 'no action')], default='new', max_length=10)),
                ('verdict', models.CharField(blank=True, choices=[('agree', 'agree'), ('disagree', 'disagree'), ('unclear', 'unclear')], max_length=8, verbose_name='verdict on the thumb')),
                ('note', models.TextField(blank=True, max_length=5000)),
                ('correction', models.TextField(blank=True, max_length=100000, verbose_name='corrected answer')),
                ('held_until', models.DateTimeField(db_column='held_until', editable=False, null=True)),
                ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='assigned', to=settings.AUTH_USER_MODEL)),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='feedback.category')),
                ('holder', models.ForeignKey(db_column='holder_id', editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rating', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='review', to='feedback.rating')),
                ('thumb', models.SmallIntegerField(editable=False, null=True)),
                ('blind', models.CharField(blank=True, choices=[('open', 'waits for two opinions'), ('agreed', 'two reviewers agreed'), ('differing', 'two reviewers differ')], db_column='blind', editable=False, max_length=9)),
                ('dismissed_at', models.DateTimeField(editable=False, help_text='By the person.', null=True)),
                ('is_shown', models.BooleanField(default=False, help_text='The person who rated finds the corrected answer in their conversation.', verbose_name='shown to the person')),
                ('signals', models.SmallIntegerField(default=0, editable=False, help_text='What nobody had to say against it: score_of().')),
            ],
            options={
                'permissions': [('manage_reviews', 'Can decide on many at once, and undo for others'), ('see_names', 'Can see names where they are hidden from reviewers')],
                'indexes': [
                    models.Index(condition=models.Q(('status', 'new')), fields=['id'], name='reviews_waiting'),
                    models.Index(fields=['status', '-rating'], name='reviews_by_status'),
                    models.Index(condition=models.Q(('status', 'new')), fields=['thumb', 'id'], name='reviews_waiting_by_thumb'),
                    models.Index(fields=['verdict', 'rating'], name='reviews_by_verdict'),
                    models.Index(fields=['category', 'rating'], name='reviews_by_category'),
                    models.Index(fields=['assignee', 'rating'], name='reviews_by_assignee'),
                    models.Index(condition=models.Q(('is_shown', True)), fields=['rating'], name='reviews_shown'),
                    models.Index(condition=models.Q(('blind', 'differing')), fields=['id'], name='reviews_differing'),
                    models.Index(condition=models.Q(('status', 'new')), fields=['-signals', 'id'], name='reviews_waiting_by_signals'),
                    models.Index(fields=['-signals', '-rating'], name='reviews_by_signals'),
                    models.Index(condition=models.Q(('assignee', None)), fields=['rating'], name='reviews_of_nobody'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('due', 'due'), ('posted', 'posted, not yet seen'), ('seen', 'seen, may still be overturned'), ('settled', 'settled'), ('failed', 'failed'), ('nowhere', 'nothing to deliver to')], default='due', max_length=10)),
                ('call', models.CharField(blank=True, choices=[('read', 'read back'), ('send', 'send')], default='read', max_length=4, verbose_name='next call')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('wanted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='wanted since')),
                ('revision', models.PositiveIntegerField(default=1, editable=False, help_text='Raised each time it becomes due.')),
                ('holder', models.UUIDField(blank=True, editable=False, null=True)),
                ('held_until', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('sent', models.CharField(blank=True, max_length=100, verbose_name='last sent')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='last sent at')),
                ('up_sent_at', models.DateTimeField(blank=True, null=True)),
                ('down_sent_at', models.DateTimeField(blank=True, null=True)),
                ('ingested_at', models.DateTimeField(blank=True, null=True, verbose_name='known to Helicone since')),
                ('shown', models.SmallIntegerField(blank=True, null=True, verbose_name='shown at Helicone')),
                ('shown_properties', models.JSONField(blank=True, default=dict)),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveIntegerField(default=0, help_text='Calls in a row that brought nothing.')),
                ('last_error', models.TextField(blank=True)),
                ('rating', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='delivery', to='feedback.rating')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'indexes': [
                    models.Index(condition=models.Q(('call', ''), _negated=True), fields=['call', 'due_at'], name='deliveries_pending'),
                    models.Index(fields=['state', 'wanted_at'], name='deliveries_waiting'),
                    models.Index(fields=['state', 'settled_at'], name='deliveries_by_state'),
                    models.Index(fields=['state', 'rating'], name='deliveries_in_the_list'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('refusal', models.TextField(blank=True)),
                ('refused_at', models.DateTimeField(blank=True, null=True)),
                ('refused_call', models.CharField(blank=True, choices=[('read', 'read back'), ('send', 'send')], max_length=4)),
                ('refused_key', models.CharField(blank=True, editable=False, max_length=64)),
                ('refusals', models.PositiveIntegerField(default=0)),
                ('probing', models.BooleanField(default=False, editable=False)),
                ('probe_at', models.DateTimeField(blank=True, null=True, verbose_name='tried again at')),
                ('quiet_until', models.DateTimeField(default=django.utils.timezone.now)),
                ('budget', models.FloatField(default=0, help_text='Calls that may be made at once.')),
                ('counted_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'db_table': 'feedback_channel',
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.UUIDField(db_index=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('field', models.CharField(choices=[('status', 'status'), ('verdict', 'verdict'), ('category', 'category'), ('assignee', 'assignee'), ('note', 'note'), ('correction', 'correction'), ('is_shown', 'shown to the person')], max_length=10)),
                ('was', models.TextField(blank=True, help_text='An id, where it is an assignee.', verbose_name='from')),
                ('became', models.TextField(blank=True, verbose_name='to')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('undoes', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='undone_by', to='feedback.decision')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='feedback.review')),
                ('why', models.CharField(blank=True, choices=[('turned', 'the person changed the thumb'), ('withdrawn', 'the person withdrew the thumb')], max_length=10)),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [
                    models.Index(fields=['by', '-id'], name='decisions_of_a_person'),
                    models.Index(fields=['by', 'at', 'review'], name='decisions_on_the_trail'),
                ],
                'db_table': 'feedback_decision',
            },
        ),
        migrations.CreateModel(
            name='BulkAct',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('begun_at', models.DateTimeField(null=True)),
                ('changes', models.JSONField(default=dict, help_text='By field, as the log writes it.')),
                ('query', models.TextField(blank=True, help_text='Of the list that it was chosen from.')),
                ('undoes', models.UUIDField(help_text='The act that this one undoes.', null=True)),
                ('total', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'bulk change',
                'ordering': ['-at'],
                'db_table': 'feedback_bulkact',
            },
        ),
        migrations.CreateModel(
            name='BulkPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reviews', models.JSONField()),
                ('bulk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='feedback.bulkact')),
            ],
            options={
                'db_table': 'feedback_bulkpart',
            },
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('revision', models.PositiveIntegerField(help_text='Of the thumb that it is about.')),
                ('status', models.CharField(choices=[('new', 'new'), ('in-review', 'in review'), ('needs-work', 'needs work'), ('fixed', 'fixed'), ('no-action', 'no action')], max_length=10)),
                ('verdict', models.CharField(blank=True, choices=[('agree', 'agree'), ('disagree', 'disagree'), ('unclear', 'unclear')], max_length=8)),
                ('note', models.TextField(blank=True)),
                ('correction', models.TextField(blank=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('category', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='feedback.category')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opinions', to='feedback.review')),
            ],
            options={
                'verbose_name_plural': 'agreement of reviewers',
                'indexes': [models.Index(fields=['by', 'at', 'review'], name='opinions_on_the_trail')],
                'constraints': [models.UniqueConstraint(fields=('review', 'by', 'revision'), name='one_opinion_per_reviewer')],
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.UUIDField(help_text='The decision whose note it is.')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='feedback.review')),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to=settings.AUTH_USER_MODEL)),
                ('opinion', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='feedback.opinion')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('read_at', None)), fields=['to'], name='mentions_unread')],
            },
        ),
        migrations.CreateModel(
            name='ReadingLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True, db_index=True)),
                ('was_ahead', models.BooleanField(default=False, help_text='By the browser, for the next step; it may not have been looked at.', verbose_name='fetched ahead')),
                ('rating', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='readings', to='feedback.rating', verbose_name='rated answer')),
                ('reader', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='readings', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='readings', to='chatapp.conversation')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='stated reason')),
                ('what', models.CharField(choices=[('rated', 'a rated answer'), ('whole', 'a whole conversation'), ('message', 'one message'), ('list', 'beginnings, in a list')], default='rated', max_length=7, verbose_name='read')),
                ('filters', models.TextField(blank=True, help_text='The address of the list, after the “?”.')),
                ('purpose', models.CharField(blank=True, choices=[('queue', 'review, in the queue'), ('review', 'review, through the list'), ('agreement', 'agreement of reviewers'), ('stated', 'as stated')], max_length=9, verbose_name='purpose')),
            ],
            options={
                'verbose_name': 'reading',
                'ordering': ['-at', '-pk'],
                'db_table': 'feedback_readinglog',
            },
        ),
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('query', models.CharField(blank=True, max_length=1000)),
                ('is_shared', models.BooleanField(db_index=True, default=False, verbose_name='for everybody')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_filters', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'saved filter',
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('owner', 'name'), name='one_saved_filter_of_a_name')],
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(choices=[('csv', 'CSV'), ('jsonl', 'JSONL')], max_length=5)),
                ('filters', models.TextField(blank=True, help_text='The address of the list, after the “?”.')),
                ('started_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('heard_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('status', models.CharField(choices=[('running', 'running'), ('complete', 'complete'), ('broken', 'broken off')], default='running', max_length=8)),
                ('expected', models.PositiveIntegerField(help_text='Rated answers found.', null=True)),
                ('rows', models.PositiveIntegerField(default=0, help_text='Sent so far.', verbose_name='rated answers')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='exports', to=settings.AUTH_USER_MODEL)),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='stated reason')),
            ],
            options={
                'ordering': ['-pk'],
                'permissions': [('export_ratings', 'Can export rated answers')],
                'indexes': [models.Index(fields=['by', '-id'], name='exports_of_a_person')],
            },
        ),
        migrations.CreateModel(
            name='Copied',
            fields=[
                ('answer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='was_copied', serialize=False, to='chatapp.message')),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'copied answer',
                'verbose_name_plural': 'copied answers',
            },
        ),
        migrations.CreateModel(
            name='GroupRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('may_rate', models.BooleanField(default=True, help_text='If not, these people see no thumbs and are refused; what they rated before stays.', verbose_name='may rate answers')),
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='chat_rules', to='auth.group')),
            ],
            options={
                'verbose_name': 'in the chat',
                'verbose_name_plural': 'in the chat',
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('kind', models.CharField(help_text='All of the next but week.', max_length=60, primary_key=True, serialize=False)),
                ('day', models.DateField(db_index=True)),
                ('week', models.DateField()),
                ('by_guest', models.BooleanField()),
                ('shown', models.IntegerField()),
                ('rated', models.IntegerField()),
                ('up', models.IntegerField()),
                ('reason', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='feedback.reason')),
                ('version', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='chatapp.promptversion')),
            ],
            options={
                'default_permissions': (),
                'db_table': 'feedback_tally',
            },
        ),
        migrations.CreateModel(
            name='Tallied',
            fields=[
                ('conversation_id', models.UUIDField(primary_key=True, serialize=False)),
                ('cells', models.JSONField(help_text='Each a day, version, guest, reason, shown, rated, up.')),
            ],
            options={
                'default_permissions': (),
                'db_table': 'feedback_tallied',
            },
        ),
        migrations.CreateModel(
            name='Touched',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('conversation_id', models.UUIDField(null=True)),
                ('message_id', models.UUIDField(null=True)),
                ('rating_id', models.BigIntegerField(null=True)),
                ('user_id', models.BigIntegerField(null=True)),
            ],
            options={
                'default_permissions': (),
                'db_table': 'feedback_touched',
            },
        ),
        migrations.CreateModel(
            name='TallyState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('zone', models.CharField(max_length=100)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.RunSQL(
            "CREATE INDEX ratings_of_a_reason ON feedback_rating_reasons (reason_id, rating_id)",
            "DROP INDEX ratings_of_a_reason",
        ),
        # The colleagues who may be assigned, without walking through everybody who chats
        migrations.RunSQL(
            "CREATE INDEX staff_by_name ON chatapp_user (username) WHERE is_active AND is_staff",
            "DROP INDEX staff_by_name",
        ),
        migrations.RunPython(create_triggers, drop_triggers),
        migrations.RunPython(make_roles, migrations.RunPython.noop),
    ]
