"""Batches of lessons, what each part of the loss moves, and that teaching, stopped and gone on with, teaches."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from assistant.reader import teaching
from assistant.reader.batches import Batch, batches, collate
from assistant.reader.lessons.arrays import PAD, Encoded
from assistant.reader.lessons.encoded import encode
from assistant.reader.lessons.lesson import Lesson
from assistant.reader.teaching import Course, Weights, keep_most, look, loss_of, teach

if TYPE_CHECKING:
    from vectorstore.embedding.network.mpnet import ReaderNetwork

Make = Callable[[int], "ReaderNetwork"]
NOTHING = Weights(**dict.fromkeys(vars(Weights()), 0.0))
QUESTION, TEXT = "When did Otto open the pier?", "Otto opened the pier in 1887. It rained all day."
ANSWER, OTHER = (24, 28), "Gulls nest on the roof of the mill."
GOOD = Lesson(QUESTION, TEXT, "", "a", (ANSWER,), True, True, (), (ANSWER,))


@pytest.fixture(autouse=True)
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Full precision, so that what is compared does not depend on the processor."""
    monkeypatch.setattr(teaching, "quick", lambda device: torch.autocast(device.type, enabled=False))


@pytest.fixture
def batch_of(tokenizer: Tokenizer) -> Callable[..., Batch]:
    """The batch of some lessons of one unit."""

    def make(*lessons: Lesson) -> Batch:
        data = encode([list(lessons)], tokenizer)
        return collate(data, range(len(data)))

    return make


def parts_of(network: ReaderNetwork, batch: Batch, weights: Weights | None = None) -> dict[str, float]:
    with torch.no_grad():
        return {name: float(value) for name, value in loss_of(network, batch, weights or Weights())[1].items()}


def learn(network: ReaderNetwork, batch: Batch, weights: Weights, taught: Any = None) -> None:
    """Some steps down the loss."""
    optimiser = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], lr=1e-3)
    for _ in range(12):
        loss, _ = loss_of(network, batch, weights, taught)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()


# -- batches


def test_a_batch_holds_its_lessons_and_padding(learned: Encoded) -> None:
    rows = [7, 2, 11]
    batch = collate(learned, rows)
    for n, row in enumerate(rows):
        for ids, mask, flat, at in (
            (batch.q, batch.q_mask, learned.questions, learned.question_at),
            (batch.p, batch.p_mask, learned.passages, learned.passage_at),
        ):
            size = int(at[row + 1] - at[row])
            assert ids[n, :size].tolist() == flat[at[row] : at[row + 1]].tolist()
            assert bool((ids[n, size:] == PAD).all()) and mask[n].tolist() == [1] * size + [0] * (ids.shape[1] - size)
        held = learned.answers[learned.answer_at[row] : learned.answer_at[row + 1]].tolist()
        assert batch.ranges[n, : len(held)].tolist() == held and bool((batch.ranges[n, len(held) :] == -1).all())
        mine = batch.sentences[batch.sentences[:, 0] == n, 1:].tolist()
        assert mine == learned.sentences[learned.sentence_at[row] : learned.sentence_at[row + 1]].tolist()
    assert batch.labels.tolist() == learned.labels[rows].tolist()
    assert batch.groups.tolist() == learned.groups[rows].tolist()


def test_the_text_is_what_is_behind_the_heading(tokenizer: Tokenizer) -> None:
    data = encode([[Lesson("Who?", "Ada left.", "Gull Rock"), Lesson("Who?", "Ada left. Otto stayed on.")]], tokenizer)
    batch = collate(data, [0, 1])
    told = [[tokenizer.id_to_token(int(i)) for i in row[text]] for row, text in zip(batch.p, batch.text, strict=True)]
    assert told == [["ada", "left", "."], ["ada", "left", ".", "otto", "stayed", "on", "."]]


def test_units_stay_together_and_every_lesson_comes_once(learned: Encoded) -> None:
    made = list(batches(learned, 8, 4))
    assert sorted(i for batch in made for i in batch) == list(range(len(learned)))
    for batch in made:
        units = set(learned.groups[batch, 0].tolist())
        assert {i for i in range(len(learned)) if learned.groups[i, 0] in units} == set(batch)
    assert sum(len(batch) < 8 for batch in made) <= 1 and len(made) > 4


def test_the_order_of_batches_is_drawn(learned: Encoded) -> None:
    assert list(batches(learned, 8, 4)) == list(batches(learned, 8, 4)) != list(batches(learned, 8, 5))


