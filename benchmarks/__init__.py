"""Measurements of Newswire that are no tests: they need files that can't be shipped, or time."""
