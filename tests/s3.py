"""A server that speaks S3's protocol, in this process, and the environment to find it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import boto3  # type: ignore[import-untyped]
from moto.server import ThreadedMotoServer

if TYPE_CHECKING:
    from collections.abc import Iterator

BUCKET = "mlops-test"


class S3Server:
    """A server on a loopback port with one bucket."""

    def __init__(self) -> None:
        self._server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self._server.start()
        host, port = self._server.get_host_and_port()
        self.environment = {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        self._numbers = itertools.count()
        self.client().create_bucket(Bucket=BUCKET)

    def make(self) -> str:
        """Return the URL of a new, empty folder."""
        return f"s3://{BUCKET}/test-{next(self._numbers)}"

    def keys(self, url: str) -> list[str]:
        """Return the keys below a folder, relative to it, at most 1,000."""
        prefix = url.removeprefix(f"s3://{BUCKET}/") + "/"
        found = self.client().list_objects_v2(Bucket=BUCKET, Prefix=prefix)
        return [item["Key"].removeprefix(prefix) for item in found.get("Contents", [])]

    def put(self, url: str, key: str, body: bytes) -> None:
        """Overwrite a file below a folder."""
        prefix = url.removeprefix(f"s3://{BUCKET}/")
        self.client().put_object(Bucket=BUCKET, Key=f"{prefix}/{key}", Body=body)

    def client(self) -> boto3.client:
        """Return Amazon's own client."""
        return boto3.client(
            "s3",
            endpoint_url=self.environment["AWS_ENDPOINT_URL"],
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - the server takes any
            region_name="us-east-1",
        )

    def stop(self) -> None:
        """End the server."""
        self._server.stop()


def s3_server() -> Iterator[S3Server]:
    """Give a running server."""
    server = S3Server()
    yield server
    server.stop()
