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
const cell = (row, text) => { row.insertCell().textContent = text; };
const draw = (box) => {
  const data = box.querySelector("script");
  const sample = box.closest("article").querySelector(".offenders thead");
  const labels = JSON.parse(document.getElementById("words").textContent);
  for (const [verdict, objects, offenders, total] of JSON.parse(data.textContent)) {
    const found = document.createElement("div");
    found.className = "found";
    const line = found.appendChild(document.createElement("p"));
    const badge = line.appendChild(document.createElement("span"));
    badge.className = "badge c-" + verdict;
    badge.textContent = labels[verdict];
    line.append(" " + objects.join(", "));
    if (offenders.length) {
      const table = found.appendChild(document.createElement("table"));
      table.className = "offenders";
      if (sample) table.append(sample.cloneNode(true));
      const body = table.createTBody();
      for (const parts of offenders) { const row = body.insertRow(); for (const part of parts) cell(row, part); }
      if (total > offenders.length) found.append("+ " + (total - offenders.length));
    }
    box.append(found);
  }
  data.remove();
};
for (const box of document.querySelectorAll("details.rest")) box.addEventListener("toggle", () => draw(box), { once: true });
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
