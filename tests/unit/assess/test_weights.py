"""What an office lays down moves the score of the 2021 template as the formula says, and nothing else."""

from fractions import Fraction

from secaudit.assess.figures import Template, figures_of
from secaudit.assess.risks import Risks
from secaudit.model.weights import ItemClass, Weights
from tests.unit.assess.test_score import items_of

ITEMS, _CLASSES = items_of("t 一般 .5; t 一般 0; t 一般 1 ×3; m 一般 0; m 一般 1 ×4")
KEYS = [item.requirement.key for item in ITEMS]
LAID_DOWN = Weights(
    {(3, KEYS[0]): ItemClass.KEY, (3, KEYS[1]): ItemClass.IMPORTANT, (2, KEYS[5]): ItemClass.KEY},
    Fraction(2, 5),
    "省规范",
)


def test_the_score_follows_classes_and_share() -> None:
    """n = 10, S = 10; technical 40 - 3*0.5*10 - 2*1*10 = 5, management 60 - 10 = 50."""
    figures = figures_of(ITEMS, Risks(()), Template.OF_2021, weights=LAID_DOWN)
    assert figures.score is not None
    assert (figures.score.technical.low, figures.score.management.low) == (Fraction(5), Fraction(50))
    assert figures.classes == {ItemClass.GENERAL: 8, ItemClass.IMPORTANT: 1, ItemClass.KEY: 1}
    assert figures.weights is LAID_DOWN


def test_without_them_all_items_weigh_the_same() -> None:
    """Technical 50 - 0.5*10 - 10 = 35, management 50 - 10 = 40."""
    figures = figures_of(ITEMS, Risks(()), Template.OF_2021)
    assert figures.score is not None
    assert (figures.score.technical.low, figures.score.management.low) == (Fraction(35), Fraction(40))


def test_the_rate_of_2025_knows_no_weights() -> None:
    plain = figures_of(ITEMS, Risks(()), Template.OF_2025)
    assert figures_of(ITEMS, Risks(()), Template.OF_2025, weights=LAID_DOWN).rate == plain.rate
