// Charts as SVG built by hand. Each says in words what it shows, and the figures stand in the page as text.

import { svg, el } from "./dom.js";
import { t, count } from "./words.js";

export const VERDICTS = ["exceeded", "met", "missed", "none"];

/** Verdicts of each section, as bars of parts. */
export function verdictChart(sections) {
  const most = Math.max(1, ...sections.map((it) => VERDICTS.reduce((sum, key) => sum + (it[key] ?? 0), 0)));
  const said = sections
    .map(
      (it) =>
        `${it.label}: ${VERDICTS.filter((key) => it[key])
          .map((key) => `${count(it[key])} ${t(`verdict.${key}`)}`)
          .join(", ")}`,
    )
    .join("; ");
  const high = 34;
  const picture = svg("svg", {
    class: "chart",
    viewBox: `0 0 320 ${sections.length * high}`,
    role: "img",
    "aria-label": said,
  });
  sections.forEach((it, at) => {
    let x = 0;
    picture.append(svg("text", { x: 0, y: at * high + 11, class: "chart-label" }, short(it.label, 46)));
    for (const key of VERDICTS) {
      const n = it[key] ?? 0;
      if (!n) continue;
      const wide = (n / most) * 316;
      picture.append(
        svg("rect", {
          x: x,
          y: at * high + 16,
          width: Math.max(1, wide - 1.5),
          height: 13,
          rx: 2,
          class: `fill-${key}`,
        }),
      );
      if (wide > 14)
        picture.append(
          svg(
            "text",
            { x: x + wide / 2 - 0.75, y: at * high + 26, class: "chart-number", "text-anchor": "middle" },
            count(n),
          ),
        );
      x += wide;
    }
  });
  return el("figure", {}, picture, legend());
}

function legend() {
  return el(
    "figcaption",
    { class: "legend" },
    VERDICTS.map((key) =>
      el(
        "span",
        {},
        svg(
          "svg",
          { viewBox: "0 0 10 10", class: "key", "aria-hidden": "true" },
          svg("rect", { width: 10, height: 10, rx: 2, class: `fill-${key}` }),
        ),
        t(`verdict.${key}`),
      ),
    ),
  );
}

/** Result against plan, a point for each indicator on a line with 100 % in it. */
export function ratioChart(rows) {
  const top = 200;
  const high = 17;
  const x = (ratio) => 132 + (Math.max(0, Math.min(top, ratio)) / top) * 180;
  const said = rows.map((it) => `${it.label}: ${it.text}%`).join("; ");
  const picture = svg("svg", {
    class: "chart",
    viewBox: `0 0 350 ${rows.length * high + 18}`,
    role: "img",
    "aria-label": t("chart.ratio.said", { what: said }),
  });
  for (const mark of [0, 50, 100, 150, 200]) {
    picture.append(
      svg("line", {
        x1: x(mark),
        x2: x(mark),
        y1: 12,
        y2: rows.length * high + 16,
        class: mark === 100 ? "axis main" : "axis",
      }),
      svg(
        "text",
        { x: x(mark), y: 8, class: "chart-tick", "text-anchor": "middle" },
        `${mark}${mark === 200 ? "+" : ""}`,
      ),
    );
  }
  rows.forEach((it, at) => {
    const y = at * high + 23;
    picture.append(
      svg("text", { x: 126, y: y + 3.5, class: "chart-label", "text-anchor": "end" }, short(it.label, 23)),
      svg("line", { x1: x(100), x2: x(it.ratio), y1: y, y2: y, class: `stem stroke-${it.verdict ?? "none"}` }),
      svg("circle", { cx: x(it.ratio), cy: y, r: 3.6, class: `fill-${it.verdict ?? "none"}` }),
      svg("text", { x: 348, y: y + 3.5, class: "chart-tick", "text-anchor": "end" }, it.text),
    );
  });
  return el("figure", {}, picture);
}

function short(text, most) {
  return text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text;
}
