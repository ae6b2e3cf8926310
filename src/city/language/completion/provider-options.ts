import { builtinProviderTables } from "../../resolve/builtin-provider-tables.ts";
import type { TomlPath } from "../../text/toml-path.ts";
import type { LanguageContext } from "../language-context.ts";
import { stringAt } from "../syntax/value-at.ts";

/** An option of a provider and what it may be set to. */
export interface ProviderOption {
  readonly key: string;
  readonly label: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
}

/** The options of the provider of the agent at `table`, or of the provider at `table` itself. */
export function optionsOf({ file, composed }: LanguageContext, table: TomlPath): readonly ProviderOption[] {
  const isProvider = table.at(-2) === "providers";
  const name = isProvider
    ? String(table.at(-1))
    : (stringAt(file.toml, [...table, "provider"]) ?? composed?.config.workspace?.provider ?? "");
  const providers = composed?.config.providers ?? {};
  const written = Object.hasOwn(providers, name) ? providers[name] : undefined;
  const builtin = builtinProviderTables.get(name) ?? builtinProviderTables.get(written?.command ?? "");
  const schema = written?.options_schema ?? builtin?.options_schema ?? [];
  return schema.map(({ key, label = "", choices = [] }) => ({
    key,
    label,
    choices: choices.map(({ value, label = "" }) => ({ value, label })),
  }));
}
