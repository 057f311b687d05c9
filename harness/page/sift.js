// The filter of a page: it hides the rows of all matrices that do not fit. What else there is to be sifted adds itself
// to `sifters`, and says in words what is left of it.
"use strict";

const filter = document.querySelector(".filter");
const sifters = [];
const rows = [...document.querySelectorAll(".matrix tr[data-verdicts]")].map((row) => ({
  row,
  text: row.cells[0].textContent.toLowerCase(),
  verdicts: row.dataset.verdicts.split(" "),
  level: row.dataset.level,
  role: row.dataset.role,
}));

function chosen() {
  const of = (name) => filter.elements[name]?.value ?? "";
  return {
    words: of("text").toLowerCase().split(/\s+/).filter(Boolean),
    verdict: of("verdict"), level: of("level"), role: of("role"), column: of("column"),
  };
}

// The place of a column in each table, or -1; 0 where none is chosen.
let columns = new Map();
let shownColumn = "";
function chooseColumn(name) {
  if (name === shownColumn) return;
  shownColumn = name;
  columns = new Map();
  for (const table of document.querySelectorAll(".matrix")) {
    const heads = [...table.tHead.lastElementChild.cells];
    const place = name ? heads.findIndex((head) => head.dataset.column === name) : 0;
    columns.set(table, place);
    table.classList.toggle("one-column", Boolean(name));
    for (const row of [table.tHead.lastElementChild, ...table.querySelectorAll("tr[data-verdicts]")])
      for (let at = 1; at < row.cells.length; at++) row.cells[at].hidden = place !== 0 && at !== place;
  }
}

function fits({ row, text, verdicts, level, role }, wanted) {
  if ((wanted.level && level !== wanted.level) || (wanted.role && role !== wanted.role)) return false;
  if (!wanted.words.every((word) => text.includes(word) || verdicts.includes(word))) return false;
  if (!wanted.column) return !wanted.verdict || verdicts.includes(wanted.verdict);
  const place = columns.get(row.closest("table"));
  if (place < 0 || row.cells[place].className === "unjudged") return false;
  return !wanted.verdict || row.cells[place].classList.contains(wanted.verdict);
}

function sift() {
  const wanted = chosen();
  chooseColumn(wanted.column);
  let shown = 0;
  for (const each of rows) {
    const fit = fits(each, wanted);
    if (each.row.hidden === fit) each.row.hidden = !fit;
    shown += fit;
  }
  for (const body of document.querySelectorAll(".matrix tbody")) body.hidden = !body.querySelector("tr[data-verdicts]:not([hidden])");
  for (const table of document.querySelectorAll(".matrix")) keepOneStop(table);
  for (const box of document.querySelectorAll(".matrix-box")) box.hidden = !box.querySelector("tbody:not([hidden])");
  const told = [shown === rows.length ? "" : `${shown} of ${rows.length} requirements`];
  for (const other of sifters) told.push(other(wanted));
  filter.querySelector("output").textContent = told.filter(Boolean).join(", ");
}

// What is chosen stands in the address, so that it can be linked to, and outlives a reload.
const IN_ADDRESS = "#filter?";
function addressOfFilter() {
  const given = new URLSearchParams([...new FormData(filter)].filter(([, value]) => value)).toString();
  return given && IN_ADDRESS + given;
}

function keepInAddress() {
  const hash = addressOfFilter();
  if (hash || location.hash.startsWith(IN_ADDRESS)) history.replaceState(null, "", hash || location.href.split("#")[0]);
}

// Whether the address has a filter; one that names what is not there to be chosen leaves that open.
function takeFromAddress() {
  if (!filter || !location.hash.startsWith(IN_ADDRESS)) return false;
  const given = new URLSearchParams(location.hash.slice(IN_ADDRESS.length));
  for (const field of filter.elements) {
    if (!field.name) continue;
    field.value = given.get(field.name) ?? "";
    if (field.selectedIndex === -1) field.selectedIndex = 0;
  }
  sift();
  return true;
}

if (filter) {
  filter.hidden = false;
  document.querySelectorAll(".key-hint").forEach((hint) => { hint.hidden = false; });
  filter.addEventListener("input", () => {
    sift();
    keepInAddress();
  });
  filter.addEventListener("submit", (event) => event.preventDefault());
  const box = filter.elements.text;
  addEventListener("keydown", (event) => {
    const busy = event.target.closest?.("input, select, textarea, dialog");
    if (event.key === "/" && !busy && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      box.focus();
      box.select();
    } else if (event.key === "Escape" && event.target.form === filter) {
      event.preventDefault();
      filter.reset();
      sift();
      keepInAddress();
    }
  });
}
