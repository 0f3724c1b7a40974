"""Consensus, agreement and evaluation at size, beside the libraries that do the same, in one run.

krippendorff, scikit-learn, statsmodels and pycocotools come with the development set; crowd-kit, faster-coco-eval,
hotcoco and panoptes_aggregation are measured where somebody has installed them, and are otherwise null. Every figure is
of a process of its own: processor seconds of the computation alone, and the peak of resident memory above what the
process had before. `times_ours` is what a library took as a multiple of what ours took just before.
"""

import importlib.util
import io
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

import numpy as np

from benchmarks import trees
from benchmarks.ground import call, log

LABELS = (10_000, 100_000, 1_000_000, 5_000_000)
EACH, KINDS = 5, 5  # answers an item, labels
MODELS = ("dawid_skene", "one_coin", "glad", "mace")
CANVASES, PEOPLE, THINGS = 10_000, 5, 4
IMAGES, PREDICTIONS_EACH = (5_000, 50_000), 16
PEERS = {"dawid_skene": "DawidSkene", "glad": "GLAD", "mace": "MACE"}  # ours → crowd-kit's
CROWDKIT_UP_TO = {"DawidSkene": 5_000_000, "GLAD": 100_000, "MACE": 100_000}
PANOPTES = {"euclidean": (30.0, 2_000), "iou": (0.5, 200)}  # metric → reach, canvases measured
KAPPAS = {"cohen": "scikit-learn", "fleiss": "statsmodels"}
DETECTION = {"pycocotools": "pycocotools", "faster_coco_eval": "faster-coco-eval", "hotcoco": "hotcoco"}


def measure() -> dict[str, Any]:
    """All of it, small sizes first."""
    result: dict[str, Any] = {"labels": {}, "alpha": {}, "kappa": {}, "from_columns": {}}
    for n in LABELS:
        log(f"consensus of {n} labels")
        result["labels"][n] = row = {}
        for model in MODELS:
            row[model] = ours = _of("merge_labels", model=model, n=n)
            if peer := PEERS.get(model):
                wanted = n <= CROWDKIT_UP_TO[peer] and _installed("crowdkit")
                theirs = _of("merge_by_crowdkit", model=peer, n=n) if wanted else None
                row[f"crowdkit {peer}"] = _beside(ours, theirs)
    for n in LABELS:
        log(f"agreement of {n} labels")
        ours = _of("alpha", n=n)
        peer = _of("alpha_by_krippendorff", n=n)
        result["alpha"][n] = {"ours": ours, "krippendorff": _beside(ours, peer)}
        result["kappa"][n] = row = {}
        result["from_columns"][n] = columns = {}
        for which in ("alpha", *KAPPAS):
            columns[which] = ours = _of("agreement_of_columns", which=which, n=n)
            columns[f"{which}, peer"] = _beside(ours, _of("agreement_of_columns_by_others", which=which, n=n))
        for which, library in KAPPAS.items():
            row[which] = ours = _of("kappa", which=which, n=n)
            row[f"{which}, {library}"] = _beside(ours, _of("kappa_by_others", which=which, n=n))
    log("consensus on a tree")
    result["tree"] = trees.measure()
    log(f"boxes on {CANVASES} canvases")
    result["boxes"] = {"ours": _of("merge_boxes")}
    for metric, (_reach, canvases) in PANOPTES.items():
        there = _installed("panoptes_aggregation")
        result["boxes"][f"panoptes_aggregation {metric}"] = (
            _of("merge_boxes_by_panoptes", metric=metric, canvases=canvases) if there else None
        )
    result["coco"] = {}
    for images in IMAGES:
        log(f"COCO evaluation of {images} images")
        result["coco"][images] = row = {"ours": _of("coco", images=images)}
        for package, name in DETECTION.items():
            there = _installed(package)
            row[name] = _beside(
                row["ours"], _of("coco_by", package=package, images=images) if there else None
            )
    return result


def _of(target: str, **arguments: Any) -> dict[str, Any]:
    outcome = call(f"benchmarks.quality:{target}", **arguments)
    return {**outcome.result, "rss_above_mb": round(outcome.rss_peak_mb - outcome.rss_before_mb)}


def _beside(ours: dict[str, Any], theirs: dict[str, Any] | None) -> dict[str, Any] | None:
    """What a library took, and how many times what ours did."""
    if theirs is None:
        return None
    times = round(theirs["cpu_s"] / max(ours["cpu_s"], 1e-4), 1)
    return {**theirs, "times_ours": times}


