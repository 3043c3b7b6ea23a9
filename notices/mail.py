"""Sending notices as e-mail."""

from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import EmailMessage, get_connection
from django.core.mail.utils import DNS_NAME

from notices import letters
from notices.errors import Undelivered
from notices.models import Notice

REFUSED_FOR_GOOD = 500


class Mail:
    """One connection to the mail server for several letters; opened with the first, closed with the block."""

    def __enter__(self) -> "Mail":
        self.backend = get_connection()
        return self

    def __exit__(self, *_: object) -> None:
        self.backend.close()

    def send(self, notice: Notice, address: str) -> None:
        """Send a notice to an address. Raises Undelivered, which never says to whom."""
        letter = letters.write(
            notice.kind, about=notice.about, payload=notice.payload, to_staff=notice.person_id is not None
        )
        message = EmailMessage(
            letter.subject,
            letter.body,
            to=[address],
            connection=self.backend,
            headers={"Message-ID": f"<{notice.id}@{DNS_NAME}>", "Auto-Submitted": "auto-generated"},
        )
        try:
            self.backend.open()
            message.send()
        except SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise Undelivered(f"the address was refused: {codes}", final=min(codes) >= REFUSED_FOR_GOOD) from error
        except SMTPResponseException as error:
            raise Undelivered(f"the mail server said {error.smtp_code}") from error
        except (SMTPException, OSError) as error:
            self.backend.close()  # whatever state it was left in, the next letter gets a new one
            raise Undelivered(f"the mail server does not answer: {type(error).__name__}", silent=True) from error
