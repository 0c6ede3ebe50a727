"""Kafka: topics, a producer that doesn't lose, and dead letters."""
