"""Exits with 0 when the web process of this container answers; called by Docker, as the user of the image."""
# ruff: noqa: INP001, T201

import http.client
import os
import sys

TIMEOUT_S = 4


def main() -> int:
    """0 when the answer is no server error, 1 otherwise."""
    # Django answers only to the names it is told; a wildcard is not one.
    host = os.environ.get("RUBRICATOR_HOSTS", "localhost").split(",")[0].strip().lstrip("*.") or "localhost"
    secure = os.environ.get("RUBRICATOR_SITE_URL", "").startswith("https://")
    connection = http.client.HTTPConnection(
        "127.0.0.1", int(os.environ.get("GRANIAN_PORT", "8000")), timeout=TIMEOUT_S
    )
    try:
        headers = {"Host": host, "X-Forwarded-Proto": "https" if secure else "http"}
        connection.request("GET", "/healthz", headers=headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        print(f"No answer: {error}", file=sys.stderr)
        return 1
    print(f"Status {status}")
    # 400 is Django's word for a host it was not told of.
    return int(status >= 500 or status == 400)


if __name__ == "__main__":
    sys.exit(main())
