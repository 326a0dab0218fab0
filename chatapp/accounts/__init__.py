"""Signing up, in and out: what this site takes of django-allauth, and its words for it."""
