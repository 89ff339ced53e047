from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext

from tongxin.channels.wechat import menus
from tongxin.channels.wechat.accounts import account as find_account
from tongxin.channels.wechat.accounts import accounts
from tongxin.channels.wechat.simulator.phone import Phones
from tongxin.channels.wechat.simulator.serving import serve
from tongxin.channels.wechat.simulator.world import World
from tongxin.refusal import Refusal, noop

BY = "command line"


class Command(BaseCommand):
    help = noop("WeChat: list the accounts, make menu and codes, simulate WeChat's side.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        deeds.add_parser("accounts", help=noop("the accounts and the addresses to give WeChat"))
        menu = deeds.add_parser("menu", help=noop("put our menu under the account's conversation"))
        menu.add_argument("account")
        menu.add_argument("--language", default="zh-hans", choices=dict(settings.LANGUAGES))
        code = deeds.add_parser("code", help=noop("make a code to scan and print its address"))
        code.add_argument("account")
        code.add_argument("scene", help=noop("what we are told when it is scanned"))
        simulate = deeds.add_parser("simulate", help=noop("stand for WeChat on this machine"))
        simulate.add_argument("--port", type=int, default=settings.WECHAT_SIMULATOR_PORT)
        simulate.add_argument(
            "--site", default=settings.WECHAT_SITE, help=noop("where Tongxin runs")
        )

    def handle(self, *args: Any, deed: str, **options: Any) -> None:
        try:
            getattr(self, f"_{deed}")(**options)
        except Refusal as refusal:
            raise CommandError(gettext(refusal.says).format(**refusal.facts)) from refusal

    def _accounts(self, **_: Any) -> None:
        for one in accounts().values():
            address = f"{settings.PUBLIC_URL}/wechat/{one.name}/"
            self.stdout.write(f"{one.name:<20} {one.kind:<10} {one.title_zh}  {address}")

    def _menu(self, account: str, language: str, **_: Any) -> None:
        buttons = menus.own_menu(language)
        menus.create_menu(find_account(account), buttons, by=BY, at=timezone.now())

    def _code(self, account: str, scene: str, **_: Any) -> None:
        code = menus.create_code(find_account(account), scene, by=BY, at=timezone.now())
        self.stdout.write(code.url)

    def _simulate(self, port: int, site: str, **_: Any) -> None:
        if not settings.DEVELOPMENT:
            raise CommandError(gettext("The simulator runs in development only."))
        known = list(accounts().values())
        world = World(known, clock=timezone.now)
        for service in world.services.values():
            service.menu = [one.as_json() for one in menus.own_menu("zh-hans")]
        callbacks = {one.app_id: f"{site}/wechat/{one.name}/" for one in known}
        words = gettext("WeChat is simulated at {url}; the phone is at {site}/dev/wechat/")
        self.stdout.write(words.format(url=f"http://127.0.0.1:{port}", site=site))
        serve(Phones(world, callbacks), port=port)