def test_texts_of_one_batch_are_of_one_length(tokenizer: Tokenizer) -> None:
    texts = ["gull " * random.Random(n).randint(1, 150) for n in range(300)]
    data = encode([[Lesson("Who?", text)] for text in texts], tokenizer)
    sizes = np.diff(data.passage_at)
    assert max(int(sizes[batch].max() - sizes[batch].min()) for batch in batches(data, 10, 1)) < 20
    assert len(list(batches(data, 3, 1))) == 100, "more than one run of forty"


def test_the_rate_rises_to_its_highest_and_falls_to_little() -> None:
    course = Course(1000)
    factors = [course.factor(step) for step in range(1, 1001)]
    assert factors[0] == pytest.approx(1 / 60) and factors.index(max(factors)) == 59 and max(factors) == 1.0
    assert factors[:60] == sorted(factors[:60]) and factors[60:] == sorted(factors[60:], reverse=True)
    assert factors[-1] == 0.02 and factors[529] == pytest.approx(0.5, abs=0.01)
    assert [Course(1).factor(1)] == [1.0]


# -- the loss


@pytest.mark.parametrize("apart", [0, 2])
def test_the_loss_is_the_sum_of_its_parts_each_as_much_as_it_counts(
    tiny: Make, batch_of: Callable[..., Batch], apart: int
) -> None:
    claim = replace(GOOD, question="Otto opened it.", answers=(), answered=None, support=1, needed=((0, 4),))
    batch = batch_of(GOOD, Lesson(QUESTION, OTHER, article="b", relevant=False, answered=False, evidence=()), claim)
    network = tiny(apart)
    with torch.no_grad():
        total, parts = loss_of(network, batch, Weights())
    assert float(total) == pytest.approx(sum(map(float, parts.values())), rel=1e-5)
    finding = {"matched": "matched", "passages": "vectors", "sentences": "vectors"}
    names = {name: name for name in ("relevance", "answers", "support", "doubt", "needed", "sentence", "ranking")}
    assert parts.keys() == {"span", *names, *(finding if apart else ())}
    for part, weight in (names | (finding if apart else {})).items():
        assert float(parts[part]) > 0
        doubled = parts_of(network, batch, replace(Weights(), **{weight: 2 * getattr(Weights(), weight)}))
        assert doubled[part] == pytest.approx(2 * float(parts[part]), rel=1e-4)
        assert doubled["span"] == pytest.approx(float(parts["span"]), rel=1e-4)


@pytest.mark.parametrize("apart", [0, 2])
def test_what_is_not_known_teaches_nothing(tiny: Make, batch_of: Callable[..., Batch], apart: int) -> None:
    network = tiny(apart)
    total, _ = loss_of(network, batch_of(Lesson(QUESTION, TEXT), Lesson(QUESTION, OTHER)), Weights())
    assert float(total.detach()) == 0.0
    total.backward()  # type: ignore[no-untyped-call]
    assert all(p.grad is None or not p.grad.any() for p in network.parameters())


@pytest.mark.parametrize("label", [True, False])
@pytest.mark.parametrize("name", ["relevance", "answers"])
def test_a_judgement_moves_to_its_label(tiny: Make, batch_of: Callable[..., Batch], name: str, label: bool) -> None:
    network = tiny(2)
    known: dict[str, Any] = {"relevant": label} if name == "relevance" else {"answered": label}
    batch = batch_of(replace(Lesson(QUESTION, TEXT), **known))
    weights = replace(NOTHING, **{name: 1.0})
    before = getattr(look(network, batch).read, name).item()
    learn(network, batch, weights)
    moved = getattr(look(network, batch).read, name).item() - before
    assert moved > 0.1 if label else moved < -0.1


@pytest.mark.parametrize("support", [0, 1, 2])
def test_a_claim_moves_to_its_label(tiny: Make, batch_of: Callable[..., Batch], support: int) -> None:
    network, batch = tiny(0), batch_of(Lesson("Otto opened it.", TEXT, support=support))
    before = look(network, batch).read.support.softmax(1)[0].tolist()
    learn(network, batch, replace(NOTHING, support=1.0))
    after = look(network, batch).read.support.softmax(1)[0].tolist()
    assert after[support] > before[support] + 0.05
    assert all(after[n] < before[n] for n in range(3) if n != support)


