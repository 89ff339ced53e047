from importlib import import_module

from django.apps import AppConfig


class GuidanceConfig(AppConfig):
    """Guidance; its check and its trail are connected as soon as models can be saved."""

    name = "tongxin.guidance"

    def ready(self) -> None:
        import_module("tongxin.guidance.checking")
        import_module("tongxin.guidance.trail")
