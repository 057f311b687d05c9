// The matrix is one stop of the tab key; inside of it the arrow keys go.
function keepOneStop(table) {
  const stop = table.querySelector('a[tabindex="0"]');
  if (stop?.closest("tr:not([hidden])") && !stop.closest("[hidden]")) return;
  const first = table.querySelector("tbody:not([hidden]) tr:not([hidden], .group) :is(th, td):not([hidden]) a");
  if (!first) return;
  if (stop) stop.tabIndex = -1;
  first.tabIndex = 0;
}

function enter(table, link) {
  table.querySelectorAll('a[tabindex="0"]').forEach((other) => { other.tabIndex = -1; });
  link.tabIndex = 0;
  link.focus();
}

// The columns' heads are a row like the others, save on a phone, where they are not to be seen.
function visibleRows(table) {
  const head = table.tHead;
  const shown = [...table.querySelectorAll("tbody:not([hidden]) tr[data-verdicts]:not([hidden])")];
  return head.offsetWidth > 1 ? [head.lastElementChild, ...shown] : shown;
}

function walk(table, event) {
  const cell = event.target.closest("th, td");
  if (!cell || event.altKey || event.metaKey) return;
  const visible = visibleRows(table);
  const row = visible.indexOf(cell.parentElement);
  const column = cell.cellIndex;
  const last = cell.parentElement.cells.length - 1;
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  let [toRow, toColumn] = step ? [row + step[0], column + step[1]] : [row, column];
  if (event.key === "Home") [toRow, toColumn] = [event.ctrlKey ? 0 : row, 0];
  else if (event.key === "End") [toRow, toColumn] = [event.ctrlKey ? visible.length - 1 : row, last];
  else if (!step) return;
  event.preventDefault();
  // What was not judged has no link, and what is hidden is not gone to: on in the same direction.
  const [down, right] = step || [0, event.key === "Home" ? 1 : -1];
  while (visible[toRow] && toColumn >= 0 && toColumn <= last) {
    const goal = visible[toRow].cells[toColumn];
    const link = !goal.hidden && goal.querySelector("a");
    if (link) return enter(table, link);
    toRow += down;
    toColumn += right;
  }
}

// The verdict of a cell, without what stands beside it.
function wordIn(link) {
  const word = document.createElement("span");
  word.className = link.className;
  word.append(...[...link.childNodes].filter((node) => node.nodeName !== "SMALL").map((node) => node.cloneNode(true)));
  return word;
}

// `show` opens what a cell is about, and says whether it could.
function useMatrices(show) {
  for (const table of document.querySelectorAll(".matrix")) {
    for (const link of table.querySelectorAll("a")) link.tabIndex = -1;
    keepOneStop(table);
    table.addEventListener("keydown", (event) => walk(table, event));
    table.addEventListener("click", (event) => {
      const link = event.target.closest("td a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      enter(table, link);
      if (show(link)) event.preventDefault();
    });
  }
}
