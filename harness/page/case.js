// One case, drawn from the data in the page when somebody looks at it: what was put, expected and seen, with the bytes.
const index = JSON.parse(document.getElementById("index").textContent);
const chunks = new Map();

function details(number) {
  const at = Math.floor(number / index.chunk);
  if (!chunks.has(at)) chunks.set(at, JSON.parse(document.getElementById(`chunk-${at}`).textContent));
  return chunks.get(at)[number % index.chunk];
}

function make(tag, names, ...children) {
  const element = document.createElement(tag);
  if (names) element.className = names;
  element.append(...children);
  return element;
}

// Text in which what is hidden stands between two marks, as a picture of it.
function legible(text) {
  const fragment = document.createDocumentFragment();
  text.split(/[\ue000\ue001]/).forEach((piece, at) => {
    if (piece) fragment.append(at % 2 ? make("i", "hidden", piece) : piece);
  });
  return fragment;
}

function wordOf(letter) {
  const [word, symbol, name] = index.words[letter];
  const sign = make("span", "symbol", symbol);
  sign.setAttribute("aria-hidden", "true");
  return make("span", "word " + name, sign, " " + word);
}

function told(list, title, content) {
  list.append(make("div", "", make("dt", "", title), make("dd", "", content)));
}

function block(name, label, content) {
  const pre = make("pre", name, content);
  pre.tabIndex = 0;
  pre.setAttribute("aria-label", label);
  return pre;
}

function bytes(data, label) {
  const fragment = document.createDocumentFragment();
  fragment.append(data.bytes ? block("put", label, legible(data.text)) : make("i", "", "empty"));
  const size = `${data.bytes} byte${data.bytes === 1 ? "" : "s"}`;
  if (data.more) fragment.append(make("small", "rest", `… and ${data.more} more characters, ${size} in all`));
  if (data.hex) {
    const fold = make("details", "hex", make("summary", "", `In hex (${size})`));
    fold.append(block("put", `${label}, in hex`, data.hex));
    fragment.append(fold);
  }
  return fragment;
}

function step(each) {
  const item = make("li", "", make("b", "", legible(each.what)));
  for (const rest of each.rest) item.append(" ", make("small", "", legible(rest)));
  if (each.data) item.append(bytes(each.data, "What was put"));
  return item;
}

function put(it) {
  const fragment = document.createDocumentFragment();
  for (const each of it.setting) fragment.append(make("p", "setting", legible(each)));
  fragment.append(make("ol", "steps", ...it.put.map(step)));
  return fragment;
}

function arrived(each) {
  const item = make("li", "");
  for (const rest of each.rest) item.append(make("small", "", legible(rest)), " ");
  item.append(bytes(each.data, "What arrived"));
  return item;
}

function foreseen(it) {
  const line = make("span", "", legible(it.reason));
  if (/^https?:/.test(it.link || "")) {
    const link = make("a", "", it.link);
    link.href = it.link;
    line.append(" (", link, ")");
  }
  return line;
}

function again(implementation, number) {
  const command = implementation.again && `${implementation.again} --only ${index.cases[number][0]}`;
  return command && block("again", "The command that shows it again", command);
}

// What one or several implementations came to; `which` are those that came to this.
function outcome(it, number, which) {
  const list = make("dl", "said");
  if (it.expected) told(list, "Expected", legible(it.expected));
  if (it.seen) told(list, "Seen", legible(it.seen));
  if (it.foreseen) told(list, "Foreseen", foreseen(it.foreseen));
  if (it.arrived) told(list, "Arrived", it.arrived.length ? make("ol", "steps", ...it.arrived.map(arrived)) : "nothing");
  if (it.concluded) {
    const all = make("details", "", make("summary", "", `All that it said: ${it.concluded.length}`));
    all.append(make("ul", "facts-said", ...it.concluded.map((each) => make("li", "", legible(each)))));
    told(list, "Concluded", all);
  }
  const command = again(index.implementations[which[0]], number);
  if (command) told(list, "Again", command);
  return list;
}

function outcomes(it, number, which) {
  const fragment = document.createDocumentFragment();
  it.outcomes.forEach((each, at) => {
    const these = which.filter((one) => it.of[one] === at);
    if (!these.length) return;
    const head = make("p", "by", wordOf(index.implementations[these[0]].words[number]), " in ");
    these.forEach((one, place) => {
      const { name, anchor } = index.implementations[one];
      const link = make("a", "", legible(name));
      link.href = `#${anchor}/${index.cases[number][0]}`;
      head.append(place ? ", " : "", link);
    });
    fragment.append(head, outcome(each, number, these));
  });
  return fragment;
}

// All of a case that concerns these implementations.
function drawCase(number, which) {
  const it = details(number);
  const fragment = document.createDocumentFragment();
  const asked = make("p", "asked", `${index.cases[number][1]}: `);
  index.cases[number][2].forEach((place, at) => {
    const link = make("a", "", make("code", "", index.requirements[place]));
    link.href = `#req-${index.requirements[place]}`;
    asked.append(at ? ", " : "", link);
  });
  const list = make("dl", "said");
  told(list, "Put", put(it));
  fragment.append(make("p", "note", legible(it.note)), asked, list, outcomes(it, number, which));
  return fragment;
}
