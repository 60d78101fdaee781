"""The line to the mail server: kept secret, the server known by its certificate, the password told to nobody else."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from facilitation.publishing.jobs import environment
from tests.mailbox import Mailbox, Secured

USER, PASSWORD = "forum", "un mot de passe à nous"
TO = "odile.q@exemple.org"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine, of its own making."""
    folder = tmp_path_factory.mktemp("certificate")
    asked = ("-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    names = ("-keyout", folder / "key.pem", "-out", folder / "certificate.pem")
    subprocess.run(["openssl", "req", *asked, *names], check=True, capture_output=True)
    return folder / "certificate.pem"


def sent(mailbox: Mailbox, security: str, password: str = PASSWORD, trusted: Path | None = None) -> list[dict[str, Any]]:
    """What the sender's own process says of one letter."""
    smtp = {"host": "127.0.0.1", "port": mailbox.port, "security": security, "user": USER, "password": password}
    letter = {"id": "1", "to": TO, "subject": "Le compte-rendu", "text": "Le voici.", "language": "fr"}
    job = {"smtp": smtp, "from": "forum@exemple.org", "from_name": "forum", "name": "a.pdf", "file": __file__, "letters": [letter]}
    known = {"SSL_CERT_FILE": str(trusted)} if trusted else {"SSL_CERT_FILE": os.devnull}
    ran = subprocess.run(
        [sys.executable, "-m", "facilitation.publishing.post"], input=json.dumps(job), env={**environment(), **known},
        capture_output=True, text=True, check=True, timeout=180,
    )  # fmt: skip
    assert password not in ran.stdout + ran.stderr
    assert TO not in ran.stdout + ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_it_is_sent_on_a_secret_line_to_who_knows_us(security: str, certificate: Path, tmp_path: Path) -> None:
    with Mailbox(tmp_path / "box", Secured(security, certificate, USER, PASSWORD)) as mailbox:
        assert sent(mailbox, security, trusted=certificate) == [{"id": "1", "state": "sent"}]
        assert sent(mailbox, security, "another", trusted=certificate) == [{"down": "identifiants refusés (SMTP 535)"}]
        # Whoever cannot show a certificate that is trusted hears neither the letter nor the password.
        (told,) = sent(mailbox, security)
    assert told["down"].startswith("certificat refusé")
    (letter,) = mailbox.letters
    assert (letter["X-To"], letter["X-Line"], letter["X-User"]) == (TO, "secret", USER)
    assert [*dict.fromkeys(mailbox.tried)] == [PASSWORD, "another"]


def test_a_server_that_offers_no_secret_line_is_told_nothing(certificate: Path, tmp_path: Path) -> None:
    with Mailbox(tmp_path / "box", Secured("none", certificate, USER, PASSWORD)) as mailbox:
        (told,) = sent(mailbox, "starttls", trusted=certificate)
    assert "pas de ligne chiffrée" in told["down"]
    assert (mailbox.letters, mailbox.tried) == ([], [])
