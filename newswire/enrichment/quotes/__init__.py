"""Who says what in a story: its quotes, its names, who is meant, and where each speaker stands.

In the order in which a story passes through:

- ``windows``, ``casing``: sentences as the reader takes them; ``reader``: one pass over each.
- ``decoding``: from probabilities to spans; ``attributions``: which are one attribution's;
  ``marks``, ``paragraphs``: what quotation marks and paragraphs tell of whose it is.
- ``naming``: where a name ends and of which type it is; ``entities``: those that are one's, by
  ``same_names``, and how they are shown; ``affixes``, ``capitals``: titles, legal forms, datelines.
- ``mentions``: what may stand for a name; ``resolver``: for which, by the features of ``scene``,
  with what ``called`` and ``voices`` know for sure.
- ``speakers``: all of it put together, each quote with its speaker.
- ``cues``, ``speaker_stances``: what is asked of a speaker's words, and what the answers come to.
"""
