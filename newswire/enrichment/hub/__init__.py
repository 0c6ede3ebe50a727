"""Models of ``transformers`` in place of those that ship: the extra ``hub``, which brings torch.

Nothing here is imported unless a model is configured. Code that comes with a model is never run,
and weights are read as data only.
"""

from __future__ import annotations

from importlib.util import find_spec

from newswire.config import Settings
from newswire.enrichment.runtime import usable_threads
from newswire.enrichment.stance import StanceModel
from newswire.enrichment.summary.written import Writer
from newswire.errors import ConfigError


def configured_models(settings: Settings) -> tuple[StanceModel | None, Writer | None]:
    """The stance model and the summaries' writer that the settings name; None: what ships.

    Raises:
        ConfigError: the extra is not installed, or a model isn't there or can't do what it is for.
    """
    if settings.stance_model is None and settings.summary_model is None:
        return None, None
    if find_spec("torch") is None:
        raise ConfigError(
            "NEWSWIRE_STANCE_MODEL or NEWSWIRE_SUMMARY_MODEL is set, and torch is not installed",
            "pip install 'newswire[hub]'",
        )
    from newswire.enrichment.hub import loading, stance, summary

    loading.prepare(settings.enrich_threads or usable_threads())
    device = loading.device(settings.model_device)
    judge = (
        stance.HubStance(
            loading.find(settings.stance_model, "NEWSWIRE_STANCE_MODEL"),
            device,
            settings.enrich_batch_tokens,
            settings.stance_labels,
        )
        if settings.stance_model
        else None
    )
    writer = (
        summary.HubWriter(
            loading.find(settings.summary_model, "NEWSWIRE_SUMMARY_MODEL"),
            device,
            settings.enrich_batch_tokens,
            settings.summary_prefix,
        )
        if settings.summary_model
        else None
    )
    return judge, writer
