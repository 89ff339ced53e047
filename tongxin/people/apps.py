from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tongxin.people"

    def ready(self) -> None:
        """Connect the sign-ins of Django and allauth to the trail."""
        from tongxin.people import sign_ins

        sign_ins.connect()
