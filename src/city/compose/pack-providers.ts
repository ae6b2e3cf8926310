import type { PackContents } from "./load-pack.ts";
import type { ProviderTable } from "../schema/provider.ts";

/** The city's providers and those that packs add: of a name the city's own counts, else the first pack's. */
export function withPackProviders(
  providers: ReadonlyMap<string, ProviderTable>,
  contents: readonly PackContents[],
): ReadonlyMap<string, ProviderTable> {
  const merged = new Map(providers);
  for (const [name, provider] of contents.flatMap((pack) => [...pack.providers])) {
    if (!merged.has(name)) merged.set(name, provider);
  }
  return merged;
}
