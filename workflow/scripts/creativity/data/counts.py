"""How many images there are for each set, and the numbers of a campaign that asks for as many as there are."""

from typing import Any, NamedTuple

from creativity.campaign.sections import Campaign, Subsets
from creativity.campaign.validation import plain, resolve
from creativity.families.external import External
from creativity.fields import ImpossibleError

FEWEST = {"heldout": 2, "reference": 8}


class Available(NamedTuple):
    """The images of a data set.

    trained: in dataset.train; None where training images are part of all. others: the others, or all. distinct: of the others,
    those that differ from one another and from training images, as far as the contents of the files tell.
    """

    trained: int | None
    others: int
    distinct: int


def numbered(campaign: Campaign, available: Available, samples: dict[str, int], source: str) -> Campaign:
    """The campaign with numbers for `all` and null. samples: the number of images of each external model.

    What is not trained on is divided evenly between held-out and reference, or is what the one of the two leaves that has a number.
    `all` is all of dataset.train; without it, what held-out and reference leave, or half of the images where one of these has no
    number. sampling.count is the number of held-out images, or of the fewest images of an external model that has no number of its
    own.
    Raises ImpossibleError where there is no such number, and ConfigError where a number that follows is too small.
    """
    if asked(campaign) and campaign.subsets.split == "group":
        key, value = asked(campaign)[0]
        raise ImpossibleError(key, value, "a number, since with split: group the last group of a set is not used up")
    sizes = sizes_of(campaign.subsets, available)
    heldout, reference = sides_of(campaign.subsets, available, sizes)
    counts = {name: own_count(campaign, name, number) for name, number in samples.items()}
    fewest = min([heldout, *(samples[name] for name, count in counts.items() if count is None)])
    configuration = plain(campaign)
    for name, own in counts.items():
        configuration["denoisers"][name]["count"] = own
    configuration["subsets"] |= {"sizes": sizes, "heldout": heldout, "reference": reference}
    configuration["sampling"] |= {"count": fewest if campaign.sampling.count is None else campaign.sampling.count}
    return resolve(configuration, source)


def own_count(campaign: Campaign, name: str, number: int) -> int | None:
    """How many of the images of an external model are looked at, with their number for `all`; None: sampling.count."""
    family = campaign.denoisers[name]
    assert isinstance(family, External)
    return number if str(family.count) == "all" else family.count


def asked(campaign: Campaign) -> list[tuple[str, Any]]:
    """The keys for whose value as many images as there are stand, each with the value."""
    subsets = campaign.subsets
    keys: list[tuple[str, Any]] = [("subsets.sizes", "all")] if "all" in map(str, subsets.sizes) else []
    return keys + [(f"subsets.{name}", None) for name in ("heldout", "reference") if getattr(subsets, name) is None]


def blocks(subsets: Subsets) -> int:
    """How many disjoint training sets of the largest size are cut."""
    return len(subsets.seeds) if subsets.disjoint else 1


def sizes_of(subsets: Subsets, available: Available) -> list[int]:
    """subsets.sizes with a number for `all`."""
    if available.trained is not None:
        largest = available.trained
    elif subsets.heldout is None or subsets.reference is None:
        largest = available.distinct // 2
    else:
        largest = available.distinct - subsets.heldout - subsets.reference
    largest //= blocks(subsets)
    if "all" in map(str, subsets.sizes) and largest < 1:
        raise too_few(subsets, available)
    return list(dict.fromkeys(largest if str(size) == "all" else size for size in subsets.sizes))


def sides_of(subsets: Subsets, available: Available, sizes: list[int]) -> tuple[int, int]:
    """subsets.heldout and subsets.reference, with numbers for null."""
    rest = available.distinct - (0 if available.trained is not None else max(sizes) * blocks(subsets))
    heldout, reference = subsets.heldout, subsets.reference
    if heldout is None and reference is None:
        heldout, reference = rest // 2, rest - rest // 2
    elif heldout is None:
        heldout = rest - reference
    elif reference is None:
        reference = rest - heldout
    elif available.trained is not None and available.distinct < heldout + reference <= available.others:
        reference = rest - heldout  # what looks like a training image gives way
    if heldout < FEWEST["heldout"] or reference < FEWEST["reference"]:
        raise too_few(subsets, available)
    return heldout, reference


def too_few(subsets: Subsets, available: Available) -> ImpossibleError:
    """The error where nothing is left for a set that is to have as many images as there are."""
    found = {"sizes": list(subsets.sizes), "heldout": subsets.heldout, "reference": subsets.reference}
    what = "images beside those of dataset.train" if available.trained is not None else "images"
    allowed = f"numbers that {available.distinct} different {what} suffice for, heldout at least 2 and reference at least 8"
    return ImpossibleError("subsets", found, allowed)


def check_counts(campaign: Campaign, available: Available) -> None:
    """Raises ImpossibleError where more images are needed than exist; it names the largest set that can be made smaller."""
    subsets = campaign.subsets
    train, blocks_of_train = max(subsets.sizes), blocks(subsets)
    if available.trained is not None:
        if train * blocks_of_train > available.trained:
            allowed = f"at most {available.trained // blocks_of_train} training images, those in dataset.train"
            raise ImpossibleError("subsets.sizes", list(subsets.sizes), allowed)
        train, where = 0, "in dataset.path"
    else:
        where = "in all"
    wanted = {"sizes": train * blocks_of_train, "heldout": subsets.heldout, "reference": subsets.reference}
    missing = sum(wanted.values()) - available.others
    if missing <= 0:
        return
    for name, number in sorted(wanted.items(), key=lambda item: -item[1]):
        allowed_number = (number - missing) // (blocks_of_train if name == "sizes" else 1)
        if allowed_number >= FEWEST.get(name, 1):
            words = {"sizes": "training", "heldout": "held-out", "reference": "reference"}
            beside = " and ".join(f"{n} {words[other]}" for other, n in wanted.items() if other != name and n)
            found = list(subsets.sizes) if name == "sizes" else number
            raise ImpossibleError(
                f"subsets.{name}", found, f"at most {allowed_number} beside {beside} images, of {available.others} {where}"
            )
    numbers = ", ".join(f"{name} {number}" for name, number in wanted.items() if number)
    raise ImpossibleError("subsets", numbers, f"no more than {available.others} images, those {where}")
