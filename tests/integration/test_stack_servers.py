"""What the embedded servers can do: all that the pipeline needs of Kafka, Elasticsearch and S3."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import boto3
import elasticsearch
import psutil
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import NewTopic
from kafka.errors import KafkaTimeoutError, MessageSizeTooLargeError
from mypy_boto3_s3 import S3Client

from newswire.config import Settings
from newswire.stack import status


@pytest.fixture
def search(stack: Settings) -> Iterator[elasticsearch.Elasticsearch]:
    with elasticsearch.Elasticsearch(stack.elasticsearch_url) as client:
        yield client


@pytest.fixture
def topic(stack: Settings) -> str:
    name = f"probe-{uuid.uuid4().hex}"
    admin = KafkaAdminClient(bootstrap_servers=stack.kafka_bootstrap)
    try:
        admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1)])
    finally:
        admin.close()
    return name


def s3_client(stack: Settings, secret_key: str) -> S3Client:
    assert stack.s3_access_key is not None
    return boto3.client(
        "s3",
        endpoint_url=stack.s3_endpoint,
        region_name=stack.s3_region,
        aws_access_key_id=stack.s3_access_key.get_secret_value(),
        aws_secret_access_key=secret_key,
        config=Config(
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            retries={"total_max_attempts": 1},
        ),
    )


def test_elasticsearchs_own_client_accepts_the_server(
    search: elasticsearch.Elasticsearch,
) -> None:
    info = search.info()
    assert info["version"]["number"] == "9.2.2"
    assert info["tagline"] == "You Know, for Search"
    assert search.ping()


def test_the_english_analyzer_stems_and_drops_stop_words(
    search: elasticsearch.Elasticsearch,
) -> None:
    answer = search.indices.analyze(analyzer="english", text="the soldiers were mobilising")
    assert [token["token"] for token in answer["tokens"]] == ["soldier", "were", "mobilis"]


def test_english_text_is_found_by_another_form_of_its_words(
    search: elasticsearch.Elasticsearch,
) -> None:
    index = f"probe-{uuid.uuid4().hex}"
    text = {"type": "text", "analyzer": "english"}
    search.indices.create(index=index, mappings={"properties": {"body": text}})
    search.index(index=index, id="1", document={"body": "They refused orders"}, refresh=True)
    hits = search.search(
        index=index,
        query={"match": {"body": "refusing an order"}},
        highlight={"fields": {"body": {}}},
    )["hits"]["hits"]
    assert [hit["highlight"]["body"] for hit in hits] == [["They <em>refused</em> <em>orders</em>"]]
    search.indices.delete(index=index)


def test_a_mistyped_index_is_an_error_and_not_a_new_index(
    search: elasticsearch.Elasticsearch,
) -> None:
    with pytest.raises(elasticsearch.NotFoundError, match="no such index"):
        search.index(index="storeis", document={"headline": "x"})


def test_a_mistyped_topic_is_an_error_and_not_a_new_topic(stack: Settings) -> None:
    producer = KafkaProducer(bootstrap_servers=stack.kafka_bootstrap, max_block_ms=2_000)
    try:
        with pytest.raises(KafkaTimeoutError):
            producer.send("storeis", b"x").get(timeout=10)
    finally:
        producer.close()


def test_an_aborted_transaction_is_not_seen_by_read_committed(stack: Settings, topic: str) -> None:
    producer = KafkaProducer(
        bootstrap_servers=stack.kafka_bootstrap, transactional_id=f"{topic}-writer"
    )
    try:
        producer.init_transactions()
        producer.begin_transaction()
        producer.send(topic, b"aborted")
        producer.flush()
        producer.abort_transaction()
        producer.begin_transaction()
        producer.send(topic, b"committed")
        producer.commit_transaction()
    finally:
        producer.close()
    consumer = KafkaConsumer(
        topic,
        bootstrap_servers=stack.kafka_bootstrap,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        group_id=None,
    )
    try:
        seen = consumer.poll(timeout_ms=15_000)
    finally:
        consumer.close()
    assert [record.value for batch in seen.values() for record in batch] == [b"committed"]


def test_a_record_of_4_mib_is_accepted_and_a_larger_one_is_not(stack: Settings, topic: str) -> None:
    producer = KafkaProducer(bootstrap_servers=stack.kafka_bootstrap, max_request_size=8 * 2**20)
    try:
        assert producer.send(topic, bytes(4 * 2**20 - 1024)).get(timeout=20).offset == 0
        with pytest.raises(MessageSizeTooLargeError):
            producer.send(topic, bytes(4 * 2**20 + 1)).get(timeout=20)
    finally:
        producer.close()


def test_s3_refuses_to_overwrite_where_if_none_match_forbids_it(stack: Settings) -> None:
    assert stack.s3_secret_key is not None
    s3 = s3_client(stack, stack.s3_secret_key.get_secret_value())
    bucket = f"probe-{uuid.uuid4().hex}"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="a/é.txt", Body=b"first", IfNoneMatch="*", Metadata={"k": "v"})
    with pytest.raises(ClientError) as refused:
        s3.put_object(Bucket=bucket, Key="a/é.txt", Body=b"second", IfNoneMatch="*")
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 412
    kept = s3.get_object(Bucket=bucket, Key="a/é.txt")
    assert kept["Body"].read() == b"first"
    assert kept["Metadata"] == {"k": "v"}
    s3.close()


def test_s3_refuses_a_wrong_secret(stack: Settings) -> None:
    s3 = s3_client(stack, "wrong")
    with pytest.raises(ClientError) as refused:
        s3.list_buckets()
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    s3.close()


def test_every_port_is_on_loopback_only(stack: Settings) -> None:
    servers = [psutil.Process(server.pid or 0) for server in status(stack.data_dir)]
    listening = [
        connection.laddr.ip
        for server in servers
        for connection in server.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) == 5
    assert {ip.removeprefix("::ffff:") for ip in listening} == {"127.0.0.1"}


def test_the_s3_secret_is_in_no_log_and_no_command_line(stack: Settings) -> None:
    assert stack.s3_secret_key is not None
    secret = stack.s3_secret_key.get_secret_value()
    for server in status(stack.data_dir):
        assert secret not in server.log.read_text("utf-8", "replace")
        assert secret not in " ".join(psutil.Process(server.pid or 0).cmdline())
