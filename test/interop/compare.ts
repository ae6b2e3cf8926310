import { join } from "node:path";
import { parse } from "smol-toml";
import { expect } from "vitest";
import { composeCity, type ComposedCity } from "../../src/city/compose/compose-city.ts";
import { Provenance } from "../../src/city/compose/provenance.ts";
import { withoutZeros } from "../../src/city/compose/zero-values.ts";
import { diskFiles } from "../../src/city/files/disk-files.ts";
import { validateCity } from "../../src/city/validate/validate-city.ts";
import { runGc } from "./gc.ts";

/** The city in a folder as `gc config show` composes it: without the packs that gc itself writes. */
export function composeAsShown(root: string): ComposedCity {
  return composeCity(diskFiles, root, { env: { HOME: join(root, ".home") }, systemPacks: false });
}

/** Whether we would take a city. */
export function isValid(city: ComposedCity): boolean {
  return [...city.findings, ...validateCity(city)].every(({ severity }) => severity === "warning");
}

/** Whether gc would, and what it says. */
export async function validateWithGc(root: string): Promise<{ readonly isValid: boolean; readonly said: string }> {
  const { code, stderr } = await runGc(root, ["config", "show", "--validate"]);
  return { isValid: code === 0, said: stderr };
}

/** Expects the city in a folder to be the same to gc and to us. What gc shows is the value. */
export async function expectSameCity(root: string): Promise<string> {
  const shown = await runGc(root, ["config", "show"]);
  expect(shown.code, shown.stderr).toBe(0);
  const city = composeAsShown(root);
  expect(city.config).toEqual(withoutZeros(parse(shown.stdout), "", new Provenance()));
  const theirs = await validateWithGc(root);
  expect(isValid(city), theirs.said).toBe(theirs.isValid);
  return shown.stdout;
}
