"""Whether the checks of a server prove whom a mail comes from (RFC 7489 3.1, RFC 8601)."""

from __future__ import annotations

import pytest

from engine.domain.authentication import Check, Proof, proof_of


@pytest.mark.parametrize(
    ("checks", "proof"),
    [
        ([], "none"),
        ([Check("dmarc", "pass", "x.example")], "pass"),
        ([Check("dkim", "pass", "x.example")], "pass"),
        ([Check("dkim", "pass", "mail.x.example")], "pass"),
        ([Check("spf", "pass", "bounces.x.example")], "pass"),
        ([Check("dmarc", "fail", "x.example"), Check("spf", "pass", "evil.example")], "fail"),
        ([Check("dmarc", "fail", "x.example"), Check("dkim", "pass", "x.example")], "fail"),
        ([Check("dmarc", "fail", "x.example"), Check("spf", "pass", "shop.x.example")], "fail"),
        ([Check("dmarc", "pass", "x.example"), Check("dmarc", "fail", "x.example")], "fail"),
        ([Check("spf", "fail", "x.example")], "fail"),
        ([Check("spf", "fail", "x.example"), Check("dmarc", "none", "x.example")], "fail"),
        ([Check("spf", "fail", "x.example"), Check("dkim", "neutral", "x.example")], "none"),
        ([Check("spf", "softfail", "x.example")], "none"),
        ([Check("dkim", "fail", "x.example")], "none"),
        ([Check("dkim", "pass", "evil.example")], "none"),
        ([Check("dkim", "pass", "evilx.example")], "none"),
        ([Check("dkim", "pass", "example")], "none"),
        ([Check("dmarc", "pass", "evil.x.example")], "none"),
        ([Check("dmarc", "pass")], "none"),
        ([Check("spf", "pass")], "none"),
    ],
)
def test_a_check_counts_where_its_domain_is_the_senders(checks: list[Check], proof: Proof) -> None:
    assert proof_of("ann@x.example", checks) == proof


def test_nobody_is_proved() -> None:
    assert proof_of("", [Check("dmarc", "pass", "")]) == "none"
