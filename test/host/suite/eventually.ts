import type { Disposable } from "../../../src/lib/disposable.ts";

/** Resolves with the first defined value that `look` returns, now or when something that `subscribe` tells of changed. */
export async function eventually<T>(
  subscribe: (listener: () => void) => Disposable,
  look: () => T | undefined,
): Promise<T> {
  const found = Promise.withResolvers<T>();
  const check = (): void => {
    const value = look();
    if (value !== undefined) found.resolve(value);
  };
  const subscription = subscribe(check);
  check();
  try {
    return await found.promise;
  } finally {
    subscription.dispose();
  }
}
