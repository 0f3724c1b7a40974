"""Runs the official validator of the IIIF Image API in a process of its own; writes its results as JSON.

`python validate_image_server.py SERVER PREFIX IDENTIFIER VERSION`. A process of its own, because pylibmagic
patches ctypes to be found and the validator prints while it is imported.
"""

import json
import sys

import pylibmagic
from iiif_validator.validator import ImageAPI, TestSuite, ValidationInfo


def main(server: str, prefix: str, identifier: str, version: str) -> None:
    suite = TestSuite(ValidationInfo())
    results = {}
    for name, told in sorted(suite.list_tests(version).items()):
        answer = ImageAPI(identifier, server, prefix, "http", "", version, debug=False)
        trouble = ""
        try:
            suite.run_test(name, answer)
            trouble = str(answer.exception or "")
        except Exception as error:  # noqa: BLE001 the validator fails in many ways, and each is a result
            trouble = f"{type(error).__name__}: {error}"
        results[name] = {
            "level": told["level"],
            "passed": not trouble,
            "trouble": trouble,
            "urls": answer.urls,
            "status": answer.last_status,
        }
    sys.stdout.write(f"{json.dumps(results)}\n")


if __name__ == "__main__":
    assert pylibmagic.data
    main(*sys.argv[1:])
