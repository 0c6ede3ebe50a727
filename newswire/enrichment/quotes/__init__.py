"""Who says what in a story: its quotes, its names, who is meant, and where each speaker stands."""
