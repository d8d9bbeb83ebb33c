"""`D`: what is wrong around the files: the database, keys, the way mail leaves, the last `apply`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """A code without an example file. `mend` is what to type or where to look, line by line."""

    code: str
    title: str
    why: str
    mend: str


_LINKS = "export SINCERELY_LINK_KEY=$(python3 -c 'import secrets; print(secrets.token_hex(32))')"

TROUBLES = (
    Trouble("D101", "The database has another schema", "Every version of Sincerely works with one schema, so that no mail is decided on half of the facts.", "sincerely db upgrade"),
    Trouble("D102", "The database does not answer", "Its address is wrong, its folder is missing, or its server is down. Nothing is sent and nothing is lost meanwhile.", "sincerely db current\nlook at `database:` in config.yaml, or at the variable SINCERELY_DATABASE"),
    Trouble("D103", "The migrations are not installed", "They come with Sincerely, and this installation lacks them.", "install Sincerely again"),
    Trouble("D104", "The key of the addresses is missing or another", "Suppressions and erased people are known by a hash of their address with a key. With another key all of them would be forgotten, so nothing goes on without the right one.", "set the variable that `secrets: { addresses: … }` names in config.yaml, to the key this database was made with\nsincerely db key"),
    Trouble("D110", "The plan refuses this edit", "People stand on a step that is gone, and nobody said where they go. Nothing was applied.", "sincerely plan\ngive the new step `was: OLD-STEP`, or write under `removed:` where its people go"),
    Trouble("D111", "This journey does not ask for a backfill", "People of today enter a journey only if it asks for that itself (R1.1).", "write `backfill: yes` under its `enter`, then: sincerely plan"),
    Trouble("D112", "No version is in force", "The daemon reads applied versions only, never the files as they are being edited.", "sincerely plan\nsincerely apply"),
    Trouble("D121", "Workers need PostgreSQL", "SQLite has one writer, so one process does everything there and does it best.", "sincerely run\nfor several machines: docs/how-to/use-postgresql.md, then docs/how-to/scale.md"),
    Trouble("D122", "The library for workers is not installed", "Jobs go from process to process by Procrastinate, which a single daemon does not need.", "pip install 'sincerely[workers]'\nsincerely db upgrade"),
    Trouble("D123", "The queue for workers is not there, or is another version's", "Each version of Procrastinate works with tables of its own. They hold hints only, so making them anew loses nothing.", "stop the workers, then: sincerely db upgrade"),
    Trouble("D124", "The queue for workers could not be made", "It lies in a schema of its own, and the role may not make one. Everything else was upgraded.", "as the database's owner: GRANT CREATE ON DATABASE sincerely TO sincerely;\nsincerely db upgrade"),
    Trouble("D131", "The backup could not be made", "PostgreSQL is backed up by its own `pg_dump`, which has to be on this machine and as new as the server.", "run the line that the message shows, where `pg_dump` is"),
    Trouble("D201", "A key or a password is missing", "Secrets never stand in a file. The config names a variable of the environment, and it is not set.", "export THE_VARIABLE=…"),
    Trouble("D202", "This is not a SendGrid key", "SendGrid's keys begin with `SG.` and are shown once, when they are made.", "in SendGrid: Settings, API Keys, Create API Key, with the right Mail Send"),
    Trouble("D203", "A password would travel in the clear", "Without TLS anybody on the way could read it and send in your name.", "write `security: starttls` under `delivery:`, or `security: tls` under `inbox:`, in config.yaml"),
    Trouble("D204", "The link key cannot be used", "It signs the ways out of every mail; a short one could be guessed.", _LINKS),
    Trouble("D205", "A marketing mail without a way out", "Every marketing mail carries a link and a header to leave by one click (RFC 8058). This one would not, so it does not leave.", "set `company.site` and `secrets.links`, see D206 and D207"),
    Trouble("D206", "No site for the unsubscribe pages", "The way out leads to a page of yours, and mail programs ask for https.", "write under `company:` in config.yaml: site: https://YOUR.SITE"),
    Trouble("D207", "No key for the unsubscribe links", "Links are signed, so that nobody can unsubscribe somebody else.", "write in config.yaml: secrets: { links: $SINCERELY_LINK_KEY }\n" + _LINKS),
    Trouble("D208", "No postal address", "The law asks for it in every marketing mail.", "write under `company:` in config.yaml: address: Example Street 1, 10115 Berlin"),
    Trouble("D209", "Nothing can listen on this address", "Another program listens there already, or the address is not one of this machine.", "stop the other program, or: sincerely serve --port 8081"),
    Trouble("D210", "No key for the addresses that mail comes back to", "Each mail comes back to an address of its own, which is signed, so that nobody can make up a bounce and silence a customer.", "write in config.yaml: secrets: { links: $SINCERELY_LINK_KEY }\n" + _LINKS),
    Trouble("D241", "This is no verification key", "SendGrid signs what it tells, and shows the public key for it.", "copy it whole from SendGrid: Settings, Mail Settings, Event Webhook; it begins with `MFkw`"),
    Trouble("D242", "The secret in the address of Inbound Parse is too short", "Whoever knows the address can post mails in the name of your customers; a short secret could be guessed.", "export INBOUND_SECRET=$(python3 -c 'import secrets; print(secrets.token_hex(16))')"),
    Trouble("D243", "No key for the addresses that mail is answered to", "Each mail is answered to an address of its own, which is signed, so that nobody can answer in the thread of somebody else.", "write in config.yaml: secrets: { links: $SINCERELY_LINK_KEY }\n" + _LINKS),
)  # fmt: skip
