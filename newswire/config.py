"""One configuration object, read once from the environment and validated.

Every variable begins with ``NEWSWIRE_``. Where the three servers are is, first found first:
the environment, then the file that ``newswire up`` writes (``<data_dir>/stack.json``), then
the usual local ports.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from newswire.errors import ConfigError
from newswire.limits import PARSE_MAX_BYTES, STORY_MAX_CHARS

ROOT = Path(__file__).resolve().parent.parent
"""The checkout (in a container: the folder that holds schemas/, models/ and dags/)."""

StanceLabel = Literal["favor", "against", "neutral", "unrelated", "entailment", "contradiction"]

DEFAULT_KAFKA_PORT = 9092
DEFAULT_ELASTICSEARCH_PORT = 9200
DEFAULT_S3_PORT = 9000


def stack_file(data_dir: Path) -> Path:
    """Where ``newswire up`` writes the addresses of what it started."""
    return data_dir / "stack.json"


def running_stack(data_dir: Path) -> dict[str, str]:
    """The settings that lead to what ``newswire up`` started, by name; none where nothing was."""
    try:
        written = json.loads(stack_file(data_dir).read_text("utf-8"))["settings"]
        return {name: str(value) for name, value in written.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Whoever starts and stops servers says what is wrong with the file.
        return {}


class _RunningStack(PydanticBaseSettingsSource):
    """The settings that a running embedded stack brings: its addresses and its S3 key."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        return running_stack(Path(self.current_state.get("data_dir") or ROOT / ".newswire"))


class Settings(BaseSettings):
    """What can be configured. Sizes are in bytes, times in seconds unless the name says so."""

    model_config = SettingsConfigDict(env_prefix="NEWSWIRE_", frozen=True, extra="ignore")

    data_dir: Path = Field(
        ROOT / ".newswire",
        description="Everything that Newswire writes here: server data, logs, Airflow's home.",
    )
    cache_dir: Path = Field(
        ROOT / ".cache",
        description="What can be fetched or built again: the jars of the embedded servers.",
    )
    sources_file: Path = Field(ROOT / "sources.yaml", description="The declared sources.")
    targets_file: Path = Field(ROOT / "targets.yaml", description="The watch-list of stances.")
    schemas_dir: Path = Field(ROOT / "schemas", description="The contracts.")
    models_dir: Path = Field(ROOT / "models", description="The trained weights.")

    kafka_bootstrap: str = Field(
        f"127.0.0.1:{DEFAULT_KAFKA_PORT}", description="Kafka bootstrap servers, host:port,…"
    )
    topic_partitions: int = Field(4, ge=1, description="Partitions of a topic that we create.")
    topic_replication: int = Field(1, ge=1, description="Replicas of a topic that we create.")

    elasticsearch_url: str = Field(
        f"http://127.0.0.1:{DEFAULT_ELASTICSEARCH_PORT}", description="Elasticsearch."
    )
    elasticsearch_api_key: SecretStr | None = Field(
        None, description="API key, where the cluster asks for one."
    )

    s3_endpoint: str | None = Field(
        f"http://127.0.0.1:{DEFAULT_S3_PORT}",
        description="S3 endpoint; empty for AWS itself.",
    )
    s3_region: str = Field("us-east-1", description="S3 region.")
    s3_bucket: str = Field("newswire-archive", description="The archive of raw bytes.")
    s3_access_key: SecretStr | None = Field(
        None, description="S3 access key; none: the usual AWS credential chain."
    )
    s3_secret_key: SecretStr | None = Field(None, description="S3 secret key.")

    fetch_timeout: float = Field(20.0, gt=0, description="Longest silence of a source.")
    fetch_deadline: float = Field(120.0, gt=0, description="Longest fetch of one document.")
    fetch_max_bytes: int = Field(
        64 * 2**20, gt=0, description="Largest document fetched, after decompression."
    )
    fetch_max_redirects: int = Field(5, ge=0, description="Most redirects followed.")
    fetch_host_delay: float = Field(
        1.0, ge=0, description="Shortest time between two requests to a host that isn't internal."
    )
    parse_max_bytes: int = Field(PARSE_MAX_BYTES, gt=0, description="Largest document parsed.")
    story_max_chars: int = Field(
        STORY_MAX_CHARS, gt=0, description="Longest body of one story, in characters."
    )

    enrich_threads: int = Field(
        0, ge=0, description="Threads of ONNX Runtime; 0: as many as this process may use."
    )
    enrich_batch_tokens: int = Field(4096, ge=256, description="Padded tokens of one batch.")
    enrich_batch_stories: int = Field(
        16, ge=1, description="Most stories of one batch; it has to be done within 5 minutes."
    )
    stance_model: str | None = Field(
        None, description="NLI or classification model for the stance: an id or a folder."
    )
    stance_labels: dict[str, StanceLabel] = Field(
        {}, description="What its labels mean, as JSON, where their names don't say it."
    )
    summary_model: str | None = Field(
        None, description="Sequence-to-sequence model that writes summaries: an id or a folder."
    )
    summary_prefix: str | None = Field(
        None, description="What it wants before a story; none: what its configuration names."
    )
    summary_sentences: int = Field(4, ge=1, le=4, description="Most sentences of a summary.")
    summary_characters: int | None = Field(
        None, ge=1, description="Most characters of one, unless its one sentence is longer."
    )
    model_device: str = Field(
        "auto",
        pattern=r"^(auto|cpu|cuda(:\d{1,3})?)$",
        description="Where these two run: cpu, cuda, cuda:1 or auto, a GPU where there is one.",
    )
    model_generation: int = Field(
        0, ge=0, lt=256, description="To be raised with each change of these two: stories follow."
    )
    reenrich_rate: float = Field(
        3600.0, gt=0, description="Stories an hour that are enriched anew, at most."
    )
    claims_rate: float = Field(
        900.0, gt=0, description="Stories an hour whose claims are judged, at most."
    )
    claims_days: int = Field(
        7, ge=1, description="Claims are judged of stories that were indexed in so many days."
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")

    @field_validator(
        "s3_endpoint",
        "s3_access_key",
        "s3_secret_key",
        "elasticsearch_api_key",
        "stance_model",
        "summary_model",
        "summary_characters",
        mode="before",
    )
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        # Compose passes on a variable that nobody set as an empty one.
        return value or None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What was passed in, then the environment, then the running stack's own file."""
        return init_settings, env_settings, _RunningStack(settings_cls)

    def public(self) -> dict[str, object]:
        """Every setting as JSON-ready values; secrets as ``"**********"``."""
        return self.model_dump(mode="json")


def load_settings(**overrides: Any) -> Settings:
    """Read the environment.

    Raises:
        ConfigError: naming each variable that is wrong.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        wrong = "; ".join(
            f"NEWSWIRE_{'_'.join(str(part) for part in item['loc']).upper()}: {item['msg']}"
            for item in error.errors(include_input=False)
        )
        raise ConfigError(f"the configuration is wrong: {wrong}") from None
