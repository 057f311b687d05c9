// Lists of cases: so many at first, more on request, and each of them drawn when it is opened.
const NONE = ".";
const AT_ONCE = 25;
const everyone = index.implementations.map((_, at) => at);
const texts = index.cases.map(([id, , requirements]) =>
  [id, ...requirements.map((place) => index.requirements[place])].join(" ").toLowerCase());

function wordsOf(number, which) {
  const counts = new Map();
  for (const at of which) {
    const letter = index.implementations[at].words[number];
    if (letter !== NONE) counts.set(letter, (counts.get(letter) || 0) + 1);
  }
  return counts;
}

function caseItem(number, which) {
  const summary = make("summary", "");
  const counts = wordsOf(number, which);
  for (const [letter, count] of counts) {
    if (which.length > 1) summary.append(`${count} `);
    summary.append(wordOf(letter), " ");
  }
  summary.append(make("code", "", legible(index.cases[number][0])));
  const fold = make("details", "case", summary);
  fold.addEventListener("toggle", () => {
    if (fold.open && fold.childElementCount === 1) fold.append(drawCase(number, which));
  });
  return make("li", "", fold);
}

// Fills `place` with a list of these cases.
function listCases(place, numbers, which) {
  const list = make("ul", "cases");
  const more = make("button", "more", "");
  more.type = "button";
  const grow = () => {
    const from = list.childElementCount;
    list.append(...numbers.slice(from, from + AT_ONCE).map((number) => caseItem(number, which)));
    const left = numbers.length - list.childElementCount;
    more.hidden = left <= 0;
    more.textContent = `Show ${Math.min(left, AT_ONCE)} more of ${left}`;
    return from;
  };
  more.addEventListener("click", () => list.children[grow()].querySelector("summary").focus());
  grow();
  place.replaceChildren(list, more);
}

// The letters of a verdict: a failure is one, also where it was foreseen.
function lettersOf(verdict) {
  return Object.keys(index.words).filter((letter) => [verdict, `expected_20_${verdict}`].includes(index.words[letter][2]));
}

// Numbers of the cases that fit what is chosen in the filter, and the implementations that they are looked up in.
function fitting(wanted) {
  const letters = lettersOf(wanted.verdict);
  const which = everyone.filter((at) => {
    const { anchor, role } = index.implementations[at];
    return (!wanted.column || anchor === wanted.column) && (!wanted.role || role === wanted.role);
  });
  const words = which.map((at) => index.implementations[at].words);
  const numbers = [];
  for (let number = 0; number < index.cases.length; number++) {
    if (wanted.level && index.cases[number][1] !== wanted.level) continue;
    if (!wanted.words.every((word) => texts[number].includes(word))) continue;
    const came = (one) => (wanted.verdict ? letters.includes(one[number]) : one[number] !== NONE);
    if (words.some(came)) numbers.push(number);
  }
  return [numbers, which];
}
