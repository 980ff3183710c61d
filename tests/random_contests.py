"""Random contests of every kind, judged through the services, exported and recounted by the standalone verifier."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select

from app.domain.permissions import Actor
from app.domain.results import Outcome
from app.domain.rule_checks import check_rules
from app.domain.rules import (
    SPREAD,
    ContestRules,
    CriterionRule,
    Method,
    PrizeBy,
    PrizeRule,
    SubCriterionRule,
    ThresholdOp,
)
from app.models import Contest, Criterion, Judge, Recusal, Result, RubricVersion, ScoreSheet, User
from app.queries.spreads import wide_entries, wide_entry
from app.services.assignments import Recuse, recuse
from app.services.bundles import export_bundle
from app.services.contests import close_scoring
from app.services.discussions import SettleDiscussion, settle_discussion
from app.services.files import FileStore
from app.services.judging import ReopenSheet, SaveSheet, reopen_sheet, submit_sheet
from app.services.passes import close_first_pass
from app.services.recomputing import recompute_for
from app.verify.verify import verify
from tests.awards import Award
from tests.builders import NOW, World
from tests.bundles import vote

JUDGES, FACILITIES = 6, 4
PLACE = "Lâm Đồng"
REASON = "Hết hạn chấm."


@dataclass(frozen=True)
class People:
    """Those who take part in every contest, made once for all of them."""

    organiser: User
    head: User
    judges: tuple[User, ...]
    facilities: tuple[Any, ...]


def people(world: World) -> People:
    """An organiser, a head of jury who scores nothing, judges, and facilities."""
    return People(
        organiser=world.organiser(world.territory(PLACE)),
        head=world.user("Trưởng ban giám khảo"),
        judges=tuple(world.user(f"Giám khảo {number}") for number in range(JUDGES)),
        facilities=tuple(world.facility() for _number in range(FACILITIES)),
    )


def random_rules(chance: Random, usual: ContestRules, code: str) -> ContestRules:
    """Rules of any kind that a contest may have; small maxima, so that values are often equal."""
    step = chance.choice((1, 5, 25, 50))
    criteria = [
        CriterionRule(f"L{number}", f"Tiêu chí {number}", f"Criterion {number}", step * chance.randint(2, 12))
        for number in range(1, chance.randint(2, 5))
    ]
    criteria = [replace(c, floor=chance.choice((0, 0, 0, c.max_mark // 3))) for c in criteria]
    highest = sum(criterion.max_mark for criterion in criteria)
    method, trim = chance.choice(list(Method)), chance.randint(1, 2)
    chain = [SPREAD, *(criterion.code for criterion in criteria)]
    threshold = chance.randint(0, highest)
    passes = chance.choice((1, 1, 2))
    return check_rules(
        replace(
            usual,
            rubric=code,
            criteria=tuple(criteria),
            sub_criteria=tuple(_second_level(chance, criteria, [g.code for g in usual.groups], step)),
            mark_step=step,
            method=method,
            trim=trim,
            outlier=chance.randint(1, highest),
            threshold=threshold,
            threshold_op=chance.choice(list(ThresholdOp)),
            min_sheets=chance.randint(2 * trim + 1 if method is Method.TRIMMED else 1, 5),
            tie_break=tuple(chance.sample(chain, chance.randint(0, len(chain)))),
            spread_limit=chance.choice((highest, highest // 3)),
            quota=chance.choice((None, 1, 2, 3)),
            group_quotas=chance.choice(({}, {"A": 1, "B": 2}, {g.code: chance.randint(0, 2) for g in usual.groups})),
            facility_quota=chance.choice((None, None, 1, 2)),
            **_prizes(chance, threshold, highest),
            passes=passes,
            advance_mark=chance.randint(0, highest),
            deciding_pass=chance.randint(1, passes),
        )
    )  # fmt: skip


def _second_level(
    chance: Random, criteria: Sequence[CriterionRule], groups: Sequence[str], step: int
) -> Iterator[SubCriterionRule]:
    for criterion in criteria:
        if chance.random() < 0.5:
            continue
        for group in chance.choice(([""], groups)):  # one division for all groups, or one for each
            cut = step * chance.randint(1, criterion.max_mark // step - 1)
            for number, share in enumerate((cut, criterion.max_mark - cut), start=1):
                name = f"{criterion.code}.{number}"
                yield SubCriterionRule(name, criterion.code, group, f"Tiểu mục {name}", f"Line {name}", share)


def _prizes(chance: Random, threshold: int, highest: int) -> dict[str, Any]:
    by = chance.choice(list(PrizeBy))
    if by is PrizeBy.RANK:
        limits = [chance.randint(1, 2) for _class in range(chance.randint(0, 3))]
    else:
        possible = range(threshold, highest + 1)
        limits = sorted(chance.sample(possible, min(len(possible), chance.randint(0, 3))), reverse=True)
    names = zip("ABC", ("nhất", "nhì", "ba"), ("First", "Second", "Third"), strict=True)
    prizes = [
        PrizeRule(code, f"Giải {vi}", f"{en} prize", limit)
        for (code, vi, en), limit in zip(names, limits, strict=False)
    ]
    return {"prize_by": by, "prizes": tuple(prizes)}


class RandomContest:
    """One contest, which the same seed makes again."""

    def __init__(self, world: World, those: People, seed: int) -> None:
        self.world, self.those, self.chance = world, those, Random(seed)
        self.actor = world.actor(those.organiser)
        code = f"random-{seed}"
        self.rules = random_rules(self.chance, world.rules(), code)
        rubric = world.add(_rubric(code, self.rules))
        contest = world.contest(
            rules=self.rules, rubric_version_id=rubric.id, territory=world.territory(PLACE)
        )
        self.award = Award(world, contest, those.organiser)
        self.now = NOW
        self.actors: dict[int, Actor] = {}

    def carry_out(self) -> Award:
        """Take it from the empty sheets to the computed result."""
        self._seat()
        self._score()
        self._settle()
        contest_id = self.award.contest.id
        if self.rules.passes == 2:
            with self.world.session() as session:
                close_first_pass(session, contest_id, actor=self.actor, now=self.now, reason=REASON)
            self.now += timedelta(days=1)
            self._score()
            self._settle()
        with self.world.session() as session:
            close_scoring(session, contest_id, actor=self.actor, now=self.now, reason=REASON)
        return self.award

    def _seat(self) -> None:
        world, contest = self.world, self.award.contest
        judges = self.chance.sample(self.those.judges, self.chance.randint(1, JUDGES))
        self.award.judges = [world.judge(contest, user) for user in judges]
        head = world.judge(contest, self.those.head, is_head=True)
        users = [*judges, self.those.head]
        self.actors = {
            judge.id: world.actor(user) for judge, user in zip([*self.award.judges, head], users, strict=True)
        }
        self.head = self.actors[head.id]
        for number in range(self.chance.randint(1, 8)):
            group = self.chance.choice("ABCD")
            product = world.product(self.chance.choice(self.those.facilities), group=group)
            self.award.entries.append(world.entry(contest, product, code=f"{group}-{number:03d}"))
        with world.session() as session:
            session.add_all(
                ScoreSheet(judge_id=judge.id, entry_id=entry.id)
                for entry in self.award.entries
                for judge in self.award.judges
            )

    def _score(self) -> None:
        """Fill in the sheets of the pass: most are submitted, some opened again, some judges recused."""
        world, chance = self.world, self.chance
        groups = {entry.id: entry.group_code for entry in self.award.entries}
        pass_no = world.get(Contest, self.award.contest.id).current_pass
        sheets = world.all(
            select(ScoreSheet)
            .join(Judge)
            .where(Judge.contest_id == self.award.contest.id, ScoreSheet.pass_no == pass_no)
            .order_by(ScoreSheet.id)
        )
        level = chance.random()  # juries that agree make equal values
        for sheet in sheets:
            if chance.random() < 0.1:
                continue
            self._submit(sheet, sheet.version, groups[sheet.entry_id], level)
            if chance.random() < 0.1:
                with world.session() as session:
                    command = ReopenSheet(sheet.id, "Nhập nhầm điểm.")
                    again = reopen_sheet(session, command, actor=self.head, now=self.now)
                if chance.random() < 0.8:
                    self._submit(sheet, again.version, groups[sheet.entry_id], level)
            if chance.random() < 0.05:
                with world.session() as session:
                    words = "Người nhà của cơ sở."
                    command_ = Recuse(sheet.judge_id, sheet.entry_id, words)
                    if not self._is_recused(sheet):
                        recuse(session, command_, actor=self.actor, now=self.now)

    def _submit(self, sheet: ScoreSheet, version: int, group: str, level: float) -> None:
        marks = {line.code: self._mark(line.max_mark, level) for line in self.rules.lines(group)}
        command = SaveSheet(sheet.id, version, marks, {}, "")
        with self.world.session() as session:
            submit_sheet(session, command, actor=self.actors[sheet.judge_id], now=self.now)

    def _mark(self, highest: int, level: float) -> int:
        steps = highest // self.rules.mark_step
        wanted = round(steps * level) + self.chance.choice((-2, -1, 0, 0, 0, 1, 2))
        return self.rules.mark_step * min(max(wanted, 0), steps)

    def _settle(self) -> None:
        """Have the jury talk about whatever lies too far apart."""
        with self.world.session() as session:
            contest = session.get_one(Contest, self.award.contest.id)
            for row in session.execute(wide_entries(contest)).all():
                entry, note = wide_entry(row, contest, {}), "Đã trao đổi, giữ nguyên điểm."
                command = SettleDiscussion(contest.id, row.id, row.spread, note, entry.settled_digest)
                settle_discussion(session, command, actor=self.actor, now=self.now)

    def _recusals(self) -> set[tuple[int, int]]:
        found = self.world.all(select(Recusal).join(Judge).where(Judge.contest_id == self.award.contest.id))
        return {(recusal.judge_id, recusal.entry_id) for recusal in found}

    def _is_recused(self, sheet: ScoreSheet) -> bool:
        return (sheet.judge_id, sheet.entry_id) in self._recusals()


def _rubric(code: str, rules: ContestRules) -> RubricVersion:
    def criterion(position: int, line: CriterionRule | SubCriterionRule) -> Criterion:
        parent = line.parent if isinstance(line, SubCriterionRule) else ""
        return Criterion(
            code=line.code,
            position=position,
            name_vi=line.name_vi,
            name_en=line.name_en,
            max_mark=line.max_mark,
            parent_code=parent,
            group_code=line.group,
        )

    lines: tuple[CriterionRule | SubCriterionRule, ...] = (*rules.criteria, *rules.sub_criteria)
    return RubricVersion(
        code=code,
        name_vi=code,
        name_en=code,
        legal_basis="–",
        valid_from=date(2020, 1, 1),
        criteria=[criterion(position, line) for position, line in enumerate(lines)],
    )


def faults_of(world: World, those: People, seed: int, folder: Path) -> list[str]:
    """Everything in which database, export, verifier and a second computation disagree about one contest."""
    contest = RandomContest(world, those, seed)
    award = contest.carry_out()
    selected = world.all(
        select(Result.outcome).where(Result.entry_id.in_([entry.id for entry in award.entries]))
    )
    if seed % 10 == 0 and Outcome.SELECTED in selected and contest.rules.passes == 1:
        vote(award)
    bundle = io.BytesIO()
    store = FileStore(world.files_dir)
    export_bundle(world.engine, award.contest.id, bundle, store=store, actor=award.actor, now=NOW)
    path = folder / f"{award.contest.slug}.zip"
    path.write_bytes(bundle.getvalue())
    found = [english for _vietnamese, english in verify(path).faults]
    path.unlink()
    with world.session() as session:
        again = recompute_for(session, award.contest.id, actor=award.actor)
    found += [f"computed again: {result}" for result in again if not result.is_identical]
    return found
