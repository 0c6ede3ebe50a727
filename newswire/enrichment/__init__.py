"""What transformers say of a story: summary, embedding, stances, who is named, and who says what.

:class:`newswire.enrichment.enricher.Enricher` is the way in. Nothing here knows of Kafka or of
Elasticsearch, and nothing here imports torch.
"""
