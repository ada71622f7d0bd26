# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract, compiled: what a request and a natural answer must look like."""

from __future__ import annotations

import json
import pathlib
import re
import urllib.parse
from dataclasses import dataclass

import jsonschema_rs
import yaml

FILE = pathlib.Path(__file__).with_name("openapi.yaml")


@dataclass(frozen=True)
class Operation:
    """One method on one path."""

    endpoint: str
    method: str
    path: re.Pattern
    public: bool
    body: object
    answers: dict


@dataclass(frozen=True)
class Request:
    """A request as received; refusal is (status, why) when it breaks the contract."""

    method: str
    target: str
    headers: list
    body: bytes
    operation: Operation | None = None
    account_id: str | None = None
    document: object = None
    refusal: tuple | None = None

    @property
    def endpoint(self):
        return self.operation and self.operation.endpoint

    @property
    def command(self):
        command = self.document.get("command") if isinstance(self.document, dict) else None
        return command if isinstance(command, str) else None

    def header(self, name):
        """All values joined, so that a header sent twice is never mistaken for one."""
        values = [value for key, value in self.headers if key.lower() == name]
        return ", ".join(values) if values else None


class Contract:
    """Looks operations up and checks both directions."""

    def __init__(self, operations):
        self.operations = operations

    def read(self, method, target, headers, body):
        """The request with everything that the contract says about it."""
        path, question, query = target.partition("?")
        matches = [(operation, operation.path.fullmatch(path)) for operation in self.operations]
        here = [(operation, match) for operation, match in matches if match]
        if not here:
            return Request(method, target, headers, body, document=_lenient(body), refusal=(404, "No such path in the contract"))
        account_id = here[0][1].groupdict().get("id")
        account_id = account_id and urllib.parse.unquote(account_id)
        operation = next((operation for operation, match in here if operation.method == method), None)
        if operation is None:
            refusal = (405, f"Method {method} is not in the contract")
            return Request(method, target, headers, body, account_id=account_id, document=_lenient(body), refusal=refusal)
        request = Request(method, target, headers, body, operation, account_id)
        document, why = _read_body(request)
        if question:
            why = "The contract has no query: " + query
        return Request(method, target, headers, body, operation, account_id, document, (400, why) if why else None)

    @staticmethod
    def broken_by(operation, status, document):
        """Why an answer breaks the contract, or None."""
        validator = operation.answers.get(status)
        if validator is None:
            return f"The contract has no answer {status} for {operation.endpoint}"
        return _first_error(validator, document)


def load(file=FILE):
    """The contract from its file, each schema compiled once."""
    document = yaml.load(file.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    base = urllib.parse.urlsplit(document["servers"][0]["url"]).path
    return Contract(tuple(
        _operation(document, base + template, method, content)
        for template, methods in document["paths"].items()
        for method, content in methods.items()
    ))


def _operation(document, template, method, content):
    literal, *parameters = re.split(r"\{(\w+)\}", template)
    pairs = zip(parameters[::2], parameters[1::2])
    path = re.escape(literal) + "".join(f"(?P<{name}>[^/]+)" + re.escape(rest) for name, rest in pairs)
    answers = {int(status): _compile(document, _resolve(document, answer)) for status, answer in content["responses"].items()}
    body = _compile(document, content["requestBody"]) if "requestBody" in content else None
    public = content.get("security", document["security"]) == []
    return Operation(content["x-endpoint"], method.upper(), re.compile(path), public, body, answers)


def _resolve(document, node):
    """Follow a local reference; the contract uses one level of them."""
    if "$ref" not in node:
        return node
    for name in node["$ref"].removeprefix("#/").split("/"):
        document = document[name]
    return document


def _compile(document, node):
    schema = node["content"]["application/json"]["schema"]
    whole = {"allOf": [schema], "components": {"schemas": document["components"]["schemas"]}}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _first_error(validator, document):
    if validator.is_valid(document):
        return None
    error = next(iter(validator.iter_errors(document)))
    return f"{'/'.join(str(part) for part in error.instance_path) or 'document'}: {error.message}"


def _lenient(body):
    """The body of a request that is refused anyway, for the log only."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _no_constant(name):
    raise ValueError(f"{name} is not valid JSON")


def _read_body(request):
    """The body's document, and why it breaks the contract or None."""
    if request.operation.body is None:
        return None, "The contract has no body here" if request.body else None
    try:
        document = json.loads(request.body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        return None, f"The body is not valid JSON: {error}"
    if (request.header("content-type") or "").partition(";")[0].strip().lower() != "application/json":
        return document, "Content-Type must be application/json"
    return document, _first_error(request.operation.body, document)
