"""What happened to a record, in words for the person it is about."""

from django.utils.translation import gettext

from tongxin.refusal import noop
from tongxin.residents.queries import MACHINE, PROXY, SELF

DEEDS = {
    "people.person_added": noop("The record was begun"),
    "people.person_corrected": noop("Details were changed"),
    "people.person_found": noop("The record was found in a search"),
    "people.telephone_linked": noop("A telephone was linked to the record"),
    "people.record_read": noop("The record was read"),
    "consent.proxy_begun": noop("Somebody began to act for you"),
    "consent.proxy_ended": noop("Somebody stopped acting for you"),
    "consent.given_for": noop("A permission was given"),
    "consent.withdrawn_for": noop("A permission was withdrawn"),
    "channels.wechat_linked": noop("A WeChat account was linked to you"),
    "channels.wechat_unlinked": noop("A WeChat account no longer knows who you are"),
    "consent.emergency_read": noop("The record was opened in an emergency"),
    "triage.check_kept": noop("A self-check was kept"),
    "triage.check_deleted": noop("A self-check was deleted"),
    "triage.check_reassessed": noop("You were told that new rules judge a self-check otherwise"),
}
WHO = {
    SELF: noop("You"),
    PROXY: noop("Somebody who acts for you"),
    MACHINE: noop("The platform itself"),
}


def deed_in_words(deed: str) -> str:
    return gettext(DEEDS[deed]) if deed in DEEDS else deed


def who_in_words(who: str) -> str:
    return gettext(WHO[who]) if who in WHO else who