@pytest.mark.parametrize(
    ("name", "field", "changes"),
    [
        ("doubt", "doubted", {"unsupported": ((9, 13),)}),
        ("needed", "needed", {"needed": ((0, 4), ANSWER)}),
    ],
)
def test_marked_words_rise_and_the_others_fall(
    tiny: Make, batch_of: Callable[..., Batch], name: str, field: str, changes: dict[str, Any]
) -> None:
    network, batch = tiny(2), batch_of(Lesson(QUESTION, TEXT, **changes))
    labels = getattr(batch, field)
    before = getattr(look(network, batch).read, name).detach()
    learn(network, batch, replace(NOTHING, **{name: 1.0}))
    moved = getattr(look(network, batch).read, name).detach() - before
    assert int((labels == 1).sum()) in (1, 2)
    assert float(moved[labels == 1].mean()) > float(moved[labels == 0].mean()) + 0.02
    assert float(moved[labels == 0].mean()) < 0


def test_the_sentence_that_belongs_rises_and_the_other_falls(tiny: Make, batch_of: Callable[..., Batch]) -> None:
    network, batch = tiny(2), batch_of(Lesson(QUESTION, TEXT, evidence=(ANSWER,)))
    (_, a, b, yes), (_, c, d, no) = batch.sentences.tolist()
    assert (yes, no) == (1, 0)
    before = look(network, batch).read.sentence[0].detach()
    learn(network, batch, replace(NOTHING, sentence=1.0))
    moved = look(network, batch).read.sentence[0].detach() - before
    assert float(moved[a : b + 1].mean()) > 0 > float(moved[c : d + 1].mean())


def spans(network: ReaderNetwork, batch: Batch) -> tuple[list[float], list[float]]:
    """The likelihoods that the answer of the first lesson starts and ends at "no answer" and at each token."""
    read = look(network, batch).read
    allowed = torch.cat([torch.ones_like(batch.text[:, :1]), batch.text], 1)
    starts, ends = (x.detach().masked_fill(~allowed, -1e4).softmax(1)[0].tolist() for x in (read.starts, read.ends))
    return starts, ends


def test_an_answer_becomes_likelier_at_any_of_its_places(tiny: Make, batch_of: Callable[..., Batch]) -> None:
    network = tiny(0)
    twice = "In 1887 he came, and in 1887 it opened."
    batch = batch_of(replace(GOOD, text=twice, answers=((3, 7), (24, 28))))
    places = [int(place) + 1 for place in batch.ranges[0, :, 0]]
    before = spans(network, batch)
    learn(network, batch, replace(NOTHING, null=0.8))
    for side, old in zip(spans(network, batch), before, strict=True):
        assert sum(side[n] for n in places) > sum(old[n] for n in places) + 0.05 and side[0] < old[0]
    loss = parts_of(network, batch)["span"]
    (a, b) = (side for side in spans(network, batch))
    assert loss == pytest.approx(-np.log(sum(a[n] * b[n] for n in places)) / 2, rel=1e-3)


@pytest.mark.parametrize(("answered", "moves"), [(False, True), (None, False)])
def test_where_a_text_does_not_answer_no_answer_becomes_likelier(
    tiny: Make, batch_of: Callable[..., Batch], answered: bool | None, moves: bool
) -> None:
    network, batch = tiny(0), batch_of(Lesson(QUESTION, TEXT, answered=answered))
    before = spans(network, batch)
    learn(network, batch, replace(NOTHING, null=0.8))
    for side, old in zip(spans(network, batch), before, strict=True):
        assert (side[0] > old[0] + 0.05) == moves


def test_rivals_of_one_question_are_put_in_order(tiny: Make, batch_of: Callable[..., Batch]) -> None:
    network = tiny(2)
    rival = Lesson(QUESTION, OTHER, article="a", relevant=False)
    batch = batch_of(rival, GOOD)

    def distance() -> float:
        wrong, right = look(network, batch).read.relevance.tolist()
        return float(right - wrong)

    before = distance()
    learn(network, batch, replace(NOTHING, ranking=1.0))
    assert distance() > before + 0.1
    assert parts_of(network, batch)["ranking"] > 0
    apart = batch_of(replace(rival, question="Why do gulls nest?"), GOOD)
    assert parts_of(network, apart)["ranking"] == 0, "another question is no rival"
    unknown = batch_of(replace(rival, relevant=None), GOOD)
    assert parts_of(network, unknown)["ranking"] == 0, "a near miss is none either"


