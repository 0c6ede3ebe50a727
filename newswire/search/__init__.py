"""Elasticsearch: templates, documents, writing and reading."""
