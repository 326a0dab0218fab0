"""Accounts: the pages of django-allauth, profile, data export and account deletion."""
