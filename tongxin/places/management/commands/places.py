from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from tongxin.places import actions, boundary_sources, queries, tables
from tongxin.places.models import Place
from tongxin.places.outlines import MAX_BYTES, TOO_LARGE, NotAMap, read_outlines
from tongxin.refusal import Refusal, noop

WHO = "command line"


class Command(BaseCommand):
    help = noop("Load areas and their outlines, and look them up.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        load = deeds.add_parser(
            "load", help=noop("Load areas or other names of them (.csv), or outlines (.geojson)")
        )
        load.add_argument("file", type=Path)
        load.add_argument(
            "--level", choices=Place.Level.values, help=noop("Where codes do not tell")
        )
        load.add_argument(
            "--source", help=noop("Who published the file (the file's name if not given)")
        )
        load.add_argument("--licence", default="", help=noop("Printed under every map"))
        load.add_argument("--crs", choices=("wgs84", "gcj02"), default="wgs84")
        load.add_argument("--simplify", type=float, default=50, help=noop("Detail to drop, metres"))
        load.set_defaults(run=self.load)
        deeds.add_parser("load-shipped", help=noop("Load what ships")).set_defaults(
            run=self.shipped
        )
        find = deeds.add_parser("find", help=noop("What a name means"))
        find.add_argument("name")
        find.add_argument("--within", help=noop("Code of the area whose list the name stands in"))
        find.set_defaults(run=self.find)
        tree = deeds.add_parser("tree", help=noop("An area and what lies below it"))
        tree.add_argument("code")
        tree.set_defaults(run=self.tree)
        build = deeds.add_parser(
            "build-boundaries", help=noop("Make outlines from the npm packages")
        )
        build.add_argument("--echarts", type=Path, required=True, help="echarts/map/json")
        build.add_argument("--world", type=Path, required=True, help="countries-50m.json")
        build.add_argument("--out", type=Path, default=boundary_sources.BUILT)
        build.set_defaults(run=self.build)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            options["run"](options)
        except Refusal as refusal:
            facts = {k: _(v) if isinstance(v, str) and v else v for k, v in refusal.facts.items()}
            raise CommandError(_(refusal.says).format(**facts)) from refusal
        except Place.DoesNotExist as error:
            raise CommandError(_("No place has this code.")) from error
        except OSError as error:
            raise CommandError(str(error)) from error

    def load(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        if path.stat().st_size > MAX_BYTES:
            raise NotAMap(problem=TOO_LARGE)
        data, source = path.read_bytes(), options["source"] or path.name
        if path.suffix.lower() == ".csv":
            self.load_table(data, source)
            return
        outlines = read_outlines(data, crs=options["crs"])
        done = actions.load_map(
            outlines,
            by=WHO,
            source=source,
            licence=options["licence"],
            level=options["level"],
            simplify_m=options["simplify"],
        )
        if any(done["places"]):
            self.say(_("Places"), done["places"])
        self.say(_("Outlines"), done["outlines"])

    def load_table(self, data: bytes, source: str) -> None:
        if tables.holds_names(data):
            done = actions.load_aliases(tables.read_aliases(data), by=WHO, source=source)
            self.say(_("Other names"), done)
        else:
            done = actions.load_places(tables.read_places(data), by=WHO, source=source)
            self.say(_("Places"), done)

    def shipped(self, options: dict[str, Any]) -> None:
        for name, done in actions.load_shipped(by=WHO).items():
            self.say(name, done)

    def find(self, options: dict[str, Any]) -> None:
        gazetteer = queries.Gazetteer.load(timezone.localdate())
        match = gazetteer.find(options["name"], within=options["within"])
        for code in [match.code] if match.code else match.candidates:
            place = gazetteer.places[code]
            self.stdout.write(f"{code}  {place.name_zh}  {place.name_en}  ({match.why})")
        if not match.code and not match.candidates:
            self.stdout.write(match.category or match.why)

    def tree(self, options: dict[str, Any]) -> None:
        depth: dict[str | None, int] = {}
        root = queries.place_called(options["code"])
        for place in queries.tree_of(root.code, on=timezone.localdate()):
            depth[place.code] = depth.get(place.parent_id, -1) + 1
            indent = "  " * depth[place.code]
            self.stdout.write(f"{indent}{place.code}  {place.name_zh}  {place.name_en}")

    def build(self, options: dict[str, Any]) -> None:
        for part in boundary_sources.build(options["echarts"], options["world"], options["out"]):
            self.stdout.write(f"{part.name}: {len(part.shapes)}")

    def say(self, what: str, done: actions.Loaded) -> None:
        self.stdout.write(
            _("{what}: {new} new, {changed} changed, {same} as they were").format(
                what=what, **done._asdict()
            )
        )
