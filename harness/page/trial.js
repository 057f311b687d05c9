// The page of implementations: a cell opens its cases, the filter sifts them, and a link to a case opens it.
document.querySelectorAll(".scripted").forEach((part) => { part.hidden = false; });

const places = new Map(index.requirements.map((id, at) => [id, at]));
const numbersOf = new Map(index.cases.map(([id], number) => [id, number]));
const implementationOf = new Map(index.implementations.map(({ anchor }, at) => [anchor, at]));

function permanent(hash) {
  const link = make("a", "permanent", "Link to this");
  link.href = "#" + hash;
  return link;
}

// Cell: one implementation and one requirement.
function showCell(at, requirement) {
  const place = places.get(requirement);
  const { name, anchor, words } = index.implementations[at];
  const row = byId("#req-" + requirement);
  const table = row.closest("table");
  const column = [...table.tHead.lastElementChild.cells].findIndex((head) => head.dataset.column === anchor);
  const link = row.cells[column]?.querySelector("a");
  const where = make("p", "", ...(link ? [wordIn(link), " "] : []), "in ", legible(name));
  if (link?.querySelector("small")) where.append(`: ${link.querySelector("small").textContent} as described`);
  const cells = [".text", ".source"].map((part) => make("p", part.slice(1), row.querySelector(part).textContent));
  const list = make("div", "case-list");
  const numbers = index.cases.flatMap(([, , asks], number) => (asks.includes(place) && words[number] !== NONE ? [number] : []));
  // What is not met comes first.
  const passes = (number) => ["pass", "observed", "skip"].includes(index.words[words[number]][0]);
  numbers.sort((a, b) => passes(a) - passes(b));
  listCases(list, numbers, [at]);
  openPanel(`Cases of ${requirement} in ${name}`, make("h2", "", requirement), where, ...cells, list, permanent(`${anchor}/${requirement}`));
  return true;
}

function showCase(at, number) {
  const { name, anchor, words } = index.implementations[at];
  const id = index.cases[number][0];
  const word = words[number] === NONE ? "not put" : wordOf(words[number]);
  const parts = [make("h2", "", id), make("p", "", word, " in ", legible(name)), drawCase(number, [at]), permanent(`${anchor}/${id}`)];
  openPanel(`Case ${id} in ${name}`, ...parts);
  return true;
}

openers.push((hash) => {
  const [, name, rest] = /^([^/]+)\/(.+)$/.exec(hash) || [];
  const at = implementationOf.get(name);
  if (at === undefined) return false;
  if (places.has(rest)) return showCell(at, rest);
  return numbersOf.has(rest) && showCase(at, numbersOf.get(rest));
});

useMatrices((link) => {
  const cell = link.closest("td");
  const head = cell.closest("table").tHead.lastElementChild.cells[cell.cellIndex];
  return showCell(implementationOf.get(head.dataset.column), decodeURIComponent(cell.parentElement.id.slice("req-".length)));
});

const caseList = document.querySelector("#cases .case-list");
sifters.push((wanted) => {
  const [numbers, which] = fitting(wanted);
  listCases(caseList, numbers, which);
  return numbers.length === index.cases.length ? "" : `${numbers.length} of ${index.cases.length} cases`;
});
listCases(caseList, index.cases.map((_, number) => number), everyone);

// From an implementation to its cases.
document.getElementById("implementations").addEventListener("click", (event) => {
  const link = event.target.closest("a[data-column]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  filter.elements.column.value = link.dataset.column;
  sift();
  go(addressOfFilter().slice(1));
  reach(document.getElementById("cases"));
});
arrive();
