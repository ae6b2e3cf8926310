import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as prettier from "prettier";
import type * as z from "zod";
import { meaningText } from "../src/city/language/meaning-text.ts";
import { type KeyShape, type Shape, shapeOf, typeText } from "../src/city/language/shape.ts";
import { agentFile } from "../src/city/schema/agent.ts";
import { cityTables } from "../src/city/schema/city-tables.ts";
import { kubernetesTables } from "../src/city/schema/kubernetes-tables.ts";
import { packTables } from "../src/city/schema/pack-tables.ts";

const path = resolve(fileURLToPath(import.meta.url), "../../docs/configuration-reference.md");

const files: readonly { readonly title: string; readonly about: string; readonly schema: z.ZodType }[] = [
  { title: "city.toml", about: "The city, and the fragments that it includes.", schema: cityTables },
  { title: "pack.toml", about: "A pack, or the city's own beside city.toml.", schema: packTables },
  { title: "agents/NAME/agent.toml", about: "An agent in a folder of its own.", schema: agentFile },
  {
    title: "kubernetes.toml",
    about: "Beside city.toml: what pods need beyond what gc has keys for. gc does not read it.",
    schema: kubernetesTables,
  },
];

/** The page that lists every key of every file, and where it belongs. */
export async function configurationReference(): Promise<{ readonly path: string; readonly text: string }> {
  const known = new Map<Shape, string>();
  const lines = [
    "# Every key",
    "",
    "Made from the schemas that check the files: `npm run schema` writes this page anew.",
  ];
  for (const { title, about, schema } of files) {
    lines.push("", `## ${title}`, "", about);
    describeTable(shapeOf(schema), [], title, known, lines);
  }
  const style = await prettier.resolveConfig(path);
  return { path, text: await prettier.format(lines.join("\n"), { ...style, filepath: path }) };
}

/** What was described before is only named. */
function describeTable(
  shape: Shape,
  names: readonly string[],
  file: string,
  known: Map<Shape, string>,
  lines: string[],
): void {
  if (shape.kind !== "table") return;
  known.set(shape, names.length > 0 ? `\`${names.join(".")}\` of ${file}` : file);
  lines.push("");
  const open: { readonly table: Shape; readonly names: readonly string[]; readonly key: KeyShape }[] = [];
  for (const key of shape.keys.values()) {
    const { table, below } = tableIn(key.shape, [...names, key.name]);
    const earlier = table && known.get(table);
    lines.push(`${keyLine(key)}${earlier === undefined ? "" : ` As ${earlier}.`}`);
    if (!table || earlier !== undefined) continue;
    known.set(table, `\`${below.join(".")}\` of ${file}`);
    open.push({ table, names: below, key });
  }
  for (const { table, names: below, key } of open) {
    const header = key.shape.kind === "list" ? `[[${below.join(".")}]]` : `[${below.join(".")}]`;
    lines.push("", `### ${header}`, "", key.meaning?.description ?? "");
    describeTable(table, below, file, known, lines);
  }
}

function tableIn(
  shape: Shape,
  names: readonly string[],
): { readonly table?: Shape; readonly below: readonly string[] } {
  if (shape.kind === "map") return tableIn(shape.of, [...names, "NAME"]);
  if (shape.kind === "list") return tableIn(shape.of, names);
  return shape.kind === "table" ? { table: shape, below: names } : { below: names };
}

function keyLine(key: KeyShape): string {
  const { default: standard, examples } = key.meaning ?? {};
  const facts = [
    typeText(key.shape),
    examples && `such as ${examples.map((example) => JSON.stringify(example)).join(", ")}`,
    key.isRequired && "required",
    standard !== undefined && `default: ${standard.includes("{{") ? `\`${standard}\`` : standard}`,
  ];
  return `- \`${key.name}\` (${facts.filter(Boolean).join(", ")}): ${meaningText(key).replaceAll(/\s*\n\s*/gu, " ")}`;
}

if (import.meta.main) {
  const page = await configurationReference();
  await writeFile(page.path, page.text);
}
