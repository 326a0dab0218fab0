"""Generation of answers: prompt, completion, publishing, storing, titles."""
