"""The story: its canonical form, its identity and its version."""
