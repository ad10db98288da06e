"""The page in a real browser: opened from disk, pointed at, filtered, by keyboard alone, in the dark, and without a network."""

import re
import time

import made_up
import pytest
from browser import Watched, opened

from creativity import store
from creativity.campaign.layout import runs
from creativity.report.payload import build
from creativity.report.render import render

pytestmark = pytest.mark.long


def write(root, campaign):
    (root / "report.html").write_text(render(build(root, campaign)), encoding="utf-8")
    return root / "report.html"


@pytest.fixture(scope="module")
def browser():
    with opened() as found:
        yield found


@pytest.fixture(scope="module")
def complete(tmp_path_factory):
    root = tmp_path_factory.mktemp("page") / "faces"
    return write(root, made_up.campaign(root, seeds=(0, 1), sizes=(20, 12)))


@pytest.fixture
def page(browser, complete):
    watched = Watched(browser, complete)
    yield watched
    assert watched.said == []
    assert watched.requests() == []
    watched.page.close()


def shown(page):
    """How many samples are selected, and how many there are."""
    return tuple(int(number.replace(",", "")) for number in re.match(r"([\d,]+) of ([\d,]+)", page.text("#selection")).groups())


def size_of_grid(page):
    return tuple(int(page.page.get_attribute("#grid", name)) for name in ("aria-rowcount", "aria-colcount"))


def test_it_opens_from_disk_and_every_part_is_there(page):
    assert page.text("h1") == "faces"
    titles = page.page.locator("main > section:visible h2").all_inner_texts()
    assert titles[1:] == ["The samples", "What changes along each axis", "Loss by noise level", "Every run", "Sources"]
    assert "All 32 runs are complete." in page.text("#state")
    assert "no law" in page.text("#state")
    assert size_of_grid(page) == (16, 12)
    assert shown(page) == (192, 192)
    assert page.page.locator("#run-table tbody tr").count() == 32
    for width in (390, 768, 1280):
        page.page.set_viewport_size({"width": width, "height": 900})
        page.page.wait_for_timeout(150)
        assert page.page.evaluate("document.documentElement.scrollWidth") == width


def test_hover_shows_a_sample_and_a_click_keeps_it(page):
    page.hover(2, 3)
    name, subtitle = page.text("#detail h3"), page.text("#detail .sub")
    assert "noise 3" in subtitle
    assert page.page.locator("#detail .near figure").count() == 5
    page.hover(0, 1)
    assert "noise 1" in page.text("#detail .sub")
    page.click(2, 3)
    page.page.mouse.move(5, 5)
    page.page.wait_for_timeout(80)
    assert page.text("#detail h3") == name
    assert page.text("#detail .sub") == f"{subtitle} · kept"
    page.hover(0, 1)
    assert "noise 1" in page.text("#detail .sub")
    page.page.mouse.move(5, 5)
    page.page.wait_for_timeout(80)
    assert "kept" in page.text("#detail .sub")
    page.click(2, 3)
    assert "kept" not in page.text("#detail .sub")


def test_the_neighbours_tiles_and_measures_shown_are_those_of_the_tables(page, complete):
    page.hover(1, 4)
    name = page.text("#detail h3")
    seed = re.search(r"seed (\d)", page.text("#detail .sub"))
    folder = complete.parent / f"runs/n20-s0/{name}/seed{seed[1] if seed else 0}"
    rows = store.read(folder / "neighbours.parquet").to_pandas().query("sample == 4")
    captions = page.page.locator("#detail .near figcaption").all_inner_texts()
    for caption, row in zip(captions, rows.itertuples(), strict=True):
        assert float(caption.split()[0]) == pytest.approx(row.distance, rel=5e-3)
        assert caption.split()[-1] == row.neighbour
        assert ("mirrored" in caption) == row.mirrored
    tiles = store.read(folder / "provenance.parquet").to_pandas().query("sample == 4")
    box = page.page.locator("#detail .large canvas").first.bounding_box()
    page.page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.9 * box["height"])
    tile = tiles[(tiles["row"] == 3) & (tiles["col"] == 1)].iloc[0]
    assert f"row 4, column 2: closest in {tile['source']}" in page.text("#detail .tiletext")
    assert f"{tiles['source'].value_counts().iloc[0]} of 16 tiles" in page.text("#detail")


