/**
 * The texts of a city's own files by their path from the city's folder, with "/" between names: city.toml, its
 * fragments, pack.toml, local packs, and each agents/NAME/agent.toml ("" where only the folder exists).
 */
export type CityTexts = ReadonlyMap<string, string>;

/** Whether a file is that of an agent which is known by its folder (gascity-spec §1.1). */
export function isAgentFile(file: string): boolean {
  return /(?:^|\/)agents\/[^/]+\/agent\.toml$/u.test(file);
}

/** The folder of the pack that a file belongs to; "" for the city's own files, its root pack.toml among them. */
export function packOf(file: string): string {
  const match = /^(?:(?<pack>.*)\/)?(?:pack\.toml|agents\/[^/]+\/agent\.toml)$/u.exec(file);
  return match?.groups?.["pack"] ?? "";
}

/** What gc has no keys for; its tables are named after agents. */
export const podsFile = "kubernetes.toml";
