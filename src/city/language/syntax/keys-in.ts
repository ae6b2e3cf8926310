import type { TomlPath } from "../../text/toml-path.ts";
import type { ScannedEntry, ScannedToml, ScannedValue } from "../../text/scan/scanned-toml.ts";

/** The keys that a text gives the table at `path`, wherever it does. */
export function keysIn({ sections }: ScannedToml, path: TomlPath): ReadonlySet<string | number> {
  const keys = new Set<string | number>();
  const look = (written: TomlPath): void => {
    const key = written[path.length];
    if (key !== undefined && isPrefix(path, written)) keys.add(key);
  };
  const lookInto = (value: ScannedValue | undefined): void => {
    if (value?.kind === "table") value.entries.forEach(lookAt);
    if (value?.kind === "array") value.items.forEach(lookInto);
  };
  const lookAt = ({ path: written, value }: ScannedEntry): void => {
    look(written);
    if (written.length < path.length || isPrefix(path, written)) lookInto(value);
  };
  for (const section of sections) {
    look(section.path);
    section.entries.forEach(lookAt);
  }
  return keys;
}

/** Whether `path` begins with all of `prefix`. */
export function isPrefix(prefix: TomlPath, path: TomlPath): boolean {
  return prefix.every((key, index) => key === path[index]);
}
