// For the test: every visible text whose contrast with its ground is below what WCAG AA asks for (4.5, or 3 where large).
(() => {
  const rgb = (colour) => (colour.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = ([r, g, b]) =>
    [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
      .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = rgb(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const drawn = (text) => {
    const bar = text.closest("svg").querySelector(".bar rect, .phase rect, .life rect");
    const behind = text.closest(".phase, .life")?.querySelector("rect") || (text.closest(".lane.target") && bar);
    return behind ? [rgb(getComputedStyle(behind).fill), ground(text)] : [ground(text)];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const bad = new Set();
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || element.closest("script, style, title, dialog:not([open])") || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const enough = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    const svg = element.closest("svg");
    for (const behind of svg ? drawn(element) : [ground(element)]) {
      const found = ratio(rgb(svg ? style.fill : style.color), behind);
      if (found < enough) bad.add(`${found.toFixed(2)} ${element.closest("[class]")?.getAttribute("class")} ${texts.currentNode.data.trim().slice(0, 40)}`);
    }
  }
  return [...bad];
})()
