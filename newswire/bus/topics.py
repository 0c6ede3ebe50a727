"""Create the topics, with the settings that the contract asks for."""

from __future__ import annotations

from contextlib import closing

from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

from newswire.bus.broker import bootstrap_timeout_ms, kafka_unavailable
from newswire.config import Settings
from newswire.contracts.topics import TOPICS


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


def _admin(settings: Settings) -> KafkaAdminClient:
    return KafkaAdminClient(
        bootstrap_servers=settings.kafka_bootstrap,
        client_id="newswire-admin",
        bootstrap_timeout_ms=bootstrap_timeout_ms(settings.kafka_bootstrap),
    )
