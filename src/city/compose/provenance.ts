import type { TomlPath } from "../text/toml-path.ts";
import { below, type Origin } from "./origin.ts";

/**
 * Remembers where the tables of a composed city were written, and which other table gave one of their keys its value:
 * a patch, an override, a fragment. Holds no table in memory.
 */
export class Provenance {
  readonly #tables = new WeakMap<object, Origin>();
  readonly #keys = new WeakMap<object, Map<string | number, Origin>>();

  /** `table` was written at `origin`. */
  declare(table: object, origin: Origin): void {
    this.#tables.set(table, origin);
  }

  /** The value of `key` in `table` was written at `origin`, outside of the table. */
  set(table: object, key: string | number, origin: Origin): void {
    const keys = this.#keys.get(table) ?? new Map<string | number, Origin>();
    this.#keys.set(table, keys.set(key, origin));
  }

  /** `copy` holds the values of `table`. */
  copy(table: object, copy: object): void {
    const origin = this.#tables.get(table);
    if (origin) this.#tables.set(copy, origin);
    const keys = this.#keys.get(table);
    if (keys) this.#keys.set(copy, new Map(keys));
  }

  /** Where `table` was written; undefined for one that no file has. */
  of(table: object): Origin | undefined {
    return this.#tables.get(table);
  }

  /** Where the value of `key` in `table` was written; undefined when no file has it. */
  ofKey(table: object, key: string | number): Origin | undefined {
    const origin = this.#keys.get(table)?.get(key);
    if (origin) return origin;
    const own = this.#tables.get(table);
    return own && below(own, key);
  }

  /** Where the value at `path` below the table `root` was written, or that of its nearest ancestor which was. */
  locate(root: object, path: TomlPath): Origin | undefined {
    let origin = this.#tables.get(root);
    let value: unknown = root;
    for (const key of path) {
      if (typeof value !== "object" || value === null) return origin && below(origin, key);
      const given = this.#keys.get(value)?.get(key);
      const child: unknown = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
      const declared = typeof child === "object" && child !== null ? this.#tables.get(child) : undefined;
      origin = declared ?? given ?? (origin && below(origin, key));
      value = child;
    }
    return origin;
  }
}