def test_a_rectangle_on_the_map_filters_the_grid(page):
    box = page.page.locator("#map").bounding_box()
    page.page.locator("#map").scroll_into_view_if_needed()
    box = page.page.locator("#map").bounding_box()
    page.page.mouse.move(box["x"] + 47, box["y"] + 20)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + box["height"] - 40, steps=4)
    page.page.mouse.up()
    page.page.wait_for_timeout(100)
    some, every = shown(page)
    assert 0 < some < every
    assert size_of_grid(page)[0] < 16
    inside = page.page.evaluate("document.querySelector('#ranges [data-place=x1]').value")
    assert float(inside) > 0
    page.page.get_by_role("button", name="Show all").click()
    page.page.wait_for_timeout(100)
    assert shown(page) == (every, every)
    assert size_of_grid(page) == (16, 12)


def test_a_selection_in_the_grid_filters_the_map(page):
    x, y = page.cell(1, 0)
    box = page.page.locator("#grid").bounding_box()
    page.page.mouse.click(box["x"] + 60, y)
    page.page.wait_for_timeout(100)
    assert shown(page) == (12, 192)
    page.page.mouse.click(x, box["y"] + 12)
    page.page.wait_for_timeout(100)
    assert shown(page) == (1, 192)
    page.page.focus("#map")
    for _ in range(3):
        page.page.keyboard.press("ArrowRight")
    page.page.wait_for_timeout(100)
    assert "noise 0" in page.text("#map-help")
    page.page.keyboard.press("Escape")
    page.page.wait_for_timeout(100)
    assert shown(page) == (192, 192)


def test_filters_by_subset_seed_axis_family_and_class(page):
    filters = page.page.locator("#filters")
    filters.get_by_label("subset").select_option("all")
    page.page.wait_for_timeout(100)
    assert size_of_grid(page)[0] == 32
    filters.get_by_label("subset").select_option("n12-s0")
    filters.get_by_label("seed").select_option("1")
    page.page.wait_for_timeout(100)
    assert size_of_grid(page)[0] == 13
    filters.get_by_label("axis").select_option("unet: pooling")
    page.page.wait_for_timeout(100)
    assert size_of_grid(page)[0] == 12
    page.page.get_by_role("checkbox", name="control").uncheck(force=True)
    page.page.wait_for_timeout(100)
    assert size_of_grid(page)[0] == 3
    every = shown(page)[0]
    for name in ("collage", "new and real", "new and unreal"):
        page.page.get_by_role("checkbox", name=name, exact=True).uncheck(force=True)
    page.page.wait_for_timeout(100)
    some = shown(page)[0]
    assert 0 < some < every
    assert f"{some} copy" in page.text("#selection")


def test_numbers_can_be_typed_in_place_of_a_rectangle(page):
    page.page.fill("#ranges [data-place=x1]", "0.5")
    page.page.keyboard.press("Tab")
    page.page.wait_for_timeout(100)
    some, every = shown(page)
    assert some < every


def test_the_keyboard_alone_is_enough(page):
    page.page.keyboard.press("Tab")
    assert page.page.evaluate("document.activeElement.className") == "skip"
    page.page.focus("#grid")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown"):
        page.page.keyboard.press(key)
    page.page.wait_for_timeout(100)
    active = page.page.get_attribute("#grid", "aria-activedescendant")
    cell = page.page.locator(f"#{active}")
    assert cell.get_attribute("role") == "gridcell"
    assert "noise 2" in cell.get_attribute("aria-label")
    assert "solid" in cell.evaluate("(element) => getComputedStyle(element).outline")
    assert "noise 2" in page.text("#detail .sub")
    page.page.keyboard.press("Enter")
    page.page.wait_for_timeout(100)
    assert "kept" in page.text("#detail .sub")
    page.page.keyboard.press("r")
    page.page.wait_for_timeout(100)
    assert shown(page)[0] == 12
    page.page.keyboard.press("c")
    page.page.wait_for_timeout(100)
    assert shown(page)[0] == 1
    page.page.keyboard.press("End")
    page.page.wait_for_timeout(100)
    assert "noise 11" in page.text("#detail .sub") or "kept" in page.text("#detail .sub")
    page.page.keyboard.press("Escape")
    page.page.wait_for_timeout(100)
    assert shown(page) == (192, 192)
    page.page.locator("h1").click()
    reached = set()
    for _ in range(60):
        page.page.keyboard.press("Tab")
        reached.add(page.page.evaluate("document.activeElement.id || document.activeElement.closest('[id]')?.id"))
    assert {"filters", "map", "ranges", "axis-form"} <= reached


