// What the page can do beyond showing: filter, arrow keys in the matrix, a verdict in place, deep links that unfold.
// Without this script everything is still there, and every link leads to it.
"use strict";

const panel = document.getElementById("panel");
const byId = (hash) => document.getElementById(decodeURIComponent(hash.replace(/^#/, "")));

// Deep links: what they lead to may be folded away.
function arrive() {
  document.querySelectorAll(".arrived").forEach((element) => element.classList.remove("arrived"));
  const goal = location.hash.length > 1 && byId(location.hash);
  if (!goal) return;
  for (let fold = goal.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  if (!goal.matches("a, button, [tabindex]")) goal.tabIndex = -1;
  goal.classList.add("arrived");
  goal.scrollIntoView({ block: goal.matches("section") ? "start" : "center" });
  goal.focus({ preventScroll: true });
}

function go(id) {
  const hash = "#" + id;
  if (location.hash === hash) arrive();
  else location.hash = hash;
}

// A verdict opens where the reader is, with what the requirement says; the focus goes back afterwards.
function show(link) {
  const verdict = byId(link.hash);
  if (!verdict) return false;
  const requirement = link.closest("tr").querySelector("th.requirement");
  const title = document.createElement("h2");
  title.textContent = requirement.querySelector(".id").textContent;
  const where = document.createElement("p");
  where.append(link.querySelector(".word").cloneNode(true), " in " + link.querySelector(".where").textContent);
  const texts = [".text", ".source"].map((part) => requirement.querySelector(part).cloneNode(true));
  texts.forEach((text) => { text.style.display = "block"; });
  const permanent = document.createElement("a");
  permanent.href = link.hash;
  permanent.textContent = "Among the verdicts of this boot";
  panel.firstElementChild.replaceChildren(title, where, ...texts, verdict.querySelector(".said").cloneNode(true), permanent, " ");
  panel.setAttribute("aria-label", "Verdict on " + title.textContent);
  panel.showModal();
  return true;
}
panel.addEventListener("click", (event) => {
  if (event.target === panel || event.target.closest("button")) panel.close();
  const link = event.target.closest("a");
  if (!link) return;
  event.preventDefault();
  panel.close();
  go(decodeURIComponent(link.hash.slice(1)));
});

// The matrix is one stop of the tab key; inside of it the arrow keys go.
for (const table of document.querySelectorAll(".matrix")) {
  const head = table.tHead;
  for (const link of table.querySelectorAll("a")) link.tabIndex = -1;
  table.querySelector("tbody a").tabIndex = 0;
  const enter = (link) => {
    if (!link) return;
    table.querySelectorAll('a[tabindex="0"]').forEach((other) => { other.tabIndex = -1; });
    link.tabIndex = 0;
    link.focus();
  };
  // The boots above the columns are a row like the others, save on a phone, where they are not to be seen.
  const rows = () => [
    ...(head.offsetWidth > 1 ? [head.lastElementChild] : []),
    ...[...table.querySelectorAll("tbody tr[data-verdicts]")].filter((row) => row.offsetParent),
  ];
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("th, td");
    if (!cell || event.altKey || event.metaKey) return;
    const visible = rows();
    const row = visible.indexOf(cell.parentElement);
    const column = cell.cellIndex;
    const last = cell.parentElement.cells.length - 1;
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    let [toRow, toColumn] = step ? [row + step[0], column + step[1]] : [row, column];
    if (event.key === "Home") [toRow, toColumn] = [event.ctrlKey ? 0 : row, 0];
    else if (event.key === "End") [toRow, toColumn] = [event.ctrlKey ? visible.length - 1 : row, last];
    else if (!step) return;
    event.preventDefault();
    // A boot that was not judged has no link: go on in the same direction.
    while (visible[toRow] && toColumn >= 0 && toColumn <= last) {
      const link = visible[toRow].cells[toColumn].querySelector("a");
      if (link) return enter(link);
      if (!step) return;
      toRow += step[0];
      toColumn += step[1];
    }
  });
  table.addEventListener("click", (event) => {
    const link = event.target.closest("td a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    enter(link);
    if (show(link)) event.preventDefault();
  });
}
document.querySelectorAll(".key-hint").forEach((hint) => { hint.hidden = false; });

// The filter hides rows; groups without a row go with them.
const filter = document.querySelector(".filter");
const rows = [...document.querySelectorAll(".matrix tr[data-verdicts]")].map((row) => ({
  row,
  text: row.querySelector("th").textContent.toLowerCase(),
  verdicts: row.dataset.verdicts.split(" "),
}));
function sift() {
  const words = filter.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
  const verdict = filter.elements.verdict.value;
  let shown = 0;
  for (const { row, text, verdicts } of rows) {
    row.hidden = !(words.every((word) => text.includes(word) || verdicts.includes(word)) && (!verdict || verdicts.includes(verdict)));
    shown += !row.hidden;
  }
  for (const body of document.querySelectorAll(".matrix tbody")) body.hidden = !body.querySelector("tr[data-verdicts]:not([hidden])");
  for (const table of document.querySelectorAll(".matrix")) {
    const first = table.querySelector("tbody tr:not([hidden]) a");
    if (!first || !table.querySelector('tbody tr[hidden] a[tabindex="0"]')) continue;
    table.querySelector('a[tabindex="0"]').tabIndex = -1;
    first.tabIndex = 0;
  }
  filter.querySelector("output").textContent = shown === rows.length ? "" : `${shown} of ${rows.length} requirements`;
}
filter.hidden = false;
filter.addEventListener("input", sift);
filter.addEventListener("submit", (event) => event.preventDefault());

// With a pointer, a bar or mark of a timeline leads to its line in the list of events.
document.getElementById("boots").addEventListener("click", (event) => {
  const mark = event.target.closest("[data-line]");
  if (mark) go(`${mark.closest(".boot").id}/L${mark.dataset.line}`);
});
addEventListener("hashchange", arrive);
arrive();
