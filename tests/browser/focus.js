// Whether focus is seen, in sight, and goes as the eye does. A key was pressed before, so focus shows itself.
() => {
  const wrong = [];
  const named = (one) => `<${one.tagName.toLowerCase()}> "${(one.innerText || one.name || one.id || "").trim().slice(0, 40)}"`;
  const all = [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden]), select, textarea")];
  const reachable = all.filter((one) => !one.disabled && one.tabIndex >= 0 && one.getClientRects().length);
  let last = null;
  for (const one of reachable) {
    one.focus();
    if (document.activeElement !== one) { wrong.push(`${named(one)} cannot have the focus`); continue; }
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) wrong.push(`one does not see that ${named(one)} has the focus`);
    if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) wrong.push(`${named(one)} has the focus out of sight`);
    // On a narrow screen there is one column: what comes later never stands above.
    if (last && innerWidth < 400 && box.bottom + scrollY <= last) wrong.push(`${named(one)} stands above what comes before it`);
    if (!one.matches(".skip")) last = box.top + scrollY;
  }
  if (!reachable.length) wrong.push("nothing is reached by Tab");
  return wrong;
}