@pytest.mark.parametrize("part", ["matched", "passages", "sentences"])
def test_a_question_finds_its_own_text_among_those_of_other_articles(
    tiny: Make, batch_of: Callable[..., Batch], part: str
) -> None:
    network = tiny(2)
    weights = replace(NOTHING, **{"matched" if part == "matched" else "vectors": 1.0})
    other = Lesson("Why do gulls nest?", OTHER, article="b", relevant=True, evidence=((0, len(OTHER)),))
    batch = batch_of(GOOD, other)
    before = parts_of(network, batch, weights)[part]
    learn(network, batch, weights)
    assert 0 < parts_of(network, batch, weights)[part] < before - 0.01


@pytest.mark.parametrize("part", ["matched", "passages"])
def test_texts_of_one_article_are_not_held_against_each_other_unless_they_are_rivals(
    tiny: Make, batch_of: Callable[..., Batch], part: str
) -> None:
    network = tiny(2)
    other = Lesson("Why do gulls nest?", OTHER, article="a", relevant=True)
    assert parts_of(network, batch_of(GOOD, other))[part] == pytest.approx(0, abs=1e-6)
    stray = replace(other, article="", relevant=None)
    assert parts_of(network, batch_of(GOOD, stray))[part] == pytest.approx(0, abs=1e-6)
    assert parts_of(network, batch_of(GOOD, replace(other, article="b")))[part] > 1e-3
    rival = replace(other, question=QUESTION, relevant=False)
    assert parts_of(network, batch_of(GOOD, rival))[part] > 1e-3


def test_a_teacher_moves_its_pupil(tiny: Make, batch_of: Callable[..., Batch]) -> None:
    teacher, pupil = tiny(0), tiny(2)
    with torch.no_grad():
        for parameter in (teacher.judge, teacher.span, teacher.sentence, teacher.support):
            parameter.weight.normal_()
    batch = batch_of(
        Lesson(QUESTION, TEXT), Lesson(QUESTION, OTHER), Lesson("Otto opened it.", TEXT, support=0, evidence=())
    )
    with torch.no_grad():
        taught = look(teacher, batch).read

    def distances() -> dict[str, float]:
        mine = look(pupil, batch).read
        text = batch.text
        return {
            "relevance": float((mine.relevance - taught.relevance).detach().abs().mean()),
            "answers": float((mine.answers - taught.answers).detach().abs().mean()),
            "support": float((mine.support - taught.support)[2].softmax(0).detach().std()),
            "starts": float((mine.starts - taught.starts).detach()[:, 1:][text].std()),
            "sentence": float((mine.sentence - taught.sentence).detach()[:2][text[:2]].mean().abs()),
        }

    before = distances()
    for _ in range(4):
        learn(pupil, batch, replace(NOTHING, taught=1.0), taught)
    after = distances()
    assert all(after[name] < before[name] for name in before), (before, after)


def test_a_teacher_has_no_say_in_what_it_may_not_teach(tiny: Make, batch_of: Callable[..., Batch]) -> None:
    teacher, pupil = tiny(0), tiny(2)
    lessons = [Lesson(QUESTION, TEXT), Lesson("Otto opened it.", TEXT, support=0, evidence=())]
    strange = batch_of(*(replace(lesson, taught=False) for lesson in lessons))
    with torch.no_grad():
        taught = look(teacher, strange).read
    weights = replace(NOTHING, taught=1.0)
    with torch.no_grad():
        assert float(loss_of(pupil, strange, weights, taught)[1]["taught"]) == 0
        assert float(loss_of(pupil, batch_of(*lessons), weights, taught)[1]["taught"]) > 0


# -- teaching


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teaching, "CHECKPOINT_STEPS", 5)


