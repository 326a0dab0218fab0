"""Old name of `delete_inactive_guests`, until 0.2."""

from chatapp.management.commands.delete_inactive_guests import Command as Command
