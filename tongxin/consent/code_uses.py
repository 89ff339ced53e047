"""What a code that came to a telephone is good for, and for nothing else."""

from tongxin.people.models import Organisation, Person


def consent_use(person: Person, *, to: Organisation, purpose: str) -> str:
    """The owner agrees to one purpose of one organisation."""
    return f"consent {person.pk} {purpose} {to.pk}"


def take_over_use(person: Person) -> str:
    """The owner takes over a record that was kept on paper."""
    return f"take over {person.pk}"