def loss(network: ReaderNetwork, data: Encoded) -> float:
    with torch.no_grad():
        return float(loss_of(network, collate(data, range(len(data))), Weights())[0])


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("apart", [0, 2])
def test_teaching_learns_and_goes_on_where_it_was_stopped(
    tiny: Make, learned: Encoded, tmp_path: Path, apart: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = Course(15, learning_rate=2e-3, batch=8)
    whole, said = tiny(apart), list[str]()
    before = loss(whole, learned)
    seen = teach(whole, learned, course, seed=2, checkpoint=tmp_path / "whole", say=said.append)
    assert loss(whole, learned) < before - 0.5
    assert seen >= 15 * 8 - len(learned) % 8 and not whole.training
    assert [line.split()[0] for line in said] == ["5/15", "10/15", "15/15"] and "span" in said[0]

    class Stop(Exception):
        pass

    saved = teaching._save

    def stop(*arguments: Any) -> None:
        saved(*arguments)
        raise Stop

    monkeypatch.setattr(teaching, "_save", stop)
    for _ in range(2):
        with pytest.raises(Stop):
            teach(tiny(apart), learned, course, seed=2, checkpoint=tmp_path / "part", say=said.append)
    monkeypatch.setattr(teaching, "_save", saved)
    again = tiny(apart)
    assert teach(again, learned, course, seed=2, checkpoint=tmp_path / "part", say=said.append) == seen
    mine, theirs = again.state_dict(), whole.state_dict()
    assert all(torch.allclose(mine[name], theirs[name], atol=1e-6) for name in theirs)
    assert [line.split()[0] for line in said[3:]] == ["5/15", "10/15", "15/15"]
    assert teach(again, learned, course, seed=2, checkpoint=tmp_path / "part", say=said.append) == seen
    assert sorted(path.name for path in tmp_path.iterdir()) == ["part", "whole"]


def test_another_seed_teaches_other_weights(tiny: Make, learned: Encoded) -> None:
    networks = [tiny(0) for _ in range(3)]
    for network, seed in zip(networks, (1, 1, 2), strict=True):
        teach(network, learned, Course(3, batch=8), seed=seed, say=lambda line: None)
    one, same, other = (network.span.weight for network in networks)
    assert torch.equal(one, same) and not torch.allclose(one, other, atol=1e-5)


def test_embeddings_are_not_trained_and_heads_learn_faster(tiny: Make, learned: Encoded) -> None:
    before, after = tiny(2).state_dict(), tiny(2)
    teach(after, learned, Course(1, learning_rate=1e-3, heads=4.0, batch=8), seed=1, say=lambda line: None)
    moved = {name: float((value - before[name]).abs().max()) for name, value in after.state_dict().items()}
    assert {name for name, size in moved.items() if size == 0} >= {"words.weight", "places.weight", "distances.weight"}
    trunk, heads = (moved[name] for name in ("layers.1.inner.weight", "judge.weight"))
    assert heads == pytest.approx(4e-3, rel=0.05) and trunk == pytest.approx(1e-3, rel=0.05)


def test_a_course_with_a_teacher_follows_it(tiny: Make, learned: Encoded) -> None:
    teacher, pupil, alone = tiny(0), tiny(2), tiny(2)
    with torch.no_grad():
        teacher.judge.bias.fill_(-6.0)
    course = Course(12, learning_rate=3e-3, batch=8, weights=replace(NOTHING, taught=1.0))
    kept = {name: value.clone() for name, value in teacher.state_dict().items()}
    teach(pupil, learned, course, seed=1, teacher=teacher, say=lambda line: None)
    teach(alone, learned, course, seed=1, say=lambda line: None)
    batch = collate(learned, range(16))
    mine, others = (look(network, batch).read.relevance.detach().mean() for network in (pupil, alone))
    assert mine < others - 0.3
    assert all(torch.equal(value, kept[name]) for name, value in teacher.state_dict().items())


def test_codes_begin_with_what_tells_most_of_the_states(tiny: Make, learned: Encoded) -> None:
    network = tiny(2)
    batch = collate(learned, range(len(learned)))
    states = network.lower(batch.p, batch.p_mask, 1)[batch.p_mask.bool()].detach()

    def lost(kept: int) -> float:
        codes = network.codes(states).detach()
        codes[:, kept:] = 0
        back = (network.up(codes) + network.middle).detach()
        return float(((back - states) ** 2).sum() / ((states - states.mean(0)) ** 2).sum())

    assert lost(32) > 0.1
    keep_most(network, learned, torch.device("cpu"), seed=1, batch=16)
    assert lost(32) < 1e-4 < lost(16) < 0.5
    spread = network.codes(states).detach().std(0)
    assert (
        bool((spread[:-1] >= spread[1:] - 1e-3).all())
        and float(network.codes(states).detach().mean(0).abs().max()) < 1e-3
    )


def test_a_sentence_is_the_mean_of_all_its_tokens() -> None:
    tokens = torch.tensor([[[1.0], [2.0], [6.0]], [[4.0], [8.0], [0.0]]])
    sentences = torch.tensor([[0, 0, 2, 1], [0, 1, 1, 0], [1, 0, 1, -1]])
    assert teaching._means(tokens, sentences).flatten().tolist() == [3.0, 2.0, 6.0]
