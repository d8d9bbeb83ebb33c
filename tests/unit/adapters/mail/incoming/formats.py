"""How mail servers say that a mail did not arrive, one example a server, from the words that each is known
for. Made for these tests: the people and hosts are nobody's."""

from __future__ import annotations

from textwrap import dedent

from engine.domain.bounce_text import Verdict

Expected = tuple[tuple[str, Verdict], ...]


def mail(fields: str, body: str) -> bytes:
    """A mail of these fields and this body, with CRLF line ends."""
    text = f"{dedent(fields).strip()}\n\n{dedent(body).strip()}\n"
    return text.replace("\n", "\r\n").encode()


def report(sender: str, text: str, *recipients: str, back: str = "") -> bytes:
    """A delivery status notification (RFC 3464) with a text for people and the mail's fields."""
    blocks = "\n\n".join(dedent(recipient).strip() for recipient in recipients)
    back = back or "From: lena@cozy.example\nTo: ada@dest.example\nMessage-ID: <m1@cozy.example>"
    return mail(
        f"""
        From: {sender}
        To: bounce@cozy.example
        Subject: Delivery Status Notification (Failure)
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b1"
        """,
        "\n".join((
            "--b1\nContent-Type: text/plain; charset=utf-8\n",
            dedent(text).strip(),
            "--b1\nContent-Type: message/delivery-status\n",
            "Reporting-MTA: dns; mx.dest.example\n",
            blocks,
            "\n--b1\nContent-Type: text/rfc822-headers\n",
            back,
            "\n--b1--",
        )),
    )  # fmt: skip


POSTFIX = "MAILER-DAEMON@mx.dest.example (Mail Delivery System)"
EXCHANGE = "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@dest.example>"

