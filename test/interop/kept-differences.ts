interface KeptDifference {
  readonly why: string;
  /** The files of a city that shows it. */
  readonly texts: Readonly<Record<string, string>>;
  /** What we make of that city; gc does the opposite. */
  readonly ours: "taken" | "refused";
}

/** Cities that gc refuses and we take, or the other way round, each for a reason. */
export const keptDifferences: Readonly<Record<string, KeptDifference>> = {
  "a quantity that Kubernetes does not know": {
    why: "Every pod would be refused, one by one; the place to say so is where the value is written.",
    texts: { "city.toml": '[session.k8s]\ncpu_request = "lots"\n' },
    ours: "refused",
  },
  "a pack that nobody includes and that cannot be fetched": {
    why: "Nothing is fetched here: gc does it when it loads a city. Where such a pack is used, we ask for gc's command.",
    texts: { "city.toml": '[packs.unused]\nsource = "none"\n' },
    ours: "taken",
  },
  "an import of gc's home that was not fetched": {
    why: "The city is complete without it, and gc fetches it by itself when it starts a city. A warning tells.",
    texts: {
      "city.toml": "",
      ".home/.gc/implicit-import.toml": 'schema = 1\n[imports.core]\nsource = "x"\nversion = "1.0.0"\ncommit = "abc"\n',
    },
    ours: "taken",
  },
  "a broken list of imports in gc's home": {
    why: "Only gc writes it, and it belongs to no city.",
    texts: { "city.toml": "", ".home/.gc/implicit-import.toml": "[" },
    ours: "taken",
  },
};
