// The sources of the page, without a browser: every text that it asks for is there in both languages,
// none is left over, and nothing in it makes elements of texts, carries styles or scripts in its HTML,
// or names another site.

import fs from "node:fs";
import path from "node:path";

const assets = path.resolve("src/app/assets");
globalThis.document = { documentElement: { lang: "vi" } };
const { known, t, speak } = await import(path.join(assets, "words.js"));
const files = fs.readdirSync(assets);
const text = (name) => fs.readFileSync(path.join(assets, name), "utf8");
const modules = files.filter((it) => it.endsWith(".js"));
const all = modules
  .filter((it) => it !== "words.js")
  .map(text)
  .join("\n");
const wrong = [];

const asked = [...all.matchAll(/\bt\(\s*"([^"]+)"/g)].map((it) => it[1]);
for (const key of new Set(asked)) if (!known.includes(key)) wrong.push(`no text "${key}"`);
const literal = new Set([...all.matchAll(/"([a-z][\w.-]*)"/gi)].map((it) => it[1]));
const begun = [...all.matchAll(/\bt\(`([\w.-]+)\$\{/g)].map((it) => it[1]);
for (const key of known)
  if (!literal.has(key) && !begun.some((it) => key.startsWith(it))) wrong.push(`text "${key}" is not used`);
for (const key of known) {
  const both = ["vi", "en"].map((lang) => {
    speak(lang);
    return t(key);
  });
  if (both.some((it) => !it?.trim())) wrong.push(`text "${key}" is blank`);
  const slots = both.map((it) => [...it.matchAll(/\{\w+\}/g)].map(String).sort().join());
  if (slots[0] !== slots[1]) wrong.push(`text "${key}" has other values in the other language: ${slots.join(" and ")}`);
}

for (const name of modules)
  for (const word of [
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "eval(",
    "new Function",
    "srcdoc",
    "localStorage",
  ])
    if (text(name).includes(word)) wrong.push(`${name} has ${word}`);
// The notice is opened as a file where no server could be started, so that it has its style in itself.
for (const name of files.filter((it) => it.endsWith(".html") && it !== "notice.html")) {
  if (/\sstyle=|<style|\son\w+=/i.test(text(name))) wrong.push(`${name} has a style or a handler inline`);
  for (const tag of text(name).matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g))
    if (tag[1].trim()) wrong.push(`${name} has a script inline`);
}
for (const name of files)
  for (const [address] of text(name).matchAll(/(?:https?:)?\/\/[a-z0-9][\w.-]*\.[a-z]{2,}[^\s"')]*/gi))
    if (!address.startsWith("http://www.w3.org/")) wrong.push(`${name} names ${address}`);

for (const it of wrong) console.error(it);
console.log(`${known.length} texts, ${modules.length} modules`);
process.exit(wrong.length ? 1 : 0);
