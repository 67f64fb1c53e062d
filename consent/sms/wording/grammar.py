"""Rules as short patterns over kinds of words, compiled to plain regular expressions that read in linear time.

A pattern is a row of items with blanks between them:
`CEASE` a word of that kind · `by` that very word · `CEASE|by` either · `ME?` maybe · `DET{0,3}` up to three ·
`~2` up to two words of any kind · `!ME` not followed by · `<!DET` not preceded by ·
`^` `$` begin and end of a clause, `CEASE|$` a word or the end.
A pattern never looks beyond the end of a sentence; a comma ends a clause, and only `,` reads over it.
No item repeats without a bound and none repeats inside another, so a text of n words takes n steps.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

COMMA, END, UNKNOWN, NAME = ",", ".", "?", "@"
_ITEM = re.compile(r"(<?!)?([A-Za-z0-9|]+)(\?|\{\d,\d\})?")
_NEEDS = 3  # so many of a pattern's kinds are looked for before it is tried
_FIRST = 0x100  # the signs of known words begin here, above every letter used for itself


@dataclass(frozen=True)
class Rule:
    """What matches any of the patterns means this. `why` is a sentence for the clerk who reads the answer."""

    why: str
    patterns: tuple[str, ...]
    wrong_number: bool = False


@dataclass(frozen=True)
class Language:
    """One language's part: its words by kind, and its rules by what they lead to.

    `plain` stops whatever the guards say; `guards` are words that mean something else; `limits` ask for less than a
    stop; `stops`, `doubts`, `helps`, `starts` are read in what the guards have left.
    """

    code: str
    words: Mapping[str, str]
    plain: tuple[Rule, ...]
    guards: tuple[Rule, ...]
    limits: tuple[Rule, ...]
    stops: tuple[Rule, ...]
    doubts: tuple[Rule, ...]
    helps: tuple[Rule, ...]
    starts: tuple[Rule, ...]


@dataclass(frozen=True)
class Pattern:
    """A compiled rule; of each of `needs`, the rarest kinds first, a sign must occur before it is worth trying."""

    rule: Rule
    source: str
    needs: tuple[frozenset[str], ...]

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Made when a text first has what it needs: there are 1,500, and most processes read few texts or none."""
        return re.compile(self.source)


class Vocabulary:
    """Each known word has a sign; words of the same kinds share one."""

    def __init__(self, languages: Sequence[Language], rules: Iterable[Rule]) -> None:
        kinds: dict[str, set[str]] = {}
        spoken: dict[str, set[str]] = {}
        for language in languages:
            for kind, words in language.words.items():
                for word in words.split():
                    kinds.setdefault(word, set()).add(kind)
                    spoken.setdefault(word, set()).add(language.code)
        for word in _literals(rules):
            kinds.setdefault(word, set()).add(word)
        alike: dict[frozenset[str], str] = {}
        self.signs: dict[str, str] = {}
        self.members: dict[str, set[str]] = {"NAME": {NAME}}
        for word, mine in kinds.items():
            sign = alike.setdefault(frozenset(mine), chr(_FIRST + len(alike)))
            self.signs[word] = sign
            for kind in mine:
                self.members.setdefault(kind, set()).add(sign)
        self.language_of = {word: next(iter(codes)) for word, codes in spoken.items() if len(codes) == 1}

    def compiled(self, rule: Rule) -> list[Pattern]:
        """One compiled pattern for each of the rule's."""
        return [Pattern(rule, *self._pattern(pattern)) for pattern in rule.patterns]

    def _pattern(self, pattern: str) -> tuple[str, tuple[frozenset[str], ...]]:
        made: list[str] = []
        needs: set[frozenset[str]] = set()
        for item in pattern.split():
            if item in _MARKS:
                made.append(_MARKS[item])
                continue
            if item.startswith("~"):
                made.append(f"[^{COMMA}{END}]{{0,{int(item[1:])}}}")
                continue
            ends = item.endswith("|$")
            found = _ITEM.fullmatch(item.removesuffix("|$"))
            if found is None:
                raise ValueError(f"{item!r} is no item of a pattern")
            before, names, repeat = found.groups()
            signs = {sign for name in names.split("|") for sign in self._signs(name)}
            group = f"[{re.escape(''.join(sorted(signs)))}]"
            if before:
                made.append(f"(?<!{group})" if before == "<!" else f"(?!{group})")
                continue
            made.append(f"(?:{group}|{_MARKS['$']})" if ends else group + (repeat or ""))
            if repeat is None and not ends:
                needs.add(frozenset(signs))
        rarest = sorted(needs, key=lambda signs: (len(signs), min(signs)))
        return "".join(made), tuple(rarest[:_NEEDS])

    def _signs(self, name: str) -> set[str]:
        if name not in self.members:
            raise ValueError(f"no word is of the kind {name!r}")
        return self.members[name]


_MARKS = {"^": f"(?<![^{COMMA}{END}])", "$": f"(?![^{COMMA}{END}])", ",": f"{COMMA}?"}


def _literals(rules: Iterable[Rule]) -> Iterator[str]:
    """The words that patterns name themselves: what is written in small letters."""
    for rule in rules:
        for pattern in rule.patterns:
            for item in pattern.split():
                found = None if item in _MARKS or item.startswith("~") else _ITEM.fullmatch(item.removesuffix("|$"))
                for name in found.group(2).split("|") if found else ():
                    if name.islower() or name.isdigit():
                        yield name


class Patterns:
    """Rules in their order, found by the signs they need: a row without these is not searched for them."""

    def __init__(self, parts: Mapping[str, Iterable[Pattern]]) -> None:
        self.all: list[Pattern] = []
        self.parts: dict[str, int] = {}
        self.bits: list[dict[str, int]] = [{} for _ in range(_NEEDS)]
        for part, patterns in parts.items():
            first = len(self.all)
            self.all += patterns
            self.parts[part] = (1 << len(self.all)) - (1 << first)
        for place, one in enumerate(self.all):
            for nth, needed in enumerate(one.needs):
                for sign in needed:
                    self.bits[nth][sign] = self.bits[nth].get(sign, 0) | 1 << place
        self.always = [
            sum(1 << place for place, one in enumerate(self.all) if len(one.needs) <= nth) for nth in range(_NEEDS)
        ]

    def known(self, signs: Collection[str]) -> int:
        """The patterns that have what they need among these signs, a bit each."""
        every = -1
        for bits, found in zip(self.bits, self.always, strict=True):
            for sign in signs:
                if sign in bits:
                    found |= bits[sign]
            every &= found
        return every

    def worth_trying(self, part: str, known: int) -> Iterator[Pattern]:
        """Those of one part, in their order."""
        found = known & self.parts[part]
        while found:
            lowest = found & -found
            yield self.all[lowest.bit_length() - 1]
            found ^= lowest
