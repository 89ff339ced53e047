"""What the browser tells a person is what the server's rules tell them."""

import json
import random
import subprocess
from dataclasses import asdict
from datetime import date
from pathlib import Path

from tongxin.guidance import packs
from tongxin.guidance.rules import LAYERS, POLARITIES, Block, advice_for

HERE = Path(__file__).parent
FRONTEND = HERE.parents[1] / "frontend"
SPACE = packs.space("covid-19")
DAYS = [date(2022, 12, 31), date(2024, 6, 1), date(2026, 11, 22), date(2030, 1, 1)]
LINEAGES = [[], ["CN-421083", "CN-421000", "CN-420000", "CN"], ["CN-310000", "CN"]]
SHIPPED = [packs.as_rule(*one) for one in packs.shipped_blocks("covid-19")]


def made_up(rng: random.Random, number: int) -> Block:
    """A block as no editor would write it: few acts, so that many meet."""
    axes = rng.sample(SPACE.axes, rng.randrange(3))
    return Block(
        slug=f"b{number}",
        circumstance=rng.choice(["going-out", "travel"]),
        action=rng.choice(["go-out", "wear-mask"]),
        polarity=rng.choice(POLARITIES),
        layer=rng.choice(LAYERS),
        narrower_may=rng.choice(["nothing", "stricter", "anything"]),
        effective_from=rng.choice(DAYS),
        expires_on=rng.choice([None, *DAYS]),
        places=tuple(rng.sample(["CN-421083", "CN-420000", "CN-310000"], rng.randrange(3))),
        when={
            axis.key: frozenset(rng.sample(axis.values, rng.randint(1, len(axis.values))))
            for axis in axes
        },
    )


def in_json(block: Block) -> dict:
    facts = asdict(block)
    facts["when"] = {axis: sorted(values) for axis, values in block.when.items()}
    return json.loads(json.dumps(facts, default=str))


def test_thousands_of_people_are_told_the_same_in_the_browser(tmp_path):
    rng = random.Random(3)
    sets = [SHIPPED, *([made_up(rng, n) for n in range(12)] for _ in range(200))]
    cases = [
        (
            rng.choice([0, *rng.sample(range(len(sets)), 9)]),
            SPACE.person(rng.randrange(len(SPACE))),
            rng.choice(LINEAGES),
            rng.choice(DAYS),
        )
        for _ in range(6000)
    ]
    table = {
        "blocks": [[in_json(block) for block in blocks] for blocks in sets],
        "cases": [[n, persona, lineage, str(day)] for n, persona, lineage, day in cases],
    }
    (tmp_path / "table.json").write_text(json.dumps(table), encoding="utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    compiler, source = FRONTEND / "node_modules/.bin/tsc", FRONTEND / "src/guidance-rules.ts"
    target = ["--target", "es2022", "--module", "es2022", "--ignoreConfig"]
    subprocess.run([compiler, source, *target, "--outDir", tmp_path], check=True, cwd=tmp_path)
    said = subprocess.run(
        ["node", HERE / "rules.mjs", tmp_path / "guidance-rules.js", tmp_path / "table.json"],
        check=True,
        capture_output=True,
        timeout=120,
    )
    here = [
        [block.slug for block in advice_for(sets[n], persona, lineage, day)]
        for n, persona, lineage, day in cases
    ]
    assert json.loads(said.stdout) == here
