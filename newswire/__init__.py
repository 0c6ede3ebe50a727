"""Newswire: the library under the DAGs and the workers.

Imports go one way: ``dags`` and ``workers`` import ``newswire``, never the reverse.
"""

__version__ = "0.1.0"
