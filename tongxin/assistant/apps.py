from importlib import import_module

from django.apps import AppConfig


class AssistantConfig(AppConfig):
    name = "tongxin.assistant"

    def ready(self) -> None:
        import_module("tongxin.assistant.watching")  # hears of corrections
