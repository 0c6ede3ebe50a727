"""The public contracts: topics, the JSON Schema of their values, their CloudEvents headers."""
