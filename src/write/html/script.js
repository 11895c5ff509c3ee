"use strict";
(() => {
  const PAGE = 100;
  const get = (id) => document.getElementById(id);
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d");
  const rows = Array.from(get("submissions").tBodies[0].rows, (row) => {
    const link = row.querySelector("a");
    const detail = link && get(link.getAttribute("href").slice(1));
    return { row, detail, text: null };
  });
  const turn = (element, on) => { if (on) delete element.dataset.off; else element.dataset.off = ""; };
  let page = PAGE;
  const show = () => {
    const query = plain(get("query").value.trim());
    const status = get("status").value;
    let hits = 0;
    for (const entry of rows) {
      let fits = !status || entry.row.dataset.status === status;
      if (fits && query) {
        entry.text ??= plain(entry.row.textContent + " " + (entry.detail ? entry.detail.textContent : ""));
        fits = entry.text.includes(query);
      }
      if (fits) hits += 1;
      turn(entry.row, fits && hits <= page);
      if (entry.detail) turn(entry.detail, fits && hits <= page);
    }
    get("hits").value = String(hits);
    get("more").hidden = hits <= page;
  };
  const levels = () => {
    for (const box of document.querySelectorAll("#filter input[type=checkbox]")) {
      for (const row of document.querySelectorAll(`tr[data-level="${box.value}"]`)) turn(row, box.checked);
    }
  };
  let timer = 0;
  const again = () => { page = PAGE; clearTimeout(timer); timer = setTimeout(show, 120); };
  const open = () => {
    const target = location.hash.startsWith("#s") && get(location.hash.slice(1));
    if (target instanceof HTMLDetailsElement) { turn(target, true); target.open = true; target.scrollIntoView(); }
  };
  // What can be scrolled only sideways has to be reached by the keyboard too.
  const reach = (boxes) => {
    for (const box of boxes) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; else box.removeAttribute("tabindex");
    }
  };
  const reachAll = () => reach(document.querySelectorAll("section > .wide, details[open] .wide"));
  document.addEventListener("toggle", (event) => reach(event.target.querySelectorAll(".wide")), true);
  addEventListener("resize", reachAll);
  get("query").addEventListener("input", again);
  get("status").addEventListener("change", again);
  get("filter").addEventListener("change", levels);
  get("filter").addEventListener("submit", (event) => event.preventDefault());
  get("more").addEventListener("click", () => { page += PAGE; show(); });
  addEventListener("hashchange", open);
  get("filter").hidden = false;
  show();
  open();
  reachAll();
})();
