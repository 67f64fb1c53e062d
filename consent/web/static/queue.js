// The queue by keys: j and k move through the list, o opens what has the focus, x picks it. The page works without.
const rows = [...document.querySelectorAll("[data-request]")];
const hint = document.querySelector("[data-keys]");
if (hint && rows.length) hint.hidden = false;

const typing = "input:not([type=checkbox]), textarea, select";
let place = -1;

const go = (to) => {
  if (!rows.length) return;
  place = Math.max(0, Math.min(rows.length - 1, to));
  rows[place].querySelector("th a").focus();
};

document.addEventListener("keydown", (press) => {
  if (press.ctrlKey || press.metaKey || press.altKey || press.repeat || press.target.closest(typing)) return;
  const focused = rows.findIndex((row) => row.contains(document.activeElement));
  if (focused >= 0) place = focused;
  if (press.key === "j") go(place + 1);
  else if (press.key === "k") go(place - 1);
  else if (press.key === "o" && place >= 0) rows[place].querySelector("th a").click();
  else if (press.key === "x" && place >= 0) rows[place].querySelector("input")?.click();
});
