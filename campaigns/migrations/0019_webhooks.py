"""Webhooks of campaigns, and every message to them."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("campaigns", "0018_second_review"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('url', models.CharField(max_length=2000)),
                ('secret', models.CharField(max_length=100)),
                ('events', models.JSONField(default=list)),
                ('is_on', models.BooleanField(default=True)),
                ('told_until', models.DateTimeField(help_text='Contributions up to then are in messages.')),
                ('failures', models.PositiveIntegerField(default=0, help_text='How many attempts in a row have failed.')),
                ('failing_since', models.DateTimeField(null=True)),
                ('rests_until', models.DateTimeField(help_text='After a failure nothing is sent for a while.', null=True)),
                ('off_at', models.DateTimeField(help_text='When it was switched off because it kept failing.', null=True)),
                ('off_because', models.TextField(blank=True)),
                ('arrived_at', models.DateTimeField(help_text='When a message last arrived.', null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to='campaigns.campaign')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='WebhookDelivery',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('event', models.CharField(max_length=40)),
                ('payload', models.JSONField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('arrived', 'Arrived'), ('dead', 'Given up')], default='waiting', max_length=8)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('due_at', models.DateTimeField(help_text='The next attempt; while one is made, when it counts as lost.')),
                ('asked_at', models.DateTimeField(help_text='A day after this it is given up.')),
                ('arrived_at', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True, help_text='Why the last attempt failed.')),
                ('created_at', models.DateTimeField()),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='campaigns.webhook')),
            ],
            options={
                'verbose_name_plural': 'webhook deliveries',
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['webhook', 'due_at'], name='delivery_due'), models.Index(fields=['webhook', '-created_at'], name='delivery_log')],
            },
        ),
    ]
