"""All that the page shows of a campaign, as plain lists and numbers. What is missing is named, not skipped in silence."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from creativity import families
from creativity.campaign.layout import runs, samples_of, subset_names
from creativity.campaign.sections import Campaign
from creativity.figures.classes import LOOKS
from creativity.measures.classes import COLLAGES, UNREAL, WEAK
from creativity.neighbours.tiles import edges
from creativity.report import chosen, pictures, words
from creativity.report.axes import axes
from creativity.report.campaign_tables import campaign_tables
from creativity.report.most_copied import most_copied, read_copied
from creativity.report.run_entry import run_entry
from creativity.report.run_tables import RunTables, in_order, measures_of, read_run, read_samples
from creativity.report.train_sheet import TrainSheet

MOST_SAMPLES = 20_000  # of all runs together, up to which the page shows them all
MOST_CHOSEN = 8_000  # and where there are more, so many of those that say most
NOISES = 2  # that all runs show, for each sample of a kind
OTHERS = NOISES + 1  # samples besides: those, and copies of the most copied training images


class Shown(NamedTuple):
    """The samples of each run that the page shows: of each kind `most`, and those of some noises; None: all of them."""

    most: int
    noises: list[int] | None

    def of(self, tables: RunTables, surest: Iterable[int]) -> tuple[chosen.Choice, list[int]]:
        """Of one run: which of them say what, and all in rising order. surest: copies of the most copied training images."""
        kinds, total = chosen.cut(tables.chosen.kinds, self.most), tables.chosen.total
        if self.noises is None:
            return kinds, list(range(total))
        telling = (sample for samples in kinds.values() for sample in samples)
        return kinds, sorted({*self.noises, *telling, *islice(surest, self.most)} & set(range(total)))


def build(
    root: Path, campaign: Campaign, outdated: Collection[str] = (), most: int | None = None, study: str | None = None
) -> dict[str, Any]:
    """The page's content. Runs, and the files of a run, may be missing; those of outdated runs, given by key, do not count.

    most: samples of a kind that are shown of each run; None: all samples if the page can hold them, else as many as it can.
    study: which the campaign is part of, to whose page this one links.
    """
    subsets = {name: TrainSheet(root, name) for name in subset_names(campaign)}
    planned = runs(campaign)
    all_tables = in_order([read_run(root, run, subsets[run.subset].scales, run.key in outdated) for run in planned])
    shown = samples_shown(all_tables, campaign, most)
    entries, lossless = run_entries(root, campaign, all_tables, shown, subsets)
    return {
        "campaign": campaign.campaign,
        "study": study,
        "dataset": {name: getattr(campaign.dataset, name) for name in ("name", "size", "color", "shuffle", "repeats")},
        "sampling": {"steps": campaign.sampling.steps, "sampler": campaign.sampling.sampler, "seed": campaign.sampling.seed},
        "counts": counts(campaign),
        "whole": shown.noises is None,
        "kinds": [{"name": kind, "words": chosen.WORDS[kind]} for kind in chosen.KINDS],
        "squares": [chosen.SQUARES, chosen.SQUARES_OF_ONE],
        "lossless": lossless,
        "k": campaign.neighbours.k,
        "unreal": UNREAL,
        "weak": WEAK,
        "tile_edges": edges(campaign.dataset.size, campaign.tile),
        "mirrored": campaign.neighbours.mirrored,
        "heldout": campaign.subsets.heldout,
        "reference": campaign.subsets.reference,
        "subsets": [subset.entry(lossless) for subset in subsets.values()],
        "families": family_entries(all_tables),
        "classes": [{"name": name, **look._asdict()} for name, look in LOOKS.items()],
        "runs": entries,
        "axes": axes(all_tables),
        "measures": measure_names(all_tables),
        "words": words.MEASURES,
        "law_words": words.LAWS,
        "tables": campaign_tables(root, list(dict.fromkeys(tables.run.denoiser for tables in all_tables))),
    }


def run_entries(
    root: Path, campaign: Campaign, all_tables: Sequence[RunTables], shown: Shown, subsets: Mapping[str, TrainSheet]
) -> tuple[list[dict[str, Any]], bool]:
    """What the page says and shows of each run, and whether its pictures are lossless: where all of them are few."""
    copied, entries, drawn = read_copied(root, len(all_tables)), [], []
    for tables in all_tables:
        run, sheet = tables.run, subsets[tables.run.subset]
        rows = copied.get((run.subset, run.denoiser, run.seed))
        kinds, noises = shown.of(tables, () if rows is None else rows["sample"])
        samples = read_samples(root, tables, noises)
        drawn.append(pictures.levels(samples.pictures))
        entry = run_entry(root, tables, samples, kinds, shown.noises is None, sheet)
        entries.append(entry | most_copied(rows, samples.noises, sheet))
    count = sum(len(levels) for levels in drawn) + sum(len(subset.used) for subset in subsets.values())
    lossless = count * pictures.bytes_of_one(campaign.dataset) <= pictures.LOSSLESS
    sheets = [{"sheet": pictures.sheet(levels, lossless)} for levels in drawn]
    return [entry | sheet for entry, sheet in zip(entries, sheets, strict=True)], lossless


def counts(campaign: Campaign) -> tuple[int, int]:
    """The least and the greatest number of samples of a run: external models may have another one than the others."""
    numbers = {samples_of(campaign, run.denoiser) for run in runs(campaign)}
    return min(numbers), max(numbers)


def samples_shown(all_tables: Sequence[RunTables], campaign: Campaign, most: int | None) -> Shown:
    """All samples where these and what is shown beside them fit on the page; else as many of each kind as fit, at most `most`."""
    total, tiles = sum(tables.chosen.total for tables in all_tables), (len(edges(campaign.dataset.size, campaign.tile)) - 1) ** 2
    if most is None and total <= MOST_SAMPLES and raw(total, total * (campaign.neighbours.k + tiles), campaign) <= pictures.MOST:
        return Shown(chosen.MOST, None)
    of_a_kind = len(all_tables) * (len(chosen.KINDS) + OTHERS)  # samples of all runs, for each one of a kind
    collages = len(all_tables) * len(COLLAGES)  # which alone are shown with their tiles
    pointed = of_a_kind * campaign.neighbours.k + collages * tiles
    most = min(most or chosen.MOST, max(1, MOST_CHOSEN // of_a_kind))
    while most > 1 and raw(most * of_a_kind, most * pointed, campaign) > pictures.MOST_CHOSEN:
        most -= 1
    return Shown(most, chosen.common([tables.chosen.kinds for tables in all_tables if tables.run.denoises], NOISES * most))


def raw(samples: int, pointed: int, campaign: Campaign) -> int:
    """Bytes of the pictures of so many samples, and of the training images that they point to so many times."""
    images = sum(campaign.subsets.sizes) * len(campaign.subsets.seeds)
    return (samples + min(images, pointed)) * pictures.bytes_of_one(campaign.dataset)


def measure_names(all_tables: list[RunTables]) -> list[str]:
    names = {name for tables in all_tables for name in measures_of(tables) or {}}
    return sorted(names, key=lambda name: (name.endswith(":pca") and name != "frechet:pca", *words.rank(name.split(":")[0]), name))


def family_entries(all_tables: list[RunTables]) -> list[dict[str, str]]:
    present = {"control" if tables.run.kind == "control" else tables.run.family for tables in all_tables}
    return [{"name": name, "colour": colour} for name, colour in families.colours().items() if name in present]
