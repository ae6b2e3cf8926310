import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as prettier from "prettier";
import * as z from "zod";
import { agentFile } from "../src/city/schema/agent.ts";
import { cityTables } from "../src/city/schema/city-tables.ts";
import { kubernetesTables } from "../src/city/schema/kubernetes-tables.ts";
import { packTables } from "../src/city/schema/pack-tables.ts";

const media = resolve(fileURLToPath(import.meta.url), "../../media");

const published = [
  { file: "city.schema.json", title: "city.toml of a city of coding agents", schema: cityTables },
  { file: "pack.schema.json", title: "pack.toml of a pack of coding agents", schema: packTables },
  { file: "kubernetes.schema.json", title: "kubernetes.toml of a city of coding agents", schema: kubernetesTables },
  { file: "agent.schema.json", title: "agent.toml of a coding agent", schema: agentFile },
];

/** The JSON Schemas that other TOML tools can use, by their paths. Draft 7, which those tools read. */
export async function jsonSchemas(): Promise<ReadonlyMap<string, string>> {
  const texts = published.map(async ({ file, title, schema }) => {
    const json = {
      title,
      ...z.toJSONSchema(schema, { target: "draft-07", override: ({ jsonSchema }) => tidy(jsonSchema) }),
    };
    const path = join(media, file);
    const style = await prettier.resolveConfig(path);
    return [path, await prettier.format(JSON.stringify(json), { ...style, filepath: path })] as const;
  });
  return new Map(await Promise.all(texts));
}

/** Keeps what the standard knows: our own annotations become words, and a default that is no value is one too. */
function tidy(schema: Record<string, unknown>): void {
  const { default: standard, instead, without } = schema as Record<string, string | undefined>;
  const more = [
    standard !== undefined && `Default: ${standard}.`,
    without !== undefined && `Has no ${without}.`,
    instead !== undefined && `Use ${instead} instead.`,
  ].filter((words) => words !== false);
  if (more.length > 0) schema["description"] = [schema["description"], ...more].join(" ");
  for (const own of ["default", "instead", "without", "refers"]) delete schema[own];
  if (schema["minimum"] === Number.MIN_SAFE_INTEGER) delete schema["minimum"];
  if (schema["maximum"] === Number.MAX_SAFE_INTEGER) delete schema["maximum"];
}

if (import.meta.main) for (const [path, text] of await jsonSchemas()) await writeFile(path, text);
