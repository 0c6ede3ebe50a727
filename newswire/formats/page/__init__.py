"""A page with one story: its facts, its body, its pictures."""
