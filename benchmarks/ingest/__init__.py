"""How well, and how fast, real wire files are read: ``python -m benchmarks.ingest``."""
