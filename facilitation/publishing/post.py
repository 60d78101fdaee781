"""Sends letters in a process of its own: one JSON job on standard input, a JSON line for each letter on standard output.

The password comes by standard input, never by an argument or the environment."""

import json
import smtplib
import ssl
import sys
from base64 import b64encode
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Any

SECONDS = 20.0


def main() -> int:
    job: dict[str, Any] = json.load(sys.stdin)
    try:
        server = _connected(job["smtp"])
    except (OSError, smtplib.SMTPException) as error:
        _say({"down": _told(error)})
        return 0
    data = Path(job["file"]).read_bytes()
    with server:
        for letter in job["letters"]:
            try:
                server.send_message(_written(job, letter, data))
            except smtplib.SMTPRecipientsRefused as refusal:
                code = min((one[0] for one in refusal.recipients.values()), default=550)
                _say({"id": letter["id"], "state": "refused" if code >= 500 else "waiting", "error": f"SMTP {code}"})
            except (OSError, smtplib.SMTPException) as error:
                _say({"down": _told(error)})
                return 0
            else:
                _say({"id": letter["id"], "state": "sent"})
    return 0


def _connected(smtp: dict[str, Any]) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if smtp["security"] == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(smtp["host"], smtp["port"], timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(smtp["host"], smtp["port"], timeout=SECONDS)
        if smtp["security"] == "starttls":
            server.starttls(context=context)
    if smtp["user"]:
        _known(server, smtp["user"], smtp["password"])
    return server


def _known(server: smtplib.SMTP, user: str, password: str) -> None:
    """Tell the server who writes; the library's own way knows no accents."""
    if (user + password).isascii():
        server.login(user, password)
        return
    server.ehlo_or_helo_if_needed()
    if "PLAIN" not in server.esmtp_features.get("auth", "").upper().split():
        raise smtplib.SMTPNotSupportedError
    code, said = server.docmd("AUTH", "PLAIN " + b64encode(f"\0{user}\0{password}".encode()).decode("ascii"))
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, said)


def _written(job: dict[str, Any], letter: dict[str, Any], data: bytes) -> EmailMessage:
    made = EmailMessage()
    made["From"] = Address(job["from_name"], addr_spec=job["from"])
    made["To"] = Address(addr_spec=letter["to"])
    made["Subject"] = letter["subject"]
    made["Date"] = formatdate(localtime=False)
    made["Message-ID"] = make_msgid(domain=job["from"].rpartition("@")[2])
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(letter["text"])
    made.add_attachment(data, maintype="application", subtype="pdf", filename=job["name"])
    made["Content-Language"] = letter["language"]
    return made


def _told(error: Exception) -> str:
    """What went wrong in a few words; a server's own answer may repeat an address, and stays out."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"identifiants refusés (SMTP {error.smtp_code})"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "le serveur n’offre pas de ligne chiffrée, ou ne demande pas qui écrit"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificat refusé ({error.verify_message})"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"SMTP {error.smtp_code}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[:120]
    return type(error).__name__


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
