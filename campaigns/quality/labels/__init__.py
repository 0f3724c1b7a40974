"""From several labels to one: votes, models of reliability, and rules on a tree, all on sparse answers."""

from campaigns.quality.labels.dawid_skene import MAXIMUM_LIKELIHOOD, DawidSkene, Habits, dawid_skene
from campaigns.quality.labels.forks import TreeHabits
from campaigns.quality.labels.glad import Glad, glad
from campaigns.quality.labels.lowest import Lowest, lowest_supported
from campaigns.quality.labels.mace import Mace, mace
from campaigns.quality.labels.many import ManyConsensus, merge_many, questions_of
from campaigns.quality.labels.one_coin import OneCoin, one_coin
from campaigns.quality.labels.posterior import LabelConsensus
from campaigns.quality.labels.tree_coin import TreeCoin, tree_coin
from campaigns.quality.labels.tree_dawid_skene import TreeDawidSkene, tree_dawid_skene
from campaigns.quality.labels.vote import vote

__all__ = [
    "MAXIMUM_LIKELIHOOD",
    "DawidSkene",
    "Glad",
    "Habits",
    "LabelConsensus",
    "Lowest",
    "Mace",
    "ManyConsensus",
    "OneCoin",
    "TreeCoin",
    "TreeDawidSkene",
    "TreeHabits",
    "dawid_skene",
    "glad",
    "lowest_supported",
    "mace",
    "merge_many",
    "one_coin",
    "questions_of",
    "tree_coin",
    "tree_dawid_skene",
    "vote",
]
