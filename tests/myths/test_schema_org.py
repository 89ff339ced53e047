"""Every verdict as ClaimReview, held against the types that Google makes of schema.org."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.translation import override

from tongxin.myths.actions.claims import load_shipped_claims
from tongxin.myths.claim_review import review
from tongxin.myths.queries import histories, standing

FRONTEND = Path(__file__).parents[2] / "frontend"
OPTIONS = [
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--module",
    "esnext",
    "--moduleResolution",
    "bundler",
]


@pytest.fixture
def reviews(db):
    load_shipped_claims(disease="covid-19", by="test", at=timezone.now())
    claims = list(standing(disease="covid-19"))
    told = histories(claims)
    found = []
    for language in ("zh-hans", "en"):
        with override(language):
            found += [review(claim, told[claim.pk], language) for claim in claims]
    return found


@pytest.fixture
def complaints(tmp_path):
    """What the compiler has against some reviews."""

    def of(records):
        (tmp_path / "node_modules").mkdir(exist_ok=True)
        for package in ("schema-dts", "schema-dts-lib"):
            place = tmp_path / "node_modules" / package
            if not place.exists():
                place.symlink_to(FRONTEND / "node_modules" / package)
        file = tmp_path / "reviews.ts"
        types = 'import type { ClaimReview, WithContext } from "schema-dts";\n'
        shown = json.dumps(records, ensure_ascii=False)
        file.write_text(f"{types}export const all: WithContext<ClaimReview>[] = {shown};\n")
        compiler = FRONTEND / "node_modules" / ".bin" / "tsc"
        done = subprocess.run(
            [shutil.which("node"), str(compiler.resolve()), *OPTIONS, str(file)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )
        return done.stdout + done.stderr if done.returncode else ""

    return of


def test_every_verdict_is_a_claim_review_as_schema_org_has_it(reviews, complaints):
    assert len(reviews) >= 80
    assert complaints(reviews) == ""


@pytest.mark.parametrize(
    "change",
    [
        {"reviewRating": {"@type": "Organization", "ratingValue": 1}},
        {"itemReviewed": {"@type": "Clam"}},
        {"claimReviewd": "misspelt"},
    ],
)
def test_what_schema_org_does_not_know_is_found(reviews, complaints, change):
    assert "reviews.ts" in complaints([reviews[0] | change])
