from importlib import import_module

from django.apps import AppConfig


class MythsConfig(AppConfig):
    name = "tongxin.myths"

    def ready(self) -> None:
        import_module("tongxin.myths.watching")  # connects its watch
