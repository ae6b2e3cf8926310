import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diskFiles } from "../../../src/city/files/disk-files.ts";
import { LanguageCity } from "../../../src/city/language/language-city.ts";
import { loadCity } from "../../../src/city/load-city.ts";
import { gc, gcNeeded, runGc } from "../../interop/gc.ts";
import { writeCity } from "../../interop/write-city.ts";
import { measure, report, reportHeader, type Times } from "../measure.ts";
import { largeCity } from "./large-city.ts";

/** What is no TOML at all: that must not keep anybody waiting. */
const garbage: Readonly<Record<string, (index: number) => string>> = {
  brackets: (index) => "[".repeat(1_000_000 + index),
  text: (index) => "all work and no play ".repeat(50_000 + index),
};
/** What is TOML, or nearly so, and no city of anyone's. Reading it takes the most time. */
const nonsense: Readonly<Record<string, (index: number) => string>> = {
  "agents and a broken end": (index) => `${'[[agent]]\nname = "a"\n'.repeat(50_000 + index)}=`,
  "unknown keys": (index) => Array.from({ length: 60_000 }, (_, key) => `key_${key} = ${index}\n`).join(""),
  "agents without a name": (index) => "[[agent]]\nnudge = 1\n".repeat(50_000 + index),
};

const root = mkdtempSync(join(tmpdir(), "gascity-bench-"));
const texts = largeCity();
const source = { root, files: diskFiles, env: { HOME: join(root, ".home") } };
const language = new LanguageCity(source);
try {
  writeCity(root, texts);
  const { composed, diagnostics } = loadCity(source);
  assert.deepEqual(diagnostics.slice(0, 3), []);
  console.log(`A city of ${composed.agents.length} agents and ${composed.config.rigs?.length} rigs\n`);
  reportHeader();
  await measureLoading();
  await measureTyping();
  if (gc === undefined) console.log(gcNeeded);
  else report("gc config show", await measure(20, () => undefined, showWithGc));
} finally {
  rmSync(root, { recursive: true });
}

async function measureLoading(): Promise<void> {
  report("load for the first time", await measure(30, () => source, loadCity));
  const cache = new Map();
  report("load again", await measure(100, () => ({ ...source, cache }), loadCity), 50);
}

async function measureTyping(): Promise<void> {
  for (const file of ["city.toml", "packs/builders/pack.toml", "agents/folder-7/agent.toml"]) {
    const times = await measureText(file, 100, (index) => (texts[file] ?? "").replace("Look at", `Look ${index} at`));
    report(`a key stroke in ${file}`, times, 15);
  }
  const broken = await measureText("city.toml", 100, (index) => `${texts["city.toml"]}\nbroken = "${index}`);
  report("a key stroke in a city.toml that is not TOML", broken, 15);
  for (const [what, text] of Object.entries(garbage)) {
    report(`1 MB of ${what}`, await measureText("city.toml", 20, text), 100);
  }
  for (const [what, text] of Object.entries(nonsense)) {
    report(`1 MB of ${what}`, await measureText("city.toml", 5, text));
  }
}

/** How long the editor waits for the diagnostics of the city when `file` gets a new text. */
function measureText(file: string, count: number, text: (index: number) => string): Promise<Times> {
  return measure(
    count,
    (index) => new Map([[join(root, file), text(index)]]),
    (unsaved) => {
      language.setUnsaved(unsaved);
      return language.diagnostics();
    },
  );
}

async function showWithGc(): Promise<void> {
  const { code, stderr } = await runGc(root, ["config", "show"]);
  assert.equal(code, 0, stderr);
}
