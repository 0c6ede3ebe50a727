"""Where stories come from: the declared sources, and how their bytes are had."""
