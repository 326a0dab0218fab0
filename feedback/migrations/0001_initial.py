# The whole schema: nothing was released before it.

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('chatapp', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
        ),
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
            ],
            options={
                'verbose_name': 'rated answer',
                'ordering': ['-updated_at'],
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
                'indexes': [models.Index(condition=models.Q(('call', ''), _negated=True), fields=['call', 'due_at'], name='deliveries_pending'), models.Index(fields=['state', 'wanted_at'], name='deliveries_waiting'), models.Index(fields=['state', 'settled_at'], name='deliveries_by_state')],
            },
        ),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(fields=['-updated_at', '-id'], name='ratings_newest_first'),
        ),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(fields=['value', '-updated_at', '-id'], name='ratings_by_thumb'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.UniqueConstraint(fields=('message', 'user'), name='one_rating_per_person_and_answer'),
        ),
    ]
