/** Where in a TOML document the finger points: keys and array indices from the root. */
export type TomlPath = readonly (string | number)[];
