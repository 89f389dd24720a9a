"""Drawing histories from the prior of a calibration, and asking each what the record holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planmodel.calibration.journal import Journal
from planmodel.calibration.schema import Calibration
from planmodel.engine import Array, UserError
from planmodel.prior.subject import Subject, subject_of
from planmodel.robustness.holding import Outcome, outcomes_of
from planmodel.runs.checking import Judged, Verdict, within
from planmodel.runs.chunks import BREAKS_OFF, size_of_chunks
from planmodel.runs.evaluate import ask
from planmodel.runs.members import unchecked
from planmodel.runs.observe import Observation
from planmodel.runs.workers import width_of

TOGETHER = 500  # draws that run together
_RARE = 0.02  # below it, densities and conditions contradict each other
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Histories:
    """Draws of the prior, and what they answered.

    Attributes
    ----------
    subject
        What was drawn.
    unit
        The draws in the unit cube, shape ``(draws, keys)``.
    answers
        To the question, shape ``(draws, answers)``.
    tried, kept, broken
        How many draws of all densities there were, how many of them are draws of the prior (of which as many
        as were asked for are here), and how many broke off.
    lost
        How many of them did not keep to each condition.
    outside_tried
        Share of them that leave a limit of the economy, conditions or not.
    """

    subject: Subject
    unit: Array
    answers: Array
    tried: int
    kept: int
    broken: int
    lost: Mapping[str, int]
    outside_tried: float

    @cached_property
    def _place(self) -> dict[Observation, int]:
        measured = self.subject.question.measured
        assert measured.besides is not None
        return {o: len(measured.claims) + i for i, o in enumerate(measured.besides.observations)}

    def of(self, observation: Observation) -> Array:
        """Return what the draws say of an observation, shape ``(draws,)``."""
        return self.answers[:, self._place[observation]]

    @cached_property
    def predicted(self) -> Array:
        """What the draws say of the figures of the core, shape ``(draws, figures)``."""
        core = self.subject.core
        return core.predicted(np.stack([self.of(one) for one in core.observations], axis=1))

    @property
    def left(self) -> Mapping[str, np.ndarray]:
        """Which draws leave which limit of the economy."""
        limits = self.subject.question.limits
        marks = self.answers[:, self.answers.shape[1] - len(limits) :] > 0.0
        return {name: marks[:, i] for i, name in enumerate(limits)}

    @property
    def outside(self) -> float:
        """Share of the draws that leave any of them."""
        return float(np.any([*self.left.values()], axis=0).mean()) if self.left else 0.0

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The facts, judged in each draw."""
        columns = iter(self.answers.T)
        found = []
        for name, check in self.subject.checks.items():
            judged = [Judged(c, v, within(c, v)) for (_, c), v in zip(check.placed(), columns, strict=False)]
            found.append(Verdict(name, check, tuple(judged)))
        return tuple(found)

    @property
    def facts(self) -> tuple[Outcome, ...]:
        """All facts together, then each."""
        return outcomes_of({}, self.verdicts)


def histories(
    calibration: Calibration,
    number: int,
    seed: int = 0,
    executor: Executor | None = None,
    journal: Journal | None = None,
    progress: Progress | None = None,
) -> Histories:
    """Draw histories from the prior of a calibration, until so many keep to what it calls plausible.

    Parameters
    ----------
    calibration
        Whose prior; nothing is fitted.
    number, seed
        Of draws, and of their random stream.
    executor
        Where draws are run; in this process unless it is given.
    journal
        Answers that a stopped run has had already.
    progress
        Called with the draws that there are and those that are wanted.

    Raises
    ------
    UserError
        If hardly any draw keeps to the conditions.
    """
    subject = subject_of(calibration)
    answer = (journal or Journal(None)).remember(_runner(subject, executor))
    random = np.random.default_rng([seed, 31])
    drawn: list[Array] = []
    answers: list[Array] = []
    kept: list[np.ndarray] = []
    found = tried = 0
    while found < number:
        standard = random.standard_normal((min(TOGETHER, number), len(subject.cube.keys)))
        drawn.append(np.clip(subject.cube.from_standard(standard), 0.0, 1.0))
        answers.append(answer(drawn[-1]))
        kept.append(_kept(subject, answers[-1]))
        found, tried = found + int(kept[-1].all(axis=1).sum()), tried + len(standard)
        if found < _RARE * tried:
            raise UserError(f"plausible: fewer than {_RARE:g} of the draws of all densities keep to it; "
                            "allowed: narrower densities, or wider limits")  # fmt: skip
        if progress is not None:
            progress(min(found, number), number)
    return _together(subject, np.vstack(drawn), np.vstack(answers), np.vstack(kept), number)


def _together(subject: Subject, unit: Array, answers: Array, kept: np.ndarray, number: int) -> Histories:
    limits = len(subject.question.limits)
    lost = {c.name: int((~kept[:, i + 1]).sum()) for i, c in enumerate(subject.points.conditions)}
    outside = answers[kept[:, 0]][:, answers.shape[1] - limits :].any(axis=1) if limits else np.zeros(1)
    mine = np.flatnonzero(kept.all(axis=1))
    return Histories(
        subject, unit[mine[:number]], answers[mine[:number]], len(unit), len(mine),
        int((~kept[:, 0]).sum()), lost, float(np.mean(outside)),
    )  # fmt: skip


def _runner(subject: Subject, executor: Executor | None) -> Callable[[Array], Array]:
    """Return what runs draws of the unit cube and asks them; who breaks off answers nothing."""
    question = subject.question
    width = question.measured.width + len(question.limits)

    def run(unit: Array) -> Array:
        values = subject.cube.values(subject.cube.natural(unit))
        members = unchecked(subject.scenario, values, np.zeros(len(unit), dtype=np.int64))
        found = np.full((len(unit), width), np.nan)
        size = min(TOGETHER, size_of_chunks(None, len(unit), 1 if executor is None else width_of(executor)))
        for rows, answered in ask(members, question, executor, size, BREAKS_OFF):
            found[rows] = answered
        return found

    return run


def _kept(subject: Subject, answers: Array) -> np.ndarray:
    """Return who has a history and keeps to which condition, shape ``(draws, 1 + conditions)``."""
    measured = subject.question.measured
    assert measured.besides is not None
    place = {o: len(measured.claims) + i for i, o in enumerate(measured.besides.observations)}
    columns = [~np.isnan(answers[:, -1])]
    for one in subject.points.conditions:
        value = answers[:, place[one.asked]]
        columns.append((value >= one.low) & (value <= one.high))
    return np.stack(columns, axis=1)
