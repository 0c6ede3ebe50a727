"""What transformers say of a story: its summary, its embedding, its stance toward a watch-list.

:class:`newswire.enrichment.enricher.Enricher` is the way in. Nothing here knows of Kafka or of
Elasticsearch, and nothing here imports torch.
"""
