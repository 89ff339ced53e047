"""A person's record as FHIR R4, for whoever the person gives it to.

Source: HL7 FHIR R4 (4.0.1): Patient, RelatedPerson, Consent, AuditEvent, in a Bundle of kind
``collection``.
"""

from datetime import datetime
from typing import Any

from tongxin.consent.models import Grant, Proxy
from tongxin.people.models import Person
from tongxin.residents.queries import Look

RESIDENT_ID = "urn:oid:1.2.156.112605.1.1"  # resident identity number, as HL7 China names it
PASSPORT = "http://hl7.org/fhir/sid/passport-CHN"
SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
CATEGORY = "http://loinc.org"
EVENT = "http://terminology.hl7.org/CodeSystem/audit-event-type"
Resource = dict[str, Any]


def bundle(
    person: Person, *, grants: list[Grant], proxies: list[Proxy], looks: list[Look], at: datetime
) -> Resource:
    """The whole record in one Bundle."""
    resources = [
        patient(person),
        *(related(proxy) for proxy in proxies),
        *(consent(grant) for grant in grants),
        *(audit_event(number, look, person) for number, look in enumerate(looks)),
    ]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": at.isoformat(),
        "entry": [
            {"fullUrl": _reference(one["resourceType"], one["id"]), "resource": one}
            for one in resources
        ],
    }


def patient(person: Person) -> Resource:
    found: Resource = {"resourceType": "Patient", "id": str(person.pk)}
    if person.name:
        found["name"] = [{"text": person.name}]
    if person.phone:
        found["telecom"] = [{"system": "phone", "value": person.phone, "use": "mobile"}]
    if person.born_on:
        found["birthDate"] = person.born_on.isoformat()
    if person.place or person.street:
        text = " ".join(filter(None, [person.street, person.place and person.place.name_zh]))
        found["address"] = [{"text": text}]
    if person.document_number:
        is_resident = person.document == Person.Document.RESIDENT_ID
        system = RESIDENT_ID if is_resident else PASSPORT
        found["identifier"] = [{"system": system, "value": person.document_number}]
    return found


def related(proxy: Proxy) -> Resource:
    """Who acts for the person, and how long."""
    return {
        "resourceType": "RelatedPerson",
        "id": f"proxy-{proxy.pk}",
        "active": proxy.withdrawn_at is None,
        "patient": {"reference": _reference("Patient", str(proxy.person_id))},
        "relationship": [{"text": proxy.relation}],
        "period": _period(proxy.starts_at, proxy.withdrawn_at or proxy.ends_at),
    }


def consent(grant: Grant) -> Resource:
    """What was allowed to whom; inactive once withdrawn."""
    return {
        "resourceType": "Consent",
        "id": f"grant-{grant.pk}",
        "status": "inactive" if grant.withdrawn_at else "active",
        "scope": {"coding": [{"system": SCOPE, "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": CATEGORY, "code": "59284-0"}]}],
        "patient": {"reference": _reference("Patient", str(grant.person_id))},
        "dateTime": grant.starts_at.isoformat(),
        "organization": [{"display": grant.to.name_zh}],
        "policyRule": {"text": grant.purpose},
        "provision": {
            "type": "permit",
            "period": _period(grant.starts_at, grant.withdrawn_at or grant.ends_at),
        },
    }


def audit_event(number: int, look: Look, person: Person) -> Resource:
    """One line of the trail."""
    return {
        "resourceType": "AuditEvent",
        "id": f"line-{number}",
        "type": {"system": EVENT, "code": "rest"},
        "recorded": look.at.isoformat(),
        "agent": [{"who": {"display": look.who}, "requestor": True}],
        "source": {"observer": {"display": "Tongxin"}},
        "entity": [
            {
                "what": {"reference": _reference("Patient", str(person.pk))},
                "description": look.deed,
            }
        ],
    }


def _period(starts_at: datetime, ends_at: datetime) -> Resource:
    return {"start": starts_at.isoformat(), "end": ends_at.isoformat()}


def _reference(kind: str, number: str) -> str:
    return f"{kind}/{number}"
