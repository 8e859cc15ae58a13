"use strict";
for (const form of document.querySelectorAll("form.filter")) {
  const rows = [...document.querySelectorAll("." + form.dataset.for)];
  const words = rows.map((row) => row.textContent.toLowerCase());
  const apply = () => {
    const asked = new FormData(form);
    const text = asked.get("text").trim().toLowerCase();
    let shown = 0;
    rows.forEach((row, index) => {
      const fits = [...asked].every(([name, value]) => name === "text" || !value || row.dataset[name] === value);
      row.hidden = !(fits && words[index].includes(text));
      shown += row.hidden ? 0 : 1;
    });
    form.querySelector("output").textContent = shown + " / " + rows.length;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
}
const openAround = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
  if (target) target.scrollIntoView();
};
addEventListener("hashchange", openAround);
openAround();
addEventListener("beforeprint", () => {
  for (const node of document.querySelectorAll("details:not(.screen-only)")) node.open = true;
});
