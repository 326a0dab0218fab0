"""Reviews of rated answers: status, audit log, bulk changes, second opinions, mentions."""