def test_a_heading_sorts_the_runs(page):
    page.page.locator("#run-table th button", has_text="d1, median").click()
    column = page.page.locator("#run-table tbody td:nth-child(11)").all_inner_texts()
    assert [float(text) for text in column] == sorted(float(text) for text in column)
    page.page.locator("#run-table th button", has_text="d1, median").click()
    assert page.page.locator("#run-table tbody td:nth-child(11)").all_inner_texts() == column[::-1]


def test_it_is_dark_in_the_dark_and_legible(browser, complete):
    watched = Watched(browser, complete, color_scheme="dark")

    def colours(selector):
        read = "(element) => [getComputedStyle(element).color, getComputedStyle(document.body).backgroundColor]"
        return watched.page.locator(selector).first.evaluate(read)

    for selector in ("h1", ".read", "nav a", "#run-table td"):
        text, ground = ([int(part) / 255 for part in re.findall(r"\d+", colour)[:3]] for colour in colours(selector))
        assert contrast(text, ground) >= 4.5, selector
    corner = watched.page.evaluate("[...document.querySelector('#grid canvas').getContext('2d').getImageData(2, 4, 1, 1).data]")
    assert max(corner[:3]) < 60
    assert watched.said == []


def contrast(one, other):
    """As WCAG 2.1 defines it."""

    def light(colour):
        linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in colour]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_it_prints_the_grid_whole(page, tmp_path):
    page.page.emulate_media(media="print")
    page.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.page.wait_for_timeout(100)
    box = page.page.locator("#grid canvas").bounding_box()
    assert box["height"] > 0.85 * 16 * 48  # which is how the grid is scaled on paper
    assert not page.page.locator("#filters").is_visible()
    assert page.page.pdf(path=tmp_path / "page.pdf")[:4] == b"%PDF"


def test_a_campaign_with_a_diverged_and_a_crashed_run_says_so(browser, tmp_path):
    root = tmp_path / "partial"
    campaign = made_up.campaign(root)
    by_name = {run.denoiser: run for run in runs(campaign)}
    made_up.crash(root, by_name["unet-pool1"], "RuntimeError: <b>out of memory</b>")
    made_up.diverge(root, by_name["unet-pool2"])
    watched = Watched(browser, write(root, campaign))
    told = watched.text("#state")
    assert "1 run is not complete." in told
    assert "n20-s0/unet-pool1/seed0" in told
    assert "logs/train/n20-s0-unet-pool1-0.log, which ends with RuntimeError: <b>out of memory</b>" in told
    assert "1 training diverged." in told
    assert "n20-s0/unet-pool2/seed0: at step 9" in told
    assert "no law" in told
    assert size_of_grid(watched)[0] == 13
    statuses = dict(
        zip(*(watched.page.locator(f"#run-table tbody td:nth-child({i})").all_inner_texts() for i in (1, 6)), strict=True)
    )
    assert (statuses["unet-pool1"], statuses["unet-pool2"], statuses["unet-pool0"]) == ("missing", "diverged", "trained")
    assert watched.page.locator("#run-table tr.bad").count() == 2
    watched.page.focus("#grid")
    for _ in range(13):
        watched.page.keyboard.press("ArrowDown")
    watched.page.wait_for_timeout(100)
    assert watched.said == []
    assert watched.requests() == []


def test_nothing_has_run_yet_and_the_page_says_so(browser, tmp_path):
    campaign = made_up.campaign(tmp_path / "other")
    (tmp_path / "empty").mkdir()
    watched = Watched(browser, write(tmp_path / "empty", campaign))
    assert "13 runs are not complete." in watched.text("#state")
    assert watched.said == []


def test_a_campaign_of_a_study_leads_to_the_studys_page(browser, tmp_path):
    root = tmp_path / "rivals-faces"
    content = build(root, made_up.campaign(root), study="rivals")
    (root / "report.html").write_text(render(content), encoding="utf-8")
    watched = Watched(browser, root / "report.html")
    assert watched.text("#kicker") == "Copied or created? Part of the study rivals."
    assert watched.page.get_attribute("#kicker a", "href") == "../rivals/report.html"
    assert watched.said == []


