// The page as a whole: the bar, the five steps, where one is, and what the program tells by itself.

import { el, icon, button, capital, put, reveal } from "./dom.js";
import { t, language, speak } from "./words.js";
import { ask, listen, Refused } from "./server.js";
import { choose, dropped } from "./choose.js";
import { describe } from "./describe.js";
import { mend } from "./mend.js";
import { form } from "./form.js";
import { many } from "./many.js";
import { dialog, keys } from "./dialogs.js";

const STEPS = [
  { id: "chon", word: "step.choose", make: choose, open: () => true },
  {
    id: "khai-bao",
    word: "step.describe",
    make: describe,
    open: (app) => Boolean(app.folder) && (!app.many || app.submission !== null),
  },
  {
    id: "sua",
    word: "step.mend",
    make: mend,
    open: (app) => Boolean(app.submission !== null && app.current && app.current.status !== "unmapped"),
  },
  {
    id: "bieu",
    word: "step.form",
    make: form,
    open: (app) =>
      Boolean(app.submission !== null && app.current && !["unmapped", "unreadable"].includes(app.current.status)),
  },
  { id: "nhieu", word: "step.many", make: many, open: (app) => Boolean(app.folder?.submissions?.length) },
];

const main = document.getElementById("main");
const newsBox = document.getElementById("news");
const bar = document.getElementById("bar");
const root = document.documentElement;

class App {
  state = { lang: language(), theme: root.dataset.theme, recent: [] };
  folder = null;
  submission = null;
  report = null;
  changes = null;
  step = "chon";
  linked = true;
  over = false;
  /** Where to go as soon as there is something to see. */
  goal = null;
  #view = null;
  #reading = null;
  #told = new Map();
  #deafen = () => {};

  get many() {
    return this.folder?.kind === "many";
  }

  /** What the folder is called; copies lie in a folder whose name says nothing. */
  get name() {
    return this.folder?.copy ? t("read.copies") : (this.folder?.name ?? "");
  }

  /** The submission that is looked at, as the list of the folder has it. */
  get current() {
    return this.folder?.submissions?.find((it) => it.id === this.submission) ?? null;
  }

  /** The judged submission with its findings, once it is there. */
  get judged() {
    return this.report?.report?.submissions?.[0] ?? null;
  }

  async start() {
    this.#bar();
    this.#deafen = listen(
      (name, data) => this.#heard(name, data),
      (state) => this.#linked(state),
    );
    try {
      const [, step, folder, submission] = location.hash.split("/").map(decodeURIComponent);
      const state = ask("state");
      if (folder) await this.load(folder, submission || null).catch(() => {});
      this.#settled(await state);
      if (!this.folder && this.state.folder) {
        put(main, el("p", { class: "wait whole", role: "status" }, t("reading")));
        await this.load(this.state.folder);
      }
      this.step = STEPS.some((it) => it.id === step) ? step : "chon";
    } catch (trouble) {
      this.tell(trouble);
    }
    this.show();
    addEventListener("hashchange", () => this.#wander());
    addEventListener("keydown", (event) => this.#key(event));
    this.#drops();
  }

  /** Files that are dropped anywhere are taken; a browser would open them in place of the page. */
  #drops() {
    const over = (event) => {
      event.preventDefault();
      root.classList.toggle(
        "dropping",
        event.type === "dragover" && [...(event.dataTransfer?.types ?? [])].includes("Files"),
      );
    };
    for (const name of ["dragover", "dragleave"]) addEventListener(name, over);
    addEventListener("drop", async (event) => {
      over(event);
      const files = await dropped(event.dataTransfer);
      if (!files.length) return;
      if (this.step !== "chon") this.go("chon");
      this.#view.drop(files);
    });
  }

