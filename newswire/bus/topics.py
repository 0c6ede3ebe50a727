"""Create the topics, with the settings that the contract asks for."""

from __future__ import annotations

from contextlib import closing

from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

from newswire.bus.patience import bootstrap_timeout_ms
from newswire.config import Settings
from newswire.contracts.topics import TOPICS
from newswire.errors import DependencyUnavailable


def ensure_topics(settings: Settings) -> list[str]:
    """Create what is missing. Returns the names of the topics that were created.

    Raises:
        DependencyUnavailable: Kafka does not answer.
    """
    try:
        with closing(_admin(settings)) as admin:
            missing = sorted(TOPICS.keys() - set(admin.list_topics()))
            created = []
            for name in missing:
                topic = NewTopic(
                    name=name,
                    num_partitions=settings.topic_partitions,
                    replication_factor=settings.topic_replication,
                    topic_configs=TOPICS[name].config,
                )
                try:
                    admin.create_topics([topic])
                    created.append(name)
                except TopicAlreadyExistsError:
                    pass  # somebody else was quicker
            return created
    except KafkaError as error:
        raise kafka_unavailable(settings, error) from error


def kafka_unavailable(settings: Settings, error: Exception) -> DependencyUnavailable:
    """The one line for a broker that doesn't answer."""
    return DependencyUnavailable(
        f"Kafka at {settings.kafka_bootstrap} does not answer: {error or type(error).__name__}",
        "check NEWSWIRE_KAFKA_BOOTSTRAP, or start the servers with `newswire up`",
    )


def _admin(settings: Settings) -> KafkaAdminClient:
    return KafkaAdminClient(
        bootstrap_servers=settings.kafka_bootstrap,
        client_id="newswire-admin",
        bootstrap_timeout_ms=bootstrap_timeout_ms(settings.kafka_bootstrap),
    )
