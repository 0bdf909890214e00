"""An experiment from beginning to end: compile, spread, collect, decide whether it is enough, keep, report.

It knows of everything in this folder and decides nothing that another module can.
"""

import shlex
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from hashlib import sha256
from pathlib import Path

import attrs

from orgsim.errors import UserError, did_you_mean
from orgsim.experiments import store
from orgsim.experiments.chunks import Order, Part, pack
from orgsim.experiments.columns import Columns, digest, join, missing
from orgsim.experiments.engines import open_pool
from orgsim.experiments.fingerprint import fingerprint
from orgsim.experiments.manifest import Input, Manifest, begin
from orgsim.experiments.model import Model, engine
from orgsim.experiments.outcome import BASELINE, Origin, Outcome
from orgsim.experiments.pools import Pool
from orgsim.experiments.precision import least_known
from orgsim.experiments.runner import Poisoned, Runner, Span
from orgsim.files import write_whole
from orgsim.scenario.model import Precision, Scenario
from orgsim.writing import to_yaml

BUG, DATA = 70, 1


@attrs.frozen
class Progress:
    """How far an experiment has come: replications of all variants done, and to do by the end of this stage.

    `stage` is how many of each variant that is; `most` how many it may become where precision is asked for; `here` how
    many were done now and not before an interruption, and `size` how many bytes their measures are.
    """

    done: int
    total: int
    stage: int
    most: int
    here: int
    size: int


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, after what is done was kept: how much that is, and where."""

    def __init__(self, done: int, total: int, folder: Path | None) -> None:
        """`folder` is None if nothing was to be kept."""
        super().__init__()
        self.done, self.total, self.folder = done, total, folder


class PoisonedError(UserError):
    """Replications that raise, or kill their workers, again and again; the others are kept."""

    def __init__(self, poisoned: Sequence[Poisoned], scenario: Scenario, done: int, folder: Path | None) -> None:
        """Say which, and how to run one alone."""
        self.poisoned = tuple(poisoned)
        lines = [f"replication {one.replication} of {one.variant!r} {_fate(one)}" for one in poisoned]
        first = poisoned[0]
        kept = f"; {done:,} others are kept in '{folder}'" if folder is not None else ""
        if scenario.where is not None:
            words = ["orgsim run", scenario.where.file, f"--seed {scenario.seed}"]
            words += [f"--variant {first.variant}"] if first.variant != BASELINE else []
            alone = " ".join([*words, f"--only {first.replication}"])
        else:
            alone = f"orgsim.simulate.engine.simulate(compile_world(scenario), {first.replication})"
        message = "; ".join(lines) + f"{kept}\nrun the first alone with: {alone}"
        super().__init__(message, BUG if any(one.error for one in poisoned) else DATA)


def _fate(one: Poisoned) -> str:
    return "kills its worker" if one.error is None else f"fails: {one.error}"


def run_experiment(
    scenario: Scenario,
    *,
    variants: Mapping[str, Scenario] | None = None,
    executor: str | Executor | Callable[[], Executor] = "processes",
    jobs: int | None = None,
    replications: int | None = None,
    seed: int | None = None,
    folder: Path | str | None = None,
    resume: bool = False,
    progress: Callable[[Progress], None] | None = None,
    ledgers: Sequence[int] = (),
    rows: bool = False,
    chunk: int | None = None,
    model: Model | None = None,
) -> Outcome:
    """Simulate a scenario and its variants many times, on the same luck.

    `executor` is `processes`, `threads`, `serial`, `dask://HOST:PORT`, any `concurrent.futures.Executor`, or a function
    that makes one, so that it can be made anew when it breaks.  `replications` and `seed` are those of the scenario
    unless given.  With a `folder`, what is done is kept there as it is done, and `resume` goes on with it; `rows` adds
    a table of all vacancies, `ledgers` the events of these replications as YAML.  `chunk` fixes how many replications a
    worker does at a time; nothing but speed depends on it, as on `executor` and `jobs`.

    Raises UserError for what cannot be done, PoisonedError if replications fail, Interrupted on Ctrl-C.
    """
    if folder is None and (rows or ledgers):
        raise ValueError("rows and ledgers are written to a folder; name one")
    scenarios = _scenarios(scenario, variants or {}, replications, seed)
    job = _Job(scenarios, model or engine(), None if folder is None else Path(folder), progress)
    job.prepare(engine=executor if isinstance(executor, str) else type(executor).__name__, rows=rows, resume=resume)
    precise = job.run(lambda worlds: open_pool(executor, jobs, worlds), chunk)
    outcome = job.finish(precise=precise)
    if job.folder is not None:
        write_ledgers(outcome, job.folder, ledgers)
    return outcome


def _scenarios(
    scenario: Scenario, variants: Mapping[str, Scenario], replications: int | None, seed: int | None
) -> dict[str, Scenario]:
    """The scenario and its variants by name, all with the same seed, so that they share their luck."""
    if replications is not None and replications < 1:
        raise ValueError(f"an experiment has at least one replication, not {replications}")
    if BASELINE in variants:
        raise ValueError(f"{BASELINE!r} is the scenario itself; call the variant something else")
    seed = scenario.seed if seed is None else seed
    first = attrs.evolve(
        scenario, seed=seed, replications=scenario.replications if replications is None else replications
    )
    return {BASELINE: first, **{name: attrs.evolve(other, seed=seed) for name, other in variants.items()}}


class _Job:
    """The state of an experiment: what is to be done, and what there is."""

    def __init__(
        self,
        scenarios: dict[str, Scenario],
        model: Model,
        folder: Path | None,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self.scenarios = scenarios
        self.scenario = scenarios[BASELINE]
        self.folder = folder
        self._origin = Origin(lambda: model, lambda: scenarios)
        self._progress = progress
        self._parts: dict[str, list[Part]] = {variant: [] for variant in scenarios}
        self._begun = time.monotonic()
        self._stage = 0
        self._here = self._size = 0

    def prepare(self, *, engine: str, rows: bool, resume: bool) -> None:
        """Compile every variant, so that what is wrong is known before anything runs; look at what there is."""
        for variant in self.scenarios:
            self._origin.world(variant)
        inputs = {name: Input(fingerprint(found), found.digest) for name, found in self.scenarios.items()}
        self.manifest = begin(self.scenario, inputs, engine=engine, rows=rows)
        if self.folder is not None:
            self.manifest, parts = store.prepare(self.folder, self.manifest, resume=resume)
            for part in parts:
                self._parts[part.variant].append(part)

    # ------------------------------------------------------------------------------------------------------- running

    def run(self, open_: Callable[[Mapping[str, bytes]], Pool], chunk: int | None) -> bool | None:
        """Run stage after stage until it is enough; whether it is precise, if that was asked for."""
        loads = {name: pack(self._origin.model, self._origin.world(name)) for name in self.scenarios}
        keys = {name: sha256(load).hexdigest() for name, load in loads.items()}
        orders = {name: Order(key, self.manifest.rows) for name, key in keys.items()}
        worlds = {keys[name]: load for name, load in loads.items()}
        pool: Pool | None = None
        precise = None
        try:
            for stage in stages(self.scenario.replications):
                self._stage = stage
                spans = self._missing()
                if spans:
                    pool = pool or open_(worlds)
                    runner = Runner(pool, orders, self._keep, chunk)
                    runner.run(spans)
                    if runner.poisoned:
                        raise PoisonedError(runner.poisoned, self.scenario, self._done(), self.folder)
                precise = self._precise()
                if precise:
                    break
        except KeyboardInterrupt:
            raise Interrupted(self._done(), self._total(), self.folder) from None
        finally:
            if pool is not None:
                pool.close()
        return precise

    def _missing(self) -> list[Span]:
        return [Span(name, lo, hi) for name, parts in self._parts.items() for lo, hi in missing(parts, self._stage)]

    def _keep(self, part: Part) -> None:
        wanted = self.scenario.replications
        if isinstance(wanted, Precision) and wanted.measure not in part.names:
            hint = did_you_mean(wanted.measure, part.names) or "a measure of the scenario's report"
            raise UserError(f"there is no measure {wanted.measure!r} to be precise in; {hint}", DATA)
        if self.folder is not None:
            part = store.write_part(self.folder, self.manifest, part)
        self._parts[part.variant].append(part)
        self._here += part.hi - part.lo
        self._size += part.values.nbytes
        if self._progress is not None:
            most = wanted.most if isinstance(wanted, Precision) else wanted
            self._progress(Progress(self._done(), self._total(), self._stage, most, self._here, self._size))

    def _done(self) -> int:
        return sum(min(part.hi, self._stage) - min(part.lo, self._stage) for p in self._parts.values() for part in p)

    def _total(self) -> int:
        return self._stage * len(self.scenarios)

    def _runs(self) -> dict[str, Columns]:
        return {name: join(parts).first(self._stage) for name, parts in self._parts.items()}

    def _precise(self) -> bool | None:
        """Whether the mean is known well enough in every variant."""
        wanted = self.scenario.replications
        if not isinstance(wanted, Precision):
            return None
        return least_known(self._runs(), wanted.measure, wanted.half_width).enough

    # ------------------------------------------------------------------------------------------------------ finishing

    def finish(self, *, precise: bool | None) -> Outcome:
        """Put the parts together, and write the tables."""
        runs = self._runs()
        inputs = {name: attrs.evolve(found, measures=runs[name].names) for name, found in self.manifest.inputs.items()}
        manifest = attrs.evolve(
            self.manifest,
            inputs=inputs,
            replications=self._stage,
            precise=precise,
            complete=True,
            digest=digest(runs),
            seconds=round(time.monotonic() - self._begun, 3),
        )
        if self.folder is not None:
            store.finish(self.folder, manifest, runs, [part for parts in self._parts.values() for part in parts])
        return Outcome(manifest, runs, BASELINE, self._origin)


def stages(wanted: int | Precision) -> Iterator[int]:
    """The numbers of replications after which it is decided whether to go on: least, twice, four times ... most."""
    if not isinstance(wanted, Precision):
        yield wanted
        return
    count = wanted.least
    while count < wanted.most:
        yield count
        count *= 2
    yield wanted.most


def write_ledgers(outcome: Outcome, folder: Path, numbers: Sequence[int]) -> list[Path]:
    """Write these replications of every variant as ledgers; the files."""
    written = []
    for k in numbers:
        for variant in outcome.variants:
            suffix = "" if variant == BASELINE else f"-{variant.replace('/', '-')}"
            path = folder / f"ledger-{k}{suffix}.yaml"
            write_whole(path, to_yaml(outcome.of(variant).ledger(k)))
            written.append(path)
    return written


def read_outcome(folder: Path | str) -> Outcome:
    """Read a finished result back; raises UserError if there is none, or if it was changed by somebody else."""
    path = Path(folder)
    manifest = store.read_manifest(path)
    if not manifest.complete:
        raise UserError(f"the result in '{path}' is not finished; go on with it: {resume_command(manifest, path)}", 1)
    runs = store.read_runs(path, manifest)
    return Outcome(manifest, runs, BASELINE, Origin(engine, lambda: _reread(manifest)))


def resume_command(manifest: Manifest, folder: Path) -> str:
    """The command that goes on with a result."""
    words = ["orgsim", "run", manifest.scenario or "SCENARIO", "--seed", str(manifest.seed)]
    words += ["--replications", str(manifest.wanted)] if isinstance(manifest.wanted, int) else []
    words += [word for variant in manifest.inputs for word in ("--variant", variant)]
    return shlex.join([*words, "--out", str(folder), "--resume"])


def _reread(manifest: Manifest) -> dict[str, Scenario]:
    """The scenarios of a result from their file; raises UserError if that is not what it was."""
    from orgsim.reading.scenario import read_scenario, read_variants

    if manifest.scenario is None:
        raise UserError("the result does not say which file its scenario was read from", 1)
    try:
        found = {BASELINE: read_scenario(manifest.scenario), **read_variants(manifest.scenario)}
    except OSError as error:
        message = f"{manifest.scenario}, which the result was made from, cannot be read: {error.strerror or error}"
        raise UserError(f"{message}; look where the result was made", 4) from None
    for variant, said in manifest.inputs.items():
        if variant not in found or fingerprint(found[variant]) != said.fingerprint:
            raise UserError(f"{manifest.scenario} has changed since the result was made: {variant!r} is another now", 1)
    return {variant: attrs.evolve(found[variant], seed=manifest.seed) for variant in manifest.inputs}
