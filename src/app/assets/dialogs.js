// Questions and explanations over the page. <dialog> keeps the focus, gives it back, and closes on Escape.

import { el, button, id, capital } from "./dom.js";
import { t } from "./words.js";
import { ask } from "./server.js";

/** Asks, and answers with the value of the action that was taken, or null. `body` may be elements; an
 * action with `check` is only taken when that gives a value other than undefined. */
export function dialog({ title, text, body = [], actions, wide = false, focus = null }) {
  const name = id("dialog");
  return new Promise((done) => {
    let value = null;
    const box = el(
      "dialog",
      {
        "aria-labelledby": name,
        class: wide ? "wide" : null,
        on: {
          close: () => {
            box.remove();
            done(value);
          },
        },
      },
      el(
        "form",
        {
          method: "dialog",
          novalidate: true,
          on: {
            submit: (event) => {
              event.preventDefault();
              take(actions.find((it) => it.primary) ?? actions[0]);
            },
          },
        },
        el(
          "header",
          {},
          el("h2", { id: name }, title),
          button(t("close"), () => box.close(), { icon: "cross", quiet: true, class: "ghost" }),
        ),
        el("div", { class: "dialog-body" }, text ? el("p", {}, text) : null, body),
        el(
          "footer",
          {},
          actions.map((action) =>
            button(action.word, () => take(action), { class: action.primary ? "primary" : null }),
          ),
        ),
      ),
    );
    function take(action) {
      const found = action.check ? action.check() : action.value;
      if (found === undefined) return;
      value = found;
      box.close();
    }
    document.body.append(box);
    box.showModal();
    (typeof focus === "function" ? focus() : (focus ?? box.querySelector("footer .primary")))?.focus();
  });
}

/** A code explained as `bieu explain` does. */
export async function explain(code) {
  const answer = await ask("explain", { code });
  const lines = answer.lines ?? [];
  await dialog({
    title: answer.title ?? code,
    wide: true,
    body: [prose(lines)],
    actions: [{ word: t("close"), value: true, primary: true }],
  });
}

/** Lines as the terminal has them: headings at the margin, their text indented below. */
export function prose(lines) {
  const box = el("div", { class: "prose" });
  let text = null;
  for (const line of lines) {
    if (!line.trim()) text = null;
    else if (/^\S.*:$/.test(line)) {
      box.append(el("h3", {}, line.slice(0, -1)));
      text = null;
    } else if (text) text.append(` ${line.trim()}`);
    else box.append((text = el("p", {}, line.trim())));
  }
  return box;
}

/** A field with its label above. */
export function field(label, control, hint = null) {
  const name = id("field");
  control.id = name;
  if (hint) control.setAttribute("aria-describedby", `${name}-hint`);
  return el(
    "p",
    { class: "field" },
    el("label", { for: name }, label),
    control,
    hint ? el("small", { id: `${name}-hint` }, hint) : null,
  );
}

export function keys() {
  const rows = [
    ["1 … 5", t("keys.steps")],
    ["n, j", t("keys.next")],
    ["p, k", t("keys.previous")],
    ["/", t("keys.search")],
    ["e", t("keys.explain")],
    ["g", t("keys.sheet")],
    ["← ↑ → ↓", t("keys.arrows")],
    ["PageUp, PageDown", t("keys.page")],
    ["Ctrl + Home, Ctrl + End", t("keys.ends")],
    ["Enter", t("keys.enter")],
    ["Esc", t("keys.escape")],
    ["Ctrl + Z, Ctrl + Y", t("keys.undo")],
    ["?", t("keys.help")],
  ];
  return dialog({
    title: t("keys"),
    body: [
      el(
        "table",
        { class: "keys" },
        el(
          "tbody",
          {},
          rows.map(([key, what]) => el("tr", {}, el("th", { scope: "row" }, el("kbd", {}, key)), el("td", {}, what))),
        ),
      ),
    ],
    actions: [{ word: t("close"), value: true, primary: true }],
  });
}

/** Asks before a file that somebody edited meanwhile is replaced. */
export function edited(trouble) {
  return dialog({
    title: t("edited.title"),
    text: capital(trouble.message),
    wide: Boolean(trouble.details.theirs),
    body: trouble.details.theirs ? [el("pre", { class: "theirs", tabindex: "0" }, trouble.details.theirs)] : [],
    actions: [
      { word: t("edited.keep"), value: false, primary: true },
      { word: t("edited.replace"), value: true },
    ],
  });
}

/** Runs a save; when the file was edited meanwhile, asks and runs it again with `force`. */
export async function saving(run) {
  try {
    return await run(false);
  } catch (trouble) {
    if (trouble.code !== "edited-meanwhile") throw trouble;
    return (await edited(trouble)) ? run(true) : null;
  }
}
