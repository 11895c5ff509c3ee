// Talks to the program. Everything is asked with POST and JSON; what happens by itself comes as events.
// The stream is read with fetch and not with EventSource, since only so the comment lines are seen that
// say "still there" every two seconds.

import { t } from "./words.js";

const SILENCE = 4000;

export class Refused extends Error {
  constructor(status, error) {
    super(error?.message ?? t("refused", { status }));
    this.status = status;
    this.code = error?.code ?? "http";
    this.details = error ?? {};
  }
}

export async function ask(path, body = {}) {
  let answer;
  try {
    answer = await fetch(`/api/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      cache: "no-store",
    });
  } catch {
    throw new Refused(0, { code: "gone", message: t("gone") });
  }
  const read = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused(answer.status, read?.error);
  return read;
}

/** Listens until told to stop. `heard(name, data)` for each event, `linked(true | false | "refused")`
 * when the connection comes or goes. A lost one is sought again each second. */
export function listen(heard, linked) {
  let stopped = false;
  let wake = () => {};
  let reading = null;
  const soon = (time) =>
    new Promise((done) => {
      wake = done;
      setTimeout(done, time);
    });
  addEventListener("online", () => wake());
  document.addEventListener("visibilitychange", () => document.hidden || wake());
  (async () => {
    while (!stopped) {
      const stop = new AbortController();
      reading = stop;
      let timer;
      const alive = () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          linked(false);
          stop.abort();
        }, SILENCE);
      };
      try {
        alive();
        const answer = await fetch("/api/events", {
          signal: stop.signal,
          cache: "no-store",
          headers: { accept: "text/event-stream" },
        });
        if (answer.status === 401 || answer.status === 403) {
          clearTimeout(timer);
          linked("refused");
          await soon(5000);
          continue;
        }
        if (!answer.ok) throw new Error(String(answer.status));
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        let rest = "";
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          alive();
          linked(true);
          const parts = (rest + value.replaceAll("\r", "")).split("\n\n");
          rest = parts.pop();
          for (const part of parts) pass(part, heard);
        }
      } catch {
        // What went wrong does not matter: the connection is gone and sought again.
      }
      clearTimeout(timer);
      if (stopped) break;
      linked(false);
      await soon(1000);
    }
  })();
  return () => {
    stopped = true;
    reading?.abort();
    wake();
  };
}

function pass(part, heard) {
  let name = "message";
  const data = [];
  for (const line of part.split("\n")) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
  }
  if (!data.length) return;
  try {
    heard(name, JSON.parse(data.join("\n")));
  } catch (trouble) {
    console.error(trouble);
  }
}

/** The bytes of files as text that JSON can carry. */
export async function packed(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).split(",")[1] ?? "");
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
}

/** Has the browser save what the program offers at an address of its own. */
export function download({ url, name }) {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}