def test_a_large_campaign_shows_what_says_most_and_more_of_a_kind(browser, tmp_path):
    root = tmp_path / "chosen"
    built = build(root, made_up.campaign(root, count=64), most=6)
    path = root / "report.html"
    path.write_text(render(built), encoding="utf-8")
    watched = Watched(browser, path)
    runs_of = built["runs"]
    assert shown(watched) == (sum(run["samples"] for run in runs_of), 13 * 64)
    copies = sum(run["counts"]["copy"] for run in runs_of)
    assert f"of all {copies} copy" in watched.text("#selection")
    kinds = [kind["name"] for kind in built["kinds"] if any(run["kinds"].get(kind["name"]) for run in runs_of)]
    assert size_of_grid(watched) == (13, 4 * len(kinds))
    place = next(i for i, run in enumerate(runs_of) if run["denoiser"] != "held-out")
    watched.hover(place, 1)
    assert f"noise {runs_of[place]['noises'][runs_of[place]['kinds']['nearest'][1]]} " in watched.text("#detail .sub")
    assert "held-out's nearest 2" in watched.text("#detail")
    watched.page.get_by_role("button", name="nearest: 4 of 6").click()
    watched.page.wait_for_timeout(100)
    assert size_of_grid(watched) == (13, 4 * len(kinds) + 2)
    watched.page.locator("#filters").get_by_label("columns").select_option("noise")
    watched.page.wait_for_timeout(100)
    assert size_of_grid(watched) == (13, len({noise for run in runs_of for noise in run["noises"]}))
    assert watched.said == []


def test_fifty_denoisers_with_256_samples_are_smooth(browser, tmp_path):
    root = tmp_path / "large"
    denoisers = {f"unet-{i:02}": {"family": "unet", "pooling": i % 3, "width": 4 + i} for i in range(50)}
    path = write(root, made_up.campaign(root, denoisers=denoisers, count=256, size=16, n=200))
    assert path.stat().st_size < 15_000_000
    start = time.perf_counter()
    watched = Watched(browser, path)
    ready = time.perf_counter() - start
    assert shown(watched) == (59 * 256, 59 * 256)
    latency = watched.page.evaluate(
        """async () => {
          const grid = document.getElementById('grid'), box = grid.getBoundingClientRect(), times = [];
          for (let i = 0; i < 40; i++) {
            const start = performance.now();
            grid.dispatchEvent(new MouseEvent('mousemove', { clientX: box.left + 220 + 15 * i, clientY: box.top + 60 + 9 * i }));
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            times.push(performance.now() - start);
          }
          return times.sort((a, b) => a - b);
        }"""
    )
    scroll = watched.page.evaluate(
        """async () => {
          const grid = document.getElementById('grid'), times = [];
          for (let i = 0; i < 40; i++) {
            const start = performance.now();
            grid.scrollTop += 45; grid.scrollLeft += 60;
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            times.push(performance.now() - start);
          }
          return times.sort((a, b) => a - b);
        }"""
    )
    print(f"{path.stat().st_size / 1e6:.1f} MB, ready {ready:.2f} s, hover {latency[20]:.0f} ms, scroll {scroll[20]:.0f} ms")
    assert ready < 6  # 2 s on an idle machine
    assert latency[20] < 100
    assert scroll[20] < 100
    assert watched.said == []


def test_a_judge_that_takes_much_that_is_unreal_for_real_is_not_believed(browser, tmp_path):
    """Of the halves 92 % are judged real, of the Gaussian draws 30 %, and of the held-out images, which are real, 95 %."""
    root = tmp_path / "weak"
    campaign = made_up.campaign(root)
    for run in runs(campaign):
        table = store.read(run.file(root, "measures.parquet")).to_pandas().query("measure != 'real'")
        share = {"halves": 0.92, "gaussian": 0.3, "held-out": 0.95}.get(run.denoiser, 0.0)
        rows = [*table.itertuples(index=False, name=None), ("real", "pixel", share, share, share, 12)]
        store.write(run.file(root, "measures.parquet"), store.MEASURE, rows, made_up.STAMP)
    watched = Watched(browser, write(root, campaign))
    assert "It takes 92 % of halves for real, which are not." in watched.text("#state")
    assert watched.said == []
