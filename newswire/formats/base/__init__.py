"""From bytes to what a format reads: characters, JSON, the parts of a mail; and their limits."""
