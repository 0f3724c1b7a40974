"""The door for a campaign's long work: consensus, predictions, releases."""

from campaigns.actions.consensus import compute_consensus
from campaigns.actions.predictions import run_predictor
from campaigns.actions.releases import write_release
from campaigns.documents import ConceptNames
from campaigns.models import Campaign, Task
from work.registry import does
from work.runner import Runner


@does("campaigns.consensus")
def compute_missing(runner: Runner) -> None:
    """Merge every task of the campaign that enough people have seen and that has no consensus yet."""
    campaign = Campaign.objects.select_related("vocabulary", "branch").get(pk=runner.subject)
    waiting = campaign.tasks.filter(state=Task.State.RETIRED, consensus=None).order_by("position")
    names = ConceptNames.of_campaign(campaign)
    runner.expect(waiting.count())
    for task in waiting.iterator():
        compute_consensus(task, names=names)
        runner.advance()


@does("campaigns.predict")
def predict(runner: Runner) -> None:
    run_predictor(runner.subject, runner)


@does("campaigns.release")
def release(runner: Runner) -> None:
    runner.expect(1)
    written = write_release(runner.subject)
    counts = written.manifest["counts"]
    runner.advance()
    runner.say(f"{counts['annotations']} annotations on {counts['canvases']} canvases were released.")