FORMATS: dict[str, tuple[bytes, Expected]] = {
    "postfix, unknown user": (
        report(
            POSTFIX,
            "<ada@dest.example>: host mx.dest.example[192.0.2.1] said: 550 5.1.1 <ada@dest.example>:\n"
            "    Recipient address rejected: User unknown in virtual mailbox table",
            """
            Final-Recipient: rfc822; ada@dest.example
            Original-Recipient: rfc822;ada@dest.example
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: smtp; 550 5.1.1 <ada@dest.example>: Recipient address
                rejected: User unknown in virtual mailbox table
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "postfix, no such domain": (
        report(
            POSTFIX,
            "<ada@nowhere.example>: Host or domain name not found. Name service error for\n"
            "    name=nowhere.example type=AAAA: Host not found",
            """
            Final-Recipient: rfc822; ada@nowhere.example
            Action: failed
            Status: 5.4.4
            Diagnostic-Code: X-Postfix; Host or domain name not found. Name service error
                for name=nowhere.example type=AAAA: Host not found
            """,
        ),
        (("ada@nowhere.example", "hard"),),
    ),
    "postfix, gave up connecting": (
        report(
            POSTFIX,
            "<ada@dest.example>: connect to mx.dest.example[192.0.2.1]:25: Connection timed out",
            """
            Final-Recipient: rfc822; ada@dest.example
            Action: failed
            Status: 4.4.1
            Diagnostic-Code: X-Postfix; connect to mx.dest.example[192.0.2.1]:25: Connection timed out
            """,
        ),
        (("ada@dest.example", "soft"),),
    ),
    "postfix, two recipients of two fates": (
        report(
            POSTFIX,
            "<ada@dest.example>: unknown user: \"ada\"\n\n<bob@dest.example>: mailbox is full",
            """
            Final-Recipient: rfc822; ada@dest.example
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: X-Postfix; unknown user: "ada"
            """,
            """
            Final-Recipient: rfc822; bob@dest.example
            Action: failed
            Status: 5.2.2
            Diagnostic-Code: x-unix; mailbox is full
            """,
        ),
        (("ada@dest.example", "hard"), ("bob@dest.example", "soft")),
    ),
    "a code that is wrong: full, as 5.1.1": (
        report(
            POSTFIX,
            "It did not arrive.",
            """
            Final-Recipient: rfc822; ada@dest.example
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: smtp; 550 5.1.1 <ada@dest.example>... Mailbox full: quota exceeded
            """,
        ),
        (("ada@dest.example", "soft"),),
    ),
    "a code that says less: unknown, as 5.7.1": (
        report(
            "MAILER-DAEMON@yandex.example",
            "It did not arrive.",
            """
            Final-Recipient: rfc822; ada@dest.example
            Action: failed
            Status: 5.7.1
            Diagnostic-Code: smtp; 550 5.7.1 No such user!
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "gmail, unknown user": (
        report(
            "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
            "** Address not found **\n\nYour message wasn't delivered to ada@gmail.example because the"
            " address couldn't be found, or is unable to receive mail.",
            """
            Final-Recipient: rfc822; ada@gmail.example
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please
             try
             550-5.1.1 double-checking the recipient's email address for typos or
             550 5.1.1 unnecessary spaces. a1-1234.5 - gsmtp
            """,
        ),
        (("ada@gmail.example", "hard"),),
    ),
    "gmail, disabled": (
        report(
            "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
            "The email account that you tried to reach is disabled.",
            """
            Final-Recipient: rfc822; ada@gmail.example
            Action: failed
            Status: 5.2.1
            Diagnostic-Code: smtp; 550 5.2.1 The email account that you tried to reach is disabled.
            """,
        ),
        (("ada@gmail.example", "soft"),),
    ),
    "gmail, no such domain": (
        report(
            "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
            "Your message wasn't delivered to ada@nowhere.example because the domain nowhere.example"
            " couldn't be found. Check for typos or unnecessary spaces and try again.",
            """
            Final-Recipient: rfc822; ada@nowhere.example
            Action: failed
            Status: 4.0.0
            Diagnostic-Code: smtp; DNS Error: DNS type 'mx' lookup of nowhere.example responded with code
             NXDOMAIN
             Domain name not found: nowhere.example
            """,
        ),
        (("ada@nowhere.example", "hard"),),
    ),
    "gmail, spam": (
        report(
            "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
            "Message blocked",
            """
            Final-Recipient: rfc822; ada@gmail.example
            Action: failed
            Status: 5.7.1
            Diagnostic-Code: smtp; 550-5.7.1 [192.0.2.1] Our system has detected that this message is
             550-5.7.1 likely unsolicited mail. To reduce the amount of spam sent to Gmail,
             550 5.7.1 this message has been blocked.
            """,
        ),
        (("ada@gmail.example", "soft"),),
    ),
    "exchange online, not found": (
        report(
            EXCHANGE,
            "Your message to ada@dest.example couldn't be delivered.\nada wasn't found at dest.example.",
            """
            Final-Recipient: rfc822;ada@dest.example
            Action: failed
            Status: 5.1.10
            Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ada@dest.example not
             found by SMTP address lookup
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "exchange online, by the directory at the edge": (
        report(
            EXCHANGE,
            "Delivery has failed to these recipients or groups:",
            """
            Final-Recipient: rfc822;ada@dest.example
            Action: failed
            Status: 5.4.1
            Diagnostic-Code: smtp;550 5.4.1 Recipient address rejected: Access denied. AS(201806281)
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "exchange online, only for some senders": (
        report(
            EXCHANGE,
            "Your message couldn't be delivered because you do not have permission.",
            """
            Final-Recipient: rfc822;ada@dest.example
            Action: failed
            Status: 5.7.133
            Diagnostic-Code: smtp;550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication
             required; Delivery restriction check failed
            """,
        ),
        (("ada@dest.example", "soft"),),
    ),
    "exchange 2000, in prose": (
        mail(
            """
            From: postmaster@dest.example
            To: bounce@cozy.example
            Subject: Undeliverable: News from Cozy
            """,
            """
            Your message

              To:      ada@dest.example
              Subject: News from Cozy
              Sent:    Mon, 2 Mar 2026 10:00:00 +0100

            did not reach the following recipient(s):

            ada@dest.example on Mon, 2 Mar 2026 10:00:05 +0100
                The e-mail account does not exist at the organization this message
            was sent to.  Check the e-mail address, or contact the recipient
            directly to find out the correct address.
                <mx.dest.example #5.1.1>
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "sendmail, in prose": (
        mail(
            """
            From: Mail Delivery Subsystem <MAILER-DAEMON@mx.dest.example>
            To: <bounce@cozy.example>
            Subject: Returned mail: User unknown
            Auto-Submitted: auto-generated (failure)
            """,
            """
            The original message was received at Mon, 2 Mar 2026 10:00:00 GMT
            from mail.cozy.example [192.0.2.7]

               ----- The following addresses had permanent fatal errors -----
            <ada@dest.example>

               ----- Transcript of session follows -----
            ... while talking to inner.dest.example.:
            >>> RCPT To:<ada@dest.example>
            <<< 550 <ada@dest.example>... User unknown
            550 <ada@dest.example>... User unknown

               ----- Original message follows -----
            Message-ID: <m1@cozy.example>
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "qmail": (
        mail(
            """
            Return-Path: <>
            From: MAILER-DAEMON@mx.dest.example
            To: bounce@cozy.example
            Subject: failure notice
            """,
            """
            Hi. This is the qmail-send program at mx.dest.example.
            I'm afraid I wasn't able to deliver your message to the following addresses.
            This is a permanent error; I've given up. Sorry it didn't work out.

            <ada@dest.example>:
            Sorry, no mailbox here by that name. (#5.1.1)

            <bob@dest.example>:
            192.0.2.9 failed after I sent the message.
            Remote host said: 554 5.7.1 Message rejected as spam

            --- Below this line is a copy of the message.

            Return-Path: <bounce+x.y@cozy.example>
            """,
        ),
        (("ada@dest.example", "hard"), ("bob@dest.example", "soft")),
    ),
    "exim": (
        mail(
            """
            X-Failed-Recipients: ada@dest.example
            Auto-Submitted: auto-replied
            From: Mail Delivery System <Mailer-Daemon@mx.cozy.example>
            To: bounce@cozy.example
            Subject: Mail delivery failed: returning message to sender
            """,
            """
            This message was created automatically by mail delivery software.

            A message that you sent could not be delivered to one or more of its
            recipients. This is a permanent error. The following address(es) failed:

              ada@dest.example
                SMTP error from remote mail server after RCPT TO:<ada@dest.example>:
                host mx.dest.example [192.0.2.1]: 550 No such user here

            ------ This is a copy of the message, including all the headers. ------

            Return-path: <bounce@cozy.example>
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "exim, late": (
        mail(
            """
            From: Mail Delivery System <Mailer-Daemon@mx.cozy.example>
            To: bounce@cozy.example
            Subject: Warning: message 1abcde-000000-00 delayed 24 hours
            """,
            """
            This message was created automatically by mail delivery software.
            A message that you sent has not yet been delivered to one or more of its
            recipients after more than 24 hours on the queue on mx.cozy.example.

            The address to which the message has not yet been delivered is:

              ada@dest.example

            No action is required on your part. Delivery attempts will continue for
            some time, and this warning may be repeated at intervals.
            """,
        ),
        (("ada@dest.example", "soft"),),
    ),
    "yahoo": (
        mail(
            """
            From: MAILER-DAEMON@yahoo.example
            To: bounce@cozy.example
            Subject: Failure Notice
            """,
            """
            Sorry, we were unable to deliver your message to the following address.

            <ada@yahoo.example>:
            554: delivery error: dd This user doesn't have a yahoo.com account (ada@yahoo.example) [0]

            --- Below this line is a copy of the message.

            Message-ID: <m1@cozy.example>
            """,
        ),
        (("ada@yahoo.example", "hard"),),
    ),
    "notes": (
        mail(
            """
            From: Mail Router <postmaster@dest.example>
            To: bounce@cozy.example
            Subject: DELIVERY FAILURE: User ada (ada@dest.example) not listed in Domino Directory
            """,
            """
            Your message

              Subject: News from Cozy

            was not delivered to:

              ada@dest.example

            because:

              User ada (ada@dest.example) not listed in Domino Directory
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "groupwise": (
        mail(
            """
            From: <Mailer-Daemon@dest.example>
            To: bounce@cozy.example
            Subject: Message status - undeliverable
            """,
            """
            The message that you sent was undeliverable to the following:
            \tada@dest.example (user not found)

            Possibly truncated original message follows:
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "mdaemon": (
        mail(
            """
            From: MDaemon@dest.example
            To: bounce@cozy.example
            Subject: Permanent Delivery Failure
            X-Actual-From: MDaemon@dest.example
            """,
            """
            The attached message had PERMANENT fatal delivery errors!

            After one or more unsuccessful delivery attempts the attached message has
            been removed from the mail queue on this server.

            YOUR MESSAGE WAS NOT DELIVERED TO ONE OR MORE RECIPIENTS!

            Failed address: ada@dest.example

            --- Session Transcript ---
             550 ada@dest.example unknown user account
            --- End Transcript ---
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "imail": (
        mail(
            """
            From: "Postmaster" <postmaster@dest.example>
            To: bounce@cozy.example
            Subject: Undeliverable Mail
            X-Mailer: <SMTP32 v8.22>
            """,
            """
            User mailbox exceeds allowed size: ada@dest.example

            Original message follows.

            Message-ID: <m1@cozy.example>
            """,
        ),
        (("ada@dest.example", "soft"),),
    ),
    "courier": (
        report(
            '"Courier mail server at mx.dest.example" <@>',
            """
            UNDELIVERABLE MAIL

            Your message to the following recipients cannot be delivered:

            <ada@dest.example>:
               mx.dest.example [192.0.2.1]:
            <<< 550 User unknown.
            """,
            """
            Final-Recipient: rfc822; ada@dest.example
            Action: failed
            Status: 5.0.0
            Diagnostic-Code: smtp; 550 User unknown.
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "amazon ses": (
        report(
            "MAILER-DAEMON@eu-west-1.amazonses.com",
            "An error occurred while trying to deliver the mail to the following recipients:\n"
            "ada@dest.example",
            """
            Final-Recipient: rfc822; ada@dest.example
            Diagnostic-Code: Amazon SES did not send the message to this address because it is on the
             suppression list for your account.
            Action: failed
            Status: 5.1.1
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "x.400 gateway": (
        report(
            "postmaster@x400.dest.example",
            "This is a report of a message that was not delivered.",
            """
            Original-Recipient: rfc822; ada@dest.example
            Final-Recipient: x400; /G=Ada/S=L/O=Dest/C=DE/
            X-Supplementary-Info: Unrecognised O/R name
            Action: failed
            Status: 5.1.1 (Bad destination mailbox address)
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "german provider": (
        mail(
            """
            From: "Mail Delivery System" <mailer-daemon@kunde.example>
            To: bounce@cozy.example
            Subject: =?utf-8?q?Unzustellbare_Nachricht?=
            Content-Type: text/plain; charset=iso-8859-1
            Content-Transfer-Encoding: quoted-printable
            """,
            """
            Ihre Nachricht konnte nicht zugestellt werden:

            ada@dest.example:
            Empf=E4nger unbekannt
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "japanese provider": (
        mail(
            """
            From: Mail Delivery Subsystem <MAILER-DAEMON@mobile.example>
            To: bounce@cozy.example
            Subject: Returned mail: see transcript for details
            Content-Type: text/plain; charset=utf-8
            """,
            """
            次のあて先へのメッセージはエラーのため送信できませんでした。

            送信先メールアドレスが見つかりませんでした。
            メールアドレスをご確認の上、再送信してください。

            <ada@dest.example>
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "chinese provider": (
        mail(
            """
            From: PostMaster@provider.example
            To: bounce@cozy.example
            Subject: =?utf-8?b?57O757uf6YCA5L+h?=
            Content-Type: text/plain; charset=utf-8
            """,
            """
            很抱歉，您的邮件被退回。

            收件人邮件地址（ada@dest.example）不存在，邮件无法送达。
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "a form without its form": (
        mail(
            """
            From: Mail Delivery Service <mailer-daemon@mx.dest.example>
            To: bounce@cozy.example
            Subject: Delivery Status Notification
            """,
            """
            Reporting-MTA: dns; mx.dest.example

            Final-Recipient: rfc822; ada@dest.example

            Action: failed
            Status: 5.5.0
            Diagnostic-Code: smtp; 550 Requested action not taken: mailbox unavailable
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "dovecot, in the form of a receipt": (
        mail(
            """
            From: Mail Delivery Subsystem <postmaster@dest.example>
            To: bounce@cozy.example
            Subject: Automatically rejected mail
            Auto-Submitted: auto-replied (rejected)
            Content-Type: multipart/report; report-type=disposition-notification; boundary="b1"
            """,
            """
            --b1
            Content-Type: text/plain; charset=utf-8

            Your message to <ada@dest.example> was automatically rejected:
            Quota exceeded (mailbox for user is full)
            --b1
            Content-Type: message/disposition-notification

            Final-Recipient: rfc822; ada@dest.example
            Disposition: automatic-action/MDN-sent-automatically; deleted
            --b1--
            """,
        ),
        (("ada@dest.example", "soft"),),
    ),
    "zoho": (
        mail(
            """
            From: mailer-daemon@mail.zoho.example
            To: bounce@cozy.example
            Subject: Undelivered Mail Returned to Sender
            """,
            """
            This message was created automatically by mail delivery software.
             A message that you sent could not be delivered to one or more of its recipients. This is a
            permanent error.

            ada@dest.example Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 <ada@dest.example>... User
            Unknown
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "gmx": (
        mail(
            """
            From: "GMX Mailer Daemon" <mailer-daemon@gmx.example>
            To: bounce@cozy.example
            Subject: Mail delivery failed: returning message to sender
            """,
            """
            A message that you sent could not be delivered to
            one or more of its recipients. The following addresses
            failed:

            "ada@dest.example":
            SMTP error from remote server after RCPT command:
            host: mx.dest.example
            5.2.2 mailbox full
            """,
        ),
        (("ada@dest.example", "soft"),),
    ),
    "mailmarshal": (
        mail(
            """
            From: MailMarshal SMTP <postmaster@dest.example>
            To: bounce@cozy.example
            Subject: Undeliverable Mail: "News from Cozy"
            """,
            """
            Your message:
               From:    lena@cozy.example
               Subject: News from Cozy

            Could not be delivered because of

            550 5.1.1 User unknown

            The following recipients were affected:
                ada@dest.example

            Additional Information
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "surfcontrol": (
        mail(
            """
            From: SurfControl E-mail Filter <postmaster@dest.example>
            To: bounce@cozy.example
            Subject: News from Cozy
            """,
            """
            Your message could not be sent.
            A transcript of the attempts to send the message follows.
            The number of attempts made: 1
            Addressed To: ada@dest.example

            Thu 29 Apr 2010 23:34:45 +0900
            Failed to send to identified host,
            ada@dest.example: [192.0.2.1], 550 ada@dest.example... No such user
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "mcafee": (
        mail(
            """
            From: "Mail Delivery Subsystem" <mailer-daemon@scanner.dest.example>
            To: bounce@cozy.example
            Subject: Failure notice
            """,
            """
             --- The following addresses had delivery problems ---

            <ada@dest.example>   (User unknown ada@dest.example)
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "a mobile provider": (
        mail(
            """
            From: Postmaster@mobile.example
            To: bounce@cozy.example
            Subject: Mail System Error - Returned Mail
            """,
            """
            Your mail sent on: Thu, 29 Apr 2010 11:04:47 +0900
            Could not be delivered to: <ada@mobile.example>
            As their mailbox is full.
            """,
        ),
        (("ada@mobile.example", "soft"),),
    ),
    "a small agent": (
        mail(
            """
            Return-Path: <>
            From: MAILER-DAEMON <>
            To: bounce@cozy.example
            Subject: Mail delivery failed
            """,
            """
            This is the DragonFly Mail Agent at df.cozy.example.

            There was an error delivering your mail to <ada@nowhere.example>.

            DNS lookup failure: host nowhere.example not found
            """,
        ),
        (("ada@nowhere.example", "hard"),),
    ),
    "a gateway with a list of errors": (
        mail(
            """
            From: mail delivery <noreply@gateway.dest.example>
            To: bounce@cozy.example
            Subject: There was an error sending your mail
            Auto-Submitted: auto-replied
            """,
            """
            We had trouble delivering your message. Full details follow:

            Subject: 'News from Cozy'

            1 error(s):

            SMTP Server <mx.dest.example> rejected recipient <ada@dest.example>
              (Error following RCPT command). It responded as follows: [550 5.1.1 User Unknown]
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "sendmail, which takes a refused sender for an unknown user": (
        mail(
            """
            From: Mail Delivery Subsystem <MAILER-DAEMON@relay.dest.example>
            To: <bounce@cozy.example>
            Subject: Returned mail: see transcript for details
            Auto-Submitted: auto-generated (failure)
            """,
            """
            The original message was received at Mon, 2 Mar 2026 10:00:00 GMT

               ----- The following addresses had permanent fatal errors -----
            bob@mx.dest.example
                (reason: 553 Sender Policy Framework (SPF) fail)
                (expanded from: <ada@dest.example>)

               ----- Transcript of session follows -----
            ... while talking to mx.dest.example.:
            >>> DATA
            <<< 553 Sender Policy Framework (SPF) fail
            550 5.1.1 bob@mx.dest.example... User unknown
            <<< 503 RCPT first (#5.5.1)
            """,
        ),
        (("ada@dest.example", "soft"), ("bob@mx.dest.example", "soft")),
    ),
    "sendmail, the same for one recipient": (
        mail(
            """
            From: Mail Delivery Subsystem <MAILER-DAEMON@relay.dest.example>
            To: <bounce@cozy.example>
            Subject: Returned mail: see transcript for details
            """,
            """
               ----- The following addresses had permanent fatal errors -----
            <ada@dest.example>
                (reason: 554 Message looks like spam)

               ----- Transcript of session follows -----
            <<< 554 Message looks like spam
            550 5.1.1 <ada@dest.example>... User unknown
            """,
        ),
        (("ada@dest.example", "soft"),),
    ),
    "postfix, with another field behind its boundary": (
        report(
            POSTFIX,
            "<ada@dest.example>: host mx.dest.example[192.0.2.1] said: 550\n    Probable spam",
            """
            Final-Recipient: rfc822; ada@dest.example
            Action: failed
            Status: 5.0.0
            Diagnostic-Code: smtp; 550 Probable spam
            """,
        ).replace(b'"b1"', b'"b1" Message-Id: <20260302@mx.dest.example>'),
        (("ada@dest.example", "soft"),),
    ),
    "sendmail, its boundary lost on the way": (
        report(
            "Mail Delivery Subsystem <MAILER-DAEMON@mx.dest.example>",
            "554 Too many hops 19 (17 max): from <lena@cozy.example>, to <ada@dest.example>",
            "Final-Recipient: rfc822; ada@dest.example\nAction: failed\nStatus: 5.4.6",
        ).replace(b'boundary="b1"', b"bo"),
        (("ada@dest.example", "soft"),),
    ),
    "from nobody, and without a subject": (
        mail(
            """
            Return-Path: <>
            From: <>
            To: bounce@cozy.example
            Auto-Submitted: auto-replied
            """,
            "You sent mail to ada@dest.example. That's not a valid user here.",
        ),
        (("ada@dest.example", "hard"),),
    ),
    "one address in another's name": (
        mail(
            """
            From: MAILER-DAEMON@mx.dest.example
            To: bounce@cozy.example
            Subject: failure notice
            """,
            """
            Hi. This is the qmail-send program at mx.dest.example.
            I'm afraid I wasn't able to deliver your message to the following addresses.
            This is a permanent error; I've given up. Sorry it didn't work out.

            <ada@dest.example>:
            Sorry, the user's mailbox is full.

            <amada@dest.example>:
            Sorry, no mailbox here by that name. (#5.1.1)
            """,
        ),
        (("ada@dest.example", "soft"), ("amada@dest.example", "hard")),
    ),
    "a report in one text, without the parts that it announces": (
        mail(
            """
            From: Mail Delivery Subsystem <MAILER-DAEMON@dest.example>
            To: <bounce@cozy.example>
            Subject: Returned mail: Service unavailable
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=delivery-status; boundary="b1"
            """,
            """
            The original message was received at Mon, 2 Mar 2026 10:00:00 GMT

            554 "|exec /usr/local/bin/procmail #ada"... Service unavailable

            Final-Recipient: RFC822; ada@dest.example
            X-Actual-Recipient: RFC822; |exec /usr/local/bin/procmail #ada@mx.dest.example
            Action: failed
            Status: 5.5.0
            """,
        ),
        (("ada@dest.example", "soft"),),
    ),
    "a mobile provider, its boundary in a line that is not folded": (
        mail(
            """
            From: post_master@dest.example
            To: bounce@cozy.example
            Subject: Re:News from Cozy
            MIME-Version: 1.0
            Content-Type: multipart/mixed;
            boundary="b1"
            Date: 2 Mar 2026 10:00:00 -0000
            """,
            """
            --b1
            Content-Type: multipart/alternative;
            boundary="b2"

            --b2
            Content-Type: text/plain; charset=us-ascii

            Error: Invalid user address

            550 - Requested action not taken: no such user here

            Message details:
              MAIL FROM: lena@cozy.example
              RCPT TO: 000000000000@dest.example

            --b2--

            --b1--
            """,
        ),
        (("000000000000@dest.example", "hard"),),
    ),
    "a parameter without its semicolon": (
        mail(
            """
            From: "Mail Deliver System" <MAILER-DAEMON>
            To: bounce@cozy.example
            Subject: Returned Mail: User unknown
            Content-Type: multipart/mixed; boundary="b1"
            """,
            """
            --b1
            Content-Type: text/plain
               charset="iso-2022-jp"

            ---The following addresses had delivery errors---

            ada@dest.example [User unknown]

            --b1
            From: Lena <lena@cozy.example>
            To: ada@dest.example

            --b1--
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
    "a provider that writes as anybody": (
        mail(
            """
            Return-Path: <>
            From: somebody@dest.example
            To: bounce@cozy.example
            Subject: Mail
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="b1"
            """,
            """
            --b1
            Content-Type: text/plain; charset=us-ascii

            Your mail sent on: Mon, 2 Mar 2026 10:00:00 +0900
                 Could not be delivered to: <ada@dest.example>
                 As their mailbox is full.
            --b1
            Content-Type: message/rfc822

            From: lena@cozy.example
            To: ada@dest.example
            Message-ID: <m1@cozy.example>

            Hello
            --b1--
            """,
        ),
        (("ada@dest.example", "soft"),),
    ),
    "a copy whose fields have no blank": (
        mail(
            """
            From: mailer-daemon@mail.dest.example
            To: bounce@cozy.example
            Subject: Undelivered Mail Returned to Sender
            """,
            """
            This message was created automatically by mail delivery software.
            A message that you sent could not be delivered to one or more of its recipients.

            ada@dest.example Invalid Address, ERROR_CODE :550, mailbox unavailable


            Received:from mail.cozy.example by mx.dest.example
            Message-ID:<m1@cozy.example>
            From:Lena <lena@cozy.example>
            To:<ada@dest.example>
            """,
        ),
        (("ada@dest.example", "hard"),),
    ),
}  # fmt: skip
