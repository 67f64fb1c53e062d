// What a reader's eye and hand would find on this page, as a list of sentences. Evaluated by tests/browser/checks.py.
(language) => {
  const wrong = [];
  const seen = (one) => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== "hidden";
  const named = (one) => `<${one.tagName.toLowerCase()}> "${(one.innerText || one.name || one.id || "").trim().slice(0, 40)}"`;
  if (document.querySelectorAll("h1").length !== 1) wrong.push("there is not exactly one h1");
  if (document.documentElement.lang !== language) wrong.push(`the page says it is in "${document.documentElement.lang}"`);
  if (!document.title.trim()) wrong.push("the page has no title");
  let level = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    if (Number(heading.tagName[1]) > level + 1) wrong.push(`a heading skips a level: ${named(heading)}`);
    level = Number(heading.tagName[1]);
  }
  const side = document.documentElement;
  if (side.scrollWidth > side.clientWidth) {
    const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > side.clientWidth + 1);
    wrong.push(`the page scrolls sideways: ${wide.slice(0, 3).map(named)}`);
  }
  for (const one of document.querySelectorAll("[tabindex]")) if (one.tabIndex > 0) wrong.push(`${named(one)} jumps the order of tabs`);
  for (const one of document.querySelectorAll("[style]")) wrong.push(`${named(one)} has a style of its own`);
  for (const one of document.querySelectorAll("input, select, textarea")) {
    if (one.type !== "hidden" && !one.labels.length && !one.getAttribute("aria-label") && !one.getAttribute("aria-labelledby")) wrong.push(`${named(one)} has no label`);
    for (const id of (one.getAttribute("aria-describedby") || "").split(" ").filter(Boolean)) if (!document.getElementById(id)) wrong.push(`${named(one)} is described by "${id}", which is not there`);
    if (/^(checkbox|radio)$/.test(one.type) && one.checked && one.hasAttribute("data-never-ticked")) wrong.push(`${named(one)} is ticked beforehand`);
  }
  for (const one of document.querySelectorAll('a[href^="#"]')) if (one.hash && !document.getElementById(decodeURIComponent(one.hash.slice(1)))) wrong.push(`${named(one)} leads nowhere`);
  for (const one of document.querySelectorAll('.summary a[href^="#"]')) {
    const field = document.getElementById(decodeURIComponent(one.hash.slice(1)));
    const said = one.querySelector(".of")?.innerText.replace(/[\s:]+$/, "");
    const labels = [...(field?.labels ?? []), field?.closest("fieldset")?.querySelector("legend")].filter(Boolean);
    if (!said || !labels.some((label) => label.innerText.includes(said))) wrong.push(`the summary does not say which field it means: ${named(one)}`);
  }
  const least = (one) => {
    if (one.matches("button, .button, input, select, textarea")) return one.matches("[type=checkbox], [type=radio]") ? 24 : 44;
    // A link in a line of text is as high as its line (WCAG 2.2, 2.5.8: inline).
    return getComputedStyle(one).display === "inline" ? 0 : 24;
  };
  for (const one of document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select, textarea")) {
    if (!seen(one) || one.matches(".skip")) continue;
    const around = one.matches("[type=checkbox], [type=radio]") && one.labels.length ? [one, ...one.labels] : [one];
    const boxes = around.map((part) => part.getBoundingClientRect());
    const high = Math.max(...boxes.map((box) => box.bottom)) - Math.min(...boxes.map((box) => box.top));
    const wide = Math.max(...boxes.map((box) => box.right)) - Math.min(...boxes.map((box) => box.left));
    if (high < least(one) - 0.5 || (wide < least(one) - 0.5)) wrong.push(`${named(one)} is ${Math.round(wide)} by ${Math.round(high)} pixels`);
  }
  return wrong;
}
