// Deep links, and the panel in which something opens where the reader is; the focus goes back afterwards.
const panel = document.getElementById("panel");
const byId = (hash) => document.getElementById(decodeURIComponent(hash.replace(/^#/, "")));
const openers = []; // of what has no element of its own until it is asked for

// What a link leads to may be folded away.
function arrive() {
  if (takeFromAddress()) return;
  document.querySelectorAll(".arrived").forEach((element) => element.classList.remove("arrived"));
  if (location.hash.length < 2) return;
  const goal = byId(location.hash);
  if (!goal) return void openers.some((open) => open(decodeURIComponent(location.hash.slice(1))));
  reach(goal);
}

function reach(goal) {
  for (let fold = goal.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  if (!goal.matches("a, button, [tabindex]")) goal.tabIndex = -1;
  goal.classList.add("arrived");
  goal.scrollIntoView({ block: goal.matches("section") ? "start" : "center" });
  goal.focus({ preventScroll: true });
}

function go(id) {
  const hash = "#" + id;
  if (decodeURIComponent(location.hash) === hash) arrive();
  else location.hash = hash;
}

function openPanel(about, ...parts) {
  panel.firstElementChild.replaceChildren(...parts);
  panel.setAttribute("aria-label", about);
  if (!panel.open) panel.showModal();
  panel.scrollTop = 0;
}

panel.addEventListener("click", (event) => {
  if (event.target === panel || event.target.closest("#panel > button")) panel.close();
  const link = event.target.closest("a[href^='#']");
  if (!link) return;
  event.preventDefault();
  panel.close();
  go(decodeURIComponent(link.hash.slice(1)));
});
addEventListener("hashchange", arrive);
