"""The three servers: what each is started with and how it is configured."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from newswire.config import DEFAULT_ELASTICSEARCH_PORT, DEFAULT_KAFKA_PORT, DEFAULT_S3_PORT
from newswire.stack.home import Credentials, Home, write_private
from newswire.stack.jars import SOURCES, Jars
from newswire.stack.java import Jdk
from newswire.stack.ports import LOOPBACK
from newswire.stack.process import mark
from newswire.stack.ready import elasticsearch_ready, kafka_ready, s3_ready


@dataclass(frozen=True)
class Server:
    """One of the servers, as far as it is always the same."""

    name: str
    title: str
    folder: str
    """Its folder under docker/embedded/, and its classpath's in the cache of jars."""
    default_port: int
    scheme: str
    inner: str | None
    """A second port, which the server itself needs, and nobody else."""
    jvm: tuple[str, ...]
    main: str
    ready: Callable[[int], bool]

    def address(self, port: int) -> str:
        """Where clients find it: host and port for Kafka, a URL for the others."""
        return f"{self.scheme}{LOOPBACK}:{port}"


@dataclass(frozen=True)
class Ports:
    """The ports of one server; ``inner`` is 0 where it needs none."""

    port: int
    inner: int


KAFKA = Server(
    name="kafka",
    title="Kafka",
    folder="kafka",
    default_port=DEFAULT_KAFKA_PORT,
    scheme="",
    inner="controller_port",
    jvm=("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC"),
    main="KafkaLauncher",
    ready=kafka_ready,
)
ELASTICSEARCH = Server(
    name="elasticsearch",
    title="Elasticsearch",
    folder="elasticsearch",
    default_port=DEFAULT_ELASTICSEARCH_PORT,
    scheme="http://",
    inner="transport_port",
    # G1: the memory breaker of Elasticsearch counts garbage that the serial collector leaves lying.
    jvm=(
        "-Xms256m",
        "-Xmx1g",
        "-XX:+UseG1GC",
        "-Dlog4j2.disable.jmx=true",
        "-Dio.netty.noUnsafe=true",
        "-Dio.netty.allocator.numDirectArenas=0",
    ),
    main="ElasticsearchLauncher",
    ready=elasticsearch_ready,
)
S3 = Server(
    name="s3",
    title="S3Proxy",
    folder="s3proxy",
    default_port=DEFAULT_S3_PORT,
    scheme="http://",
    inner=None,
    # It checks a signature over the whole body in memory, twice its size: several documents of
    # NEWSWIRE_FETCH_MAX_BYTES at a time.
    jvm=("-Xms32m", "-Xmx512m", "-XX:+UseSerialGC"),
    main="org.gaul.s3proxy.Main",
    ready=s3_ready,
)
SERVERS = (ELASTICSEARCH, KAFKA, S3)
"""All of them, the slowest to start first."""

_COMMON_JVM = (
    # The quick compiler only. On two cores the optimising one takes from the servers while they
    # start: 6 seconds without it, 13 with it, and a fifth less memory (measured on Java 25).
    "-XX:TieredStopAtLevel=1",
    # A server that has lost its memory half works; one that is gone is started again.
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:ErrorFile=hs_err.log",
    "-Dfile.encoding=UTF-8",
    "-Djava.awt.headless=true",
    # Since Java 24 it warns about libraries that call native code, as all three do.
    "--enable-native-access=ALL-UNNAMED",
)


def prepare(
    server: Server, home: Home, ports: Ports, jars: Jars, jdk: Jdk, credentials: Credentials
) -> list[str]:
    """Write the server's configuration under its folder; returns the command that starts it.

    Raises:
        OSError: the folder can't be written.
    """
    directory = home.of(server.name)
    values = {
        "port": str(ports.port),
        "data": str(directory / "data"),
        "logs": str(home.logs),
        "access_key": credentials.access_key,
        "secret_key": credentials.secret_key,
    }
    if server.inner:
        values[server.inner] = str(ports.inner)
    config = directory / "config"
    config.mkdir(parents=True, exist_ok=True)
    (directory / "data").mkdir(exist_ok=True)
    for template in sorted((SOURCES / server.folder).iterdir()):
        if (
            template.suffix in {".properties", ".yml", ".yaml", ".xml"}
            and template.name != "pom.xml"
        ):
            write_private(
                config / template.name,
                render(template.name, template.read_text("utf-8"), values),
            )
    jvm = (*server.jvm, *_COMMON_JVM, *_logging(server, config), mark(directory))
    command = [str(jdk.java), *jvm, "-cp", jars.classpath(server.folder), server.main]
    return [*command, *_arguments(server, directory, jars)]


def render(name: str, template: str, values: dict[str, str]) -> str:
    """Fill in a template's ``${...}``, each value written as the kind of file wants it."""
    if name.endswith(".properties"):
        values = {key: _properties_value(value) for key, value in values.items()}
    elif name.endswith(".yml"):
        values = {key: _yaml_value(value) for key, value in values.items()}
    return string.Template(template).substitute(values)


def _properties_value(value: str) -> str:
    """Java reads these files as Latin-1, with escapes."""
    escaped = value.replace("\\", "\\\\")
    units = escaped.encode("utf-16-be")
    return "".join(
        chr(unit) if unit < 128 else f"\\u{unit:04x}"
        for unit in (int.from_bytes(units[i : i + 2]) for i in range(0, len(units), 2))
    )


def _yaml_value(value: str) -> str:
    """In single quotes, so that nothing in a path has a meaning; numbers as they are."""
    return value if value.isdigit() else "'" + value.replace("'", "''") + "'"


def _logging(server: Server, config: Path) -> tuple[str, ...]:
    if server is KAFKA:
        return (f"-Dlog4j2.configurationFile={(config / 'log4j2.yaml').as_uri()}",)
    if server is S3:
        return (f"-Dlogback.configurationFile={config / 'logback.xml'}",)
    return ()  # Elasticsearch reads log4j2.properties beside its own configuration.


def _arguments(server: Server, directory: Path, jars: Jars) -> list[str]:
    config = directory / "config"
    if server is KAFKA:
        return [str(config / "server.properties")]
    if server is S3:
        return ["--properties", str(config / "s3proxy.properties")]
    return [str(directory), str(jars.modules)]
