/** A setting as the manifest declares it; a test compares them. */
export interface Setting<T> {
  readonly key: `gascity.${string}`;
  readonly default: T;
}

export const startOnOpen: Setting<boolean> = { key: "gascity.startOnOpen", default: false };

/** Every setting of the extension. */
export const allSettings: readonly Setting<unknown>[] = [startOnOpen];
