// What the page of boots can do beyond showing. Without this script everything is still there, and every link leads to it.

// A verdict opens where the reader is, with what the requirement says.
function showVerdict(link) {
  const verdict = byId(link.hash);
  if (!verdict) return false;
  const requirement = link.closest("tr").querySelector("th.requirement");
  const title = document.createElement("h2");
  title.textContent = requirement.querySelector(".id").textContent;
  const where = document.createElement("p");
  where.append(wordIn(link), " in " + link.dataset.where);
  const texts = [".text", ".source"].map((part) => requirement.querySelector(part).cloneNode(true));
  texts.forEach((text) => { text.style.display = "block"; });
  const permanent = document.createElement("a");
  permanent.href = link.hash;
  permanent.textContent = "Among the verdicts of this boot";
  openPanel("Verdict on " + title.textContent, title, where, ...texts, verdict.querySelector(".said").cloneNode(true), permanent, " ");
  return true;
}
useMatrices(showVerdict);

// With a pointer, a bar or mark of a timeline leads to its line in the list of events.
document.getElementById("boots").addEventListener("click", (event) => {
  const mark = event.target.closest("[data-line]");
  if (mark) go(`${mark.closest(".boot").id}/L${mark.dataset.line}`);
});
arrive();