def _installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def _timed(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    began, cpu = time.perf_counter(), time.process_time()
    said = work()
    return {
        **said,
        "seconds": round(time.perf_counter() - began, 4),
        "cpu_s": round(time.process_time() - cpu, 4),
    }


# --- labels ---------------------------------------------------------------------------------------


def _crowd(n: int) -> tuple[Any, Any, Any, Any]:
    """`n` answers of people who are right with 0.5 to 0.95, and the truth."""
    rng = np.random.default_rng(n)
    items, people = n // EACH, max(20, n // 200)
    truth = rng.integers(0, KINDS, items)
    item, person = np.repeat(np.arange(items), EACH), rng.integers(0, people, n)
    right = rng.random(n) < rng.uniform(0.5, 0.95, people)[person]
    return item, person, np.where(right, truth[item], rng.integers(0, KINDS, n)), truth


def merge_labels(model: str, n: int) -> dict[str, Any]:
    """Ours, reading the columns included."""
    from campaigns.quality import labels  # noqa: PLC0415 - as the peers, only where it is measured
    from campaigns.quality.answers import answers_of  # noqa: PLC0415

    item, person, said, truth = _crowd(n)

    def work() -> dict[str, Any]:
        found = getattr(labels, model)(answers_of(item, person, said, repeats=True)).consensus
        code, _ = found.best()
        return {"accuracy": round(float((code == truth).mean()), 4), "iterations": found.iterations}

    return _timed(work)


def merge_by_crowdkit(model: str, n: int) -> dict[str, Any]:
    """crowd-kit with its own settings."""
    import pandas as pd  # noqa: PLC0415
    from crowdkit import aggregation  # noqa: PLC0415

    item, person, said, truth = _crowd(n)
    table = pd.DataFrame({"task": item, "worker": person, "label": said})

    def work() -> dict[str, Any]:
        found = getattr(aggregation, model)().fit_predict(table)
        return {"accuracy": round(float((found.sort_index().to_numpy() == truth).mean()), 4)}

    return _timed(work)


def alpha(n: int) -> dict[str, Any]:
    """Ours, nominal, reading the columns included."""
    from campaigns.quality.agreement import alpha as alpha_of  # noqa: PLC0415
    from campaigns.quality.answers import answers_of  # noqa: PLC0415
    from campaigns.quality.tally import tally  # noqa: PLC0415

    item, _, said, _ = _crowd(n)
    person = np.tile(np.arange(EACH), n // EACH)

    def work() -> dict[str, Any]:
        began = time.process_time()
        answers = answers_of(item, person, said)
        read = time.process_time() - began  # which krippendorff is spared: it is given the table
        return {"alpha": alpha_of(tally(answers, least=2)), "reading_cpu_s": round(read, 4)}

    return _timed(work)


def alpha_by_krippendorff(n: int) -> dict[str, Any]:
    """krippendorff on the same answers as people × units."""
    import krippendorff  # noqa: PLC0415

    _, _, said, _ = _crowd(n)
    table = said.reshape(-1, EACH).T.astype(float)
    return _timed(
        lambda: {"alpha": float(krippendorff.alpha(reliability_data=table, level_of_measurement="nominal"))}
    )


def _rated(which: str, n: int) -> Any:
    """Codes of units × people: two people, or five."""
    people = {"cohen": 2, "fleiss": EACH}[which]
    rng = np.random.default_rng(n)
    truth = rng.integers(0, KINDS, (n // people, 1))
    right = rng.random((n // people, people)) < 0.8
    return np.where(right, truth, rng.integers(0, KINDS, right.shape))


def kappa(which: str, n: int) -> dict[str, Any]:
    """Ours, reading the columns included."""
    from campaigns.quality import coefficients  # noqa: PLC0415
    from campaigns.quality.answers import answers_of  # noqa: PLC0415

    table = _rated(which, n)
    units, people = table.shape
    item, person, said = np.repeat(np.arange(units), people), np.tile(np.arange(people), units), table.ravel()
    of = getattr(coefficients, f"{which}_kappa")
    return _timed(lambda: {"kappa": of(answers_of(item, person, said)).value})


def kappa_by_others(which: str, n: int) -> dict[str, Any]:
    """scikit-learn's Cohen on two columns that lie side by side, statsmodels' Fleiss on units × people."""
    table = _rated(which, n)
    if which == "cohen":
        from sklearn.metrics import cohen_kappa_score  # noqa: PLC0415

        one, other = np.ascontiguousarray(table.T)
        return _timed(lambda: {"kappa": float(cohen_kappa_score(one, other))})
    from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa  # noqa: PLC0415

    return _timed(lambda: {"kappa": float(fleiss_kappa(aggregate_raters(table)[0]))})


def _columns(which: str, n: int) -> tuple[Any, Any, Any]:
    """Item, person and label as a database gives them: a row an answer, in no order."""
    table = _rated("fleiss" if which == "alpha" else which, n)
    units, people = table.shape
    order = np.random.default_rng(n).permutation(units * people)
    item, person = np.repeat(np.arange(units), people), np.tile(np.arange(people), units)
    return item[order], person[order], table.ravel()[order]


def agreement_of_columns(which: str, n: int) -> dict[str, Any]:
    """Ours from three columns on."""
    from campaigns.quality import coefficients  # noqa: PLC0415
    from campaigns.quality.agreement import alpha as alpha_of  # noqa: PLC0415
    from campaigns.quality.answers import answers_of  # noqa: PLC0415
    from campaigns.quality.tally import tally  # noqa: PLC0415

    columns = _columns(which, n)
    if which == "alpha":
        return _timed(lambda: {"value": alpha_of(tally(answers_of(*columns), least=2))})
    of = getattr(coefficients, f"{which}_kappa")
    return _timed(lambda: {"value": of(answers_of(*columns)).value})


def agreement_of_columns_by_others(which: str, n: int) -> dict[str, Any]:
    """The libraries from the same three columns on, which pandas makes the table of that they ask for."""
    import krippendorff  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415
    from sklearn.metrics import cohen_kappa_score  # noqa: PLC0415
    from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa  # noqa: PLC0415

    columns = pd.DataFrame(dict(zip(("item", "person", "said"), _columns(which, n), strict=True)))

    def work() -> dict[str, Any]:
        table = columns.pivot(index="item", columns="person", values="said").to_numpy()
        if which == "alpha":
            said = table.T.astype(float)
            return {"value": float(krippendorff.alpha(reliability_data=said, level_of_measurement="nominal"))}
        if which == "cohen":
            return {"value": float(cohen_kappa_score(*table.T))}
        return {"value": float(fleiss_kappa(aggregate_raters(table)[0]))}

    return _timed(work)


# --- boxes ----------------------------------------------------------------------------------------


def _drawn() -> tuple[Any, Any, Any, Any, Any]:
    """Canvas, person, box and label of everything drawn; and who looked at what."""
    rng = np.random.default_rng(1)
    n = CANVASES * PEOPLE * THINGS
    canvas, person = (
        np.repeat(np.arange(CANVASES), PEOPLE * THINGS),
        np.tile(np.repeat(np.arange(PEOPLE), THINGS), CANVASES),
    )
    true = np.concatenate(
        [rng.uniform(0, 1000, (CANVASES, 1, THINGS, 2)), rng.uniform(60, 200, (CANVASES, 1, THINGS, 2))],
        axis=3,
    )
    boxes = (true + rng.normal(0, 3, (CANVASES, PEOPLE, THINGS, 4))).reshape(n, 4)
    label = np.where(
        rng.random(n) < 0.85, np.tile(np.arange(THINGS), CANVASES * PEOPLE), rng.integers(0, THINGS, n)
    )
    looks = np.repeat(np.arange(CANVASES), PEOPLE), np.tile(np.arange(PEOPLE), CANVASES)
    return canvas, person, boxes, label, looks


def merge_boxes() -> dict[str, Any]:
    """Grouping, merging, spread and vote of all canvases; how many things came out as they went in."""
    from campaigns.quality.merged_table import merge_table  # noqa: PLC0415

    canvas, person, boxes, label, looks = _drawn()

    def work() -> dict[str, Any]:
        table = merge_table(boxes, canvas, person, seen_canvas=looks[0], seen_person=looks[1], label=label)
        return {"things": len(table.voters), "by_all": int((table.voters == PEOPLE).sum())}

    result = _timed(work)
    return {**result, "canvases_per_cpu_s": round(CANVASES / result["cpu_s"])}


def merge_boxes_by_panoptes(metric: str, canvases: int) -> dict[str, Any]:
    """The Zooniverse's reducer on the first canvases of the same, which it takes one by one: places only."""
    from panoptes_aggregation.reducers.shape_reducer_dbscan import shape_reducer_dbscan  # noqa: PLC0415

    boxes = _drawn()[2]
    extracts = [
        [
            {
                "frame0": {
                    f"T0_toolIndex0_{name}": part.tolist() for name, part in zip(_SIDES, mine.T, strict=True)
                }
            }
            for mine in (boxes[(PEOPLE * number + who) * THINGS :][:THINGS] for who in range(PEOPLE))
        ]
        for number in range(canvases)
    ]

    def work() -> dict[str, Any]:
        found = by_all = 0
        for classifications in extracts:
            merged = shape_reducer_dbscan(
                classifications, shape="rectangle", eps=PANOPTES[metric][0], min_samples=2, metric_type=metric,
                estimate_average=True, user_id=list(range(PEOPLE)),
            )["frame0"]  # fmt: skip
            counts = merged.get("T0_toolIndex0_clusters_count", [])
            found, by_all = found + len(counts), by_all + counts.count(PEOPLE)
        return {"things": found, "by_all": by_all, "canvases": canvases}

    result = _timed(work)
    return {**result, "canvases_per_cpu_s": round(canvases / result["cpu_s"])}


_SIDES = ("x", "y", "width", "height")  # as its extracts name them

# --- detection ------------------------------------------------------------------------------------


def _pictures(images: int) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """True boxes (image, label, box, crowd) and predictions (image, label, box, score) like those of COCO."""
    rng = np.random.default_rng(0)
    n, extra = int(images * 7.3), images * (PREDICTIONS_EACH - 6)
    image, kind = rng.integers(0, images, n), np.minimum(rng.exponential(12, n).astype(int), 79)
    box = np.round(np.column_stack([rng.uniform(0, 500, (n, 2)), np.exp(rng.normal(4, 1, (n, 2)))]), 2)
    kept = np.flatnonzero(rng.random(n) < 0.85)
    near = box[kept] + rng.normal(0, 0.06, (len(kept), 4)) * box[kept][:, [2, 3, 2, 3]]
    near[:, 2:] = np.maximum(near[:, 2:], 1)
    far = np.column_stack([rng.uniform(0, 500, (extra, 2)), np.exp(rng.normal(4, 1, (extra, 2)))])
    predictions = (
        np.concatenate([image[kept], rng.integers(0, images, extra)]),
        np.concatenate([kind[kept], np.minimum(rng.exponential(12, extra).astype(int), 79)]),
        np.concatenate([near, far]),
        np.round(np.concatenate([rng.beta(4, 2, len(kept)), rng.beta(2, 4, extra)]), 3),
    )
    return (image, kind, box, rng.random(n) < 0.01), predictions


def coco(images: int) -> dict[str, Any]:
    """Ours: ten thresholds, four sizes, twelve figures."""
    from campaigns.quality.evaluation import evaluate_boxes, predicted_boxes, true_boxes  # noqa: PLC0415

    (image, kind, box, crowd), (on, said, drawn, score) = _pictures(images)

    def work() -> dict[str, Any]:
        truth = true_boxes(np.arange(1, len(image) + 1), image, kind, box, crowd=crowd)
        predictions = predicted_boxes(np.arange(len(on)), on, said, drawn, score)
        found = evaluate_boxes(truth, predictions, canvases=np.arange(images), labels=np.arange(80))
        return {"AP": found.ap(), "predictions": len(on)}

    return _timed(work)


def coco_by(package: str, images: int) -> dict[str, Any]:
    """The same by another library; building its index is not counted."""
    if package == "hotcoco":
        from hotcoco import COCO  # noqa: PLC0415
        from hotcoco import COCOeval as Run  # noqa: PLC0415
    elif package == "pycocotools":
        from pycocotools.coco import COCO  # noqa: PLC0415
        from pycocotools.cocoeval import COCOeval as Run  # noqa: PLC0415
    else:
        from faster_coco_eval import COCO  # noqa: PLC0415
        from faster_coco_eval import COCOeval_faster as Run  # noqa: PLC0415

    (image, kind, box, crowd), (on, said, drawn, score) = _pictures(images)
    everything = {
        "info": {},
        "images": [{"id": number, "width": 600, "height": 600} for number in range(images)],
        "categories": [{"id": number + 1, "name": str(number)} for number in range(80)],
        "annotations": [
            {
                "id": number + 1, "image_id": int(image[number]), "category_id": int(kind[number]) + 1,
                "bbox": box[number].tolist(), "area": float(box[number, 2] * box[number, 3]),
                "iscrowd": int(crowd[number]),
            }
            for number in range(len(image))
        ],
    }  # fmt: skip
    rows = [
        {"image_id": int(i), "category_id": int(k) + 1, "bbox": b.tolist(), "score": float(s)}
        for i, k, b, s in zip(on, said, drawn, score, strict=True)
    ]

    def work() -> dict[str, Any]:
        run = Run(truth, found, "bbox")
        run.evaluate()
        run.accumulate()
        run.summarize()
        return {"AP": float(run.stats[0])}

    with redirect_stdout(io.StringIO()):
        if package == "hotcoco":
            truth = COCO(everything)
            found = truth.load_res(rows)
        else:
            truth = COCO()
            truth.dataset = everything
            truth.createIndex()
            found = truth.loadRes(rows)
        return _timed(work)
