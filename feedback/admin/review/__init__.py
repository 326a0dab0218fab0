"""What reviewers do with a rated answer: decide, alone or for many, and take it back."""
