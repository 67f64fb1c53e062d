"""A shape: what a value may look like, said in words for the page of kinds, and checked with what is wrong in words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Problem = Callable[[object], str | None]


@dataclass(frozen=True, slots=True)
class Shape:
    """Called with a value it answers with what is wrong, or with nothing; `choices` are the values it takes by name."""

    said: str
    problem: Problem
    choices: tuple[str, ...] = ()

    def __call__(self, value: object) -> str | None:
        return self.problem(value)


def said(words: str) -> Callable[[Problem], Shape]:
    """Makes a shape of a function that tells what is wrong; `words` say what is right."""
    return lambda problem: Shape(words, problem)


def named(words: Iterable[str]) -> str:
    """Values as they are typed: `a`, `b` or `c`."""
    typed = [f"`{one}`" for one in words]
    return typed[0] if len(typed) == 1 else f"{', '.join(typed[:-1])} or {typed[-1]}"
