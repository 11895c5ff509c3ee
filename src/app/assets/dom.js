// Building the page: elements made by hand, every text a text node. Nothing here, and nothing else in
// the page, takes HTML from a text: names of files and texts of cells come from strangers.

const SVG = "http://www.w3.org/2000/svg";

/** An element: `props` are attributes, but for `on` (listeners), `data`, `style` (through CSSOM, which
 * the policy of the page allows) and properties such as `value` that are no attributes. */
export function el(name, props, ...children) {
  return fill(document.createElement(name), props, children);
}

export function svg(name, props, ...children) {
  return fill(document.createElementNS(SVG, name), props, children);
}

function fill(node, props, children) {
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") for (const [event, run] of Object.entries(value)) node.addEventListener(event, run);
    else if (key === "data") Object.assign(node.dataset, value);
    else if (key === "style") for (const [name, text] of Object.entries(value)) node.style.setProperty(name, text);
    else if (key === "value" || key === "checked" || key === "indeterminate") node[key] = value;
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  add(node, children);
  return node;
}

function add(node, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) add(node, child);
    else node.append(child);
  }
}

/** Replaces what is in an element; what is null or false is left out. */
export function put(node, ...children) {
  node.replaceChildren();
  add(node, children);
}

/** Icons of one stroke, drawn by hand; they say nothing to a screen reader, the text beside them does. */
const PATHS = {
  folder: "M3 6.5h5l2 2h7v8H3z",
  file: "M5 2.5h6l4 4v11H5zM11 2.5v4h4",
  copy: "M7 7h9v10H7zM4 13V3h9",
  check: "m4 10.5 4 4 8-9",
  cross: "m5 5 10 10M15 5 5 15",
  left: "m12 4-6 6 6 6",
  right: "m8 4 6 6-6 6",
  up: "m4 12 6-6 6 6",
  down: "m4 8 6 6 6-6",
  undo: "M8 4 4 8l4 4M4 8h8a4 4 0 0 1 0 8H8",
  redo: "m12 4 4 4-4 4M16 8H8a4 4 0 0 0 0 8h4",
  save: "M10 3v9M6 8.5l4 4 4-4M4 16.5h12",
  search: "M9 3.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11M13 13l4 4",
  sun: "M10 6.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7M10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6 16 16M16 4l-1.4 1.4M5.4 14.6 4 16",
  moon: "M16 11.5A6.5 6.5 0 1 1 8.5 4a5 5 0 0 0 7.5 7.5z",
  half: "M10 3a7 7 0 1 1 0 14zM10 3a7 7 0 1 0 0 14",
  off: "M10 3v7M5.5 5.5a6.5 6.5 0 1 0 9 0",
  eye: "M2 10s3-5.5 8-5.5 8 5.5 8 5.5-3 5.5-8 5.5S2 10 2 10M10 8a2 2 0 1 1 0 4 2 2 0 0 1 0-4",
  print: "M6 7V3h8v4M6 13H3V7h14v6h-3M6 11h8v6H6z",
  keys: "M2.5 5.5h15v9h-15zM5 8.5h1M8 8.5h1M11 8.5h1M14 8.5h1M6 11.5h8",
  note: "M4 4h12v9H9l-4 3.5V13H4z",
  warn: "M10 3 18 16.5H2zM10 8v4M10 14v.5",
  stop: "M6.5 2.5h7l4 4v7l-4 4h-7l-4-4v-7zM10 6v5M10 13.5v.5",
  info: "M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15M10 9v5M10 6v.5",
  scale: "M10 3v13M5 16.5h10M4 6h12M4 6l-2 5h4zM16 6l-2 5h4z",
  merge: "M4 3v4l6 4 6-4V3M10 11v6M7 14l3 3 3-3",
  open: "M8 4H4v12h12v-4M11 3.5h5.5V9M16 4l-7 7",
};

export function icon(name) {
  return svg(
    "svg",
    { viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: PATHS[name] }),
  );
}

/** A button with an icon; without a text the label is said only. */
export function button(text, run, props = {}) {
  const { icon: name, quiet, ...rest } = props;
  const hidden = quiet ? { "aria-label": text, title: text } : {};
  return el(
    "button",
    { type: "button", ...hidden, ...rest, on: { click: run, ...rest.on } },
    name ? icon(name) : null,
    quiet ? null : el("span", {}, text),
  );
}

/** A part that scrolls by itself; the keys reach it, and it has a name. */
export function scroller(label, ...children) {
  return el("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": label }, children);
}

/** Text without marks and in lower case, to search as one types in a hurry. */
export function fold(text) {
  return String(text ?? "")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[đĐðÐ]/g, "d")
    .toLowerCase();
}

/** All words of what was typed occur, in any order. */
export function fits(query, ...texts) {
  const all = fold(texts.join(" "));
  return fold(query)
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => all.includes(word));
}

/** Texts begin with a capital where they stand alone. */
export function capital(text) {
  return text ? text.charAt(0).toLocaleUpperCase("vi") + text.slice(1) : "";
}

/** Brings a part of a line that scrolls sideways into view, and scrolls nothing else. */
export function reveal(line, part) {
  if (!line || !part) return;
  const [box, at] = [line.getBoundingClientRect(), part.getBoundingClientRect()];
  if (at.left < box.left || at.right > box.right) line.scrollLeft += at.left - box.left - (box.width - at.width) / 2;
}

let last = 0;
export function id(word) {
  return `${word}-${++last}`;
}
