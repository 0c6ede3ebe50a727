"""Claims against the stories of others: asked for by hand, and kept for dashboards."""