  #settled(state) {
    const other = state.lang !== language();
    this.state = state;
    speak(state.lang);
    root.lang = state.lang;
    root.dataset.theme = state.theme ?? "auto";
    return other;
  }

  async settings(change) {
    try {
      const other = this.#settled(await ask("settings", change));
      if (other) {
        // Findings are worded by the program: they are asked for anew.
        if (this.folder) await this.load(this.folder.id, this.submission);
        this.show();
      } else this.#bar();
    } catch (trouble) {
      this.tell(trouble);
    }
  }

  /** Reads what is known of a folder; its only submission is the one that is looked at. */
  async load(id, submission = null) {
    if (!id) return;
    // Asked for at the same time where it is known whose report is wanted.
    const early = submission === null ? null : ask("report", { folder: id, submission }).catch(() => null);
    let folder = await ask("folder", { folder: id });
    // What was told while the answer was on its way is newer than the answer.
    if ((this.#told.get(id) ?? 0) > (folder.revision ?? 0)) folder = await ask("folder", { folder: id });
    const known = folder.submissions ?? [];
    this.folder = folder;
    document.getElementById("reading")?.remove();
    if (folder.busy) this.#progress({});
    this.submission = known.some((it) => it.id === submission)
      ? submission
      : folder.kind === "many"
        ? null
        : (known[0]?.id ?? null);
    this.report = null;
    if (this.submission === null || this.folder.busy) return;
    const found = this.submission === submission ? await early : null;
    this.report =
      found && (found.revision ?? 0) >= (folder.revision ?? 0)
        ? found
        : await ask("report", { folder: this.folder.id, submission: this.submission });
  }

  async open(id, submission = null, step = null) {
    this.changes = null;
    const [state] = await Promise.all([ask("state"), this.load(id, submission)]);
    this.#settled(state);
    if (step) this.go(step);
    else this.show();
  }

  /** Goes to a step, or says why not. */
  go(step) {
    const wanted = STEPS.find((it) => it.id === step);
    if (!wanted?.open(this)) {
      this.news(t(this.folder ? "step.notYet" : "step.first"));
      return;
    }
    this.step = step;
    this.#place();
    this.show();
    main.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  #place() {
    const parts = [this.step, this.folder?.id, this.submission].filter((it) => it !== null && it !== undefined);
    const hash = `#/${parts.map(encodeURIComponent).join("/")}`;
    if (location.hash !== hash) history.pushState(null, "", hash);
  }

  async #wander() {
    const [, step, folder, submission] = location.hash.split("/").map(decodeURIComponent);
    const found = STEPS.find((it) => it.id === step);
    if (!found) return;
    try {
      if (folder && (folder !== this.folder?.id || (submission ?? null) !== this.submission))
        await this.load(folder, submission ?? null);
    } catch (trouble) {
      this.tell(trouble);
    }
    this.step = found.open(this) ? step : "chon";
    this.show();
  }

  show() {
    const step = STEPS.find((it) => it.id === this.step);
    if (!step.open(this)) this.step = "chon";
    this.#bar();
    this.#view?.leave?.();
    const shown = STEPS.find((it) => it.id === this.step);
    this.#view = shown.make(this);
    main.className = `step-${shown.id}`;
    put(main, this.#view.element);
    document.title = [t(shown.word), this.many ? this.current?.name : this.name, "bieu"].filter(Boolean).join(" · ");
  }

  /** What the program tells by itself. */
  #heard(name, data) {
    if (name === "hello" && data.lang && data.lang !== language()) {
      this.#settled({ ...this.state, lang: data.lang, theme: data.theme ?? this.state.theme });
      this.show();
    } else if (name === "error") this.news(data.message, "bad");
    else if (name === "quit") this.#end();
    else if (name === "folder" && this.#told.set(data.folder, data.revision) && data.folder !== this.folder?.id) return;
    else if (data.folder !== this.folder?.id) return;
    else if (name === "reading") this.#progress(data);
    // Downloads tell their progress too; they have their own word for it.
    else if (name === "progress" && document.getElementById("reading")) this.#progress(data);
    else if (name === "folder") this.#changed(data);
  }

  #progress({ done = 0, total = 0 }) {
    const text = total > 1 ? t("reading.of", { done, total }) : t("reading");
    let box = document.getElementById("reading");
    if (!box) {
      box = el(
        "p",
        { id: "reading", class: "reading", role: "status" },
        el("progress", { "aria-label": t("reading") }),
        el("span"),
      );
      bar.after(box);
    }
    const meter = box.querySelector("progress");
    if (total > 1) {
      meter.max = total;
      meter.value = done;
    }
    box.querySelector("span").textContent = text;
    this.folder.busy = true;
  }

  async #changed(data) {
    // Two events close together: the last one counts.
    const mine = {};
    this.#reading = mine;
    document.getElementById("reading")?.remove();
    try {
      const was = this.current;
      // What was not described is divided otherwise once it is.
      await this.load(this.folder.id, was?.status === "unmapped" ? null : this.submission);
      const files = [...(data.changed ?? []), ...(data.added ?? []), ...(data.removed ?? [])];
      if (was && was.status !== "unmapped" && was.id === this.submission && this.report && data.revision > 1) {
        const changes = await ask("compare", { folder: this.folder.id, submission: this.submission }).catch(() => null);
        if (this.#reading !== mine) return;
        this.changes = changes && { ...changes, at: new Date(), files };
      } else this.changes = null;
      if (this.#reading !== mine) return;
      this.#bar();
      if (!this.settle()) this.#view.update();
      if (files.length) this.news(this.changed(files));
    } catch (trouble) {
      this.tell(trouble);
    }
  }

  /** Goes where it was meant to go, if that can be seen by now. */
  settle() {
    if (!this.goal || this.folder.busy || !this.current || this.current.status === "unmapped") return false;
    const { goal } = this;
    this.goal = null;
    this.go(goal);
    return true;
  }

  /** What the last save did, in a sentence. */
  changed(files = this.changes?.files ?? []) {
    const { mended = [], new: fresh = [] } = this.changes ?? {};
    const seen = files.length ? t("changed.seen", { files: files.slice(0, 3).join(", ") }) : "";
    if (!this.changes) return seen;
    const what = [];
    if (mended.length) what.push(t("changed.mended", { n: mended.length }));
    if (fresh.length) what.push(t("changed.new", { n: fresh.length }));
    if (!what.length) what.push(t("changed.same"));
    return `${seen} ${capital(what.join("; "))}.`.trim();
  }

  #linked(state) {
    if (this.over) return;
    const lost = state !== true;
    if (lost === !this.linked && state !== "refused") return;
    const before = this.linked;
    this.linked = !lost;
    document.getElementById("lost")?.remove();
    if (lost) {
      bar.after(
        el(
          "p",
          { id: "lost", class: "lost", role: "alert" },
          icon("warn"),
          t(state === "refused" ? "lost.refused" : "lost"),
        ),
      );
    } else if (!before) {
      this.news(t("found"));
      // What happened meanwhile was not heard.
      if (this.folder) this.#changed({ revision: 0 });
    }
    this.#bar();
  }

  /** Says something in passing: to the eye, and to the ear of a screen reader. */
  news(text, kind = "") {
    const note = el(
      "p",
      { class: `note ${kind}` },
      text,
      button(t("close"), () => note.remove(), { icon: "cross", quiet: true, class: "ghost" }),
    );
    newsBox.append(note);
    while (newsBox.children.length > 3) newsBox.firstChild.remove();
    setTimeout(() => note.remove(), 12000);
  }

  tell(trouble) {
    this.news(trouble instanceof Refused ? capital(trouble.message) : String(trouble?.message ?? trouble), "bad");
    if (!(trouble instanceof Refused)) console.error(trouble);
  }

  /** Runs something that asks the program, and says what goes wrong. */
  async try(run) {
    try {
      return await run();
    } catch (trouble) {
      this.tell(trouble);
      return undefined;
    }
  }

  #bar() {
    const had = document.activeElement?.closest?.("#bar") ? document.activeElement.dataset.key : null;
    const steps = STEPS.map((step, at) => {
      const open = step.open(this);
      const here = step.id === this.step;
      const count = open ? this.#count(step.id) : null;
      const parts = [
        el("span", { class: "nr", "aria-hidden": "true" }, String(at + 1)),
        el("span", {}, t(step.word)),
        count
          ? el(
              "span",
              { class: `count ${count.kind}` },
              String(count.n),
              el("span", { class: "said" }, ` ${count.say}`),
            )
          : null,
      ];
      return el(
        "li",
        {},
        el(
          "button",
          {
            type: "button",
            class: "step",
            "aria-current": here ? "step" : null,
            "aria-disabled": open ? null : "true",
            data: { key: step.id },
            on: { click: () => this.go(step.id) },
          },
          parts,
        ),
      );
    });
    const theme = root.dataset.theme;
    const next = { auto: "light", light: "dark", dark: "auto" }[theme] ?? "auto";
    const where = this.folder
      ? el(
          "span",
          { class: "where" },
          icon("folder"),
          el(
            "bdi",
            { class: "name", title: this.folder.path },
            this.current && this.many ? this.current.name : this.name,
          ),
          this.folder.period ? el("span", { class: "period" }, t("period", { period: this.folder.period })) : null,
        )
      : el("span", { class: "where" });
    put(
      bar,
      el(
        "a",
        {
          class: "skip",
          href: "#main",
          on: {
            click: (event) => {
              event.preventDefault();
              main.focus();
            },
          },
        },
        t("skip"),
      ),
      el(
        "span",
        { class: "brand" },
        el("img", { src: "/assets/icon.svg", alt: "", width: "26", height: "26" }),
        el("b", {}, "bieu"),
      ),
      where,
      el("nav", { class: "steps", "aria-label": t("steps") }, el("ol", {}, steps)),
      el(
        "span",
        { class: "tools" },
        el(
          "span",
          { class: `link ${this.linked ? "" : "off"}`, title: t(this.linked ? "linked" : "lost.short") },
          el("span", { class: "said" }, t(this.linked ? "linked" : "lost.short")),
        ),
        el(
          "button",
          {
            type: "button",
            class: "ghost lang",
            lang: language() === "vi" ? "en" : "vi",
            data: { key: "lang" },
            on: { click: () => this.settings({ lang: language() === "vi" ? "en" : "vi" }) },
          },
          language() === "vi" ? "English" : "Tiếng Việt",
        ),
        button(t(`theme.${theme}`), () => this.settings({ theme: next }), {
          icon: { auto: "half", light: "sun", dark: "moon" }[theme] ?? "half",
          quiet: true,
          class: "ghost",
          data: { key: "theme" },
        }),
        button(t("keys"), () => keys(), { icon: "keys", quiet: true, class: "ghost wide-only", data: { key: "keys" } }),
        button(t("quit"), () => this.quit(), { icon: "off", quiet: true, class: "ghost", data: { key: "quit" } }),
      ),
    );
    if (had) bar.querySelector(`[data-key="${had}"]`)?.focus();
    reveal(bar.querySelector(".steps"), bar.querySelector("[aria-current]"));
  }

  #count(step) {
    const now = this.current;
    if (step === "sua" && now && now.errors + now.warnings > 0)
      return { n: now.errors + now.warnings, kind: now.errors ? "error" : "warning", say: t("count.toMend") };
    if (step === "nhieu" && this.many)
      return { n: this.folder.submissions.length, kind: "", say: t("count.submissions") };
    return null;
  }

  async quit() {
    const sure = await dialog({
      title: t("quit.title"),
      text: t("quit.text"),
      actions: [
        { word: t("quit.yes"), value: true, primary: true },
        { word: t("cancel"), value: false },
      ],
    });
    if (!sure) return;
    await this.try(() => ask("quit"));
    this.#end();
  }

  #end() {
    this.over = true;
    this.#deafen();
    document.getElementById("lost")?.remove();
    this.#view?.leave?.();
    put(
      bar,
      el(
        "span",
        { class: "brand" },
        el("img", { src: "/assets/icon.svg", alt: "", width: "26", height: "26" }),
        el("b", {}, "bieu"),
      ),
    );
    put(main, el("div", { class: "end" }, el("h1", {}, t("ended")), el("p", {}, t("ended.text"))));
  }

  #key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest?.("input, textarea, select, dialog, [role=combobox]")) return;
    if (event.key === "?") keys();
    else if (/^[1-5]$/.test(event.key)) this.go(STEPS[Number(event.key) - 1].id);
    else if (!this.#view?.key?.(event)) return;
    event.preventDefault();
  }
}

new App().start();
