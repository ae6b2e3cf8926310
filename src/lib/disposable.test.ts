import { expect, it } from "vitest";
import { DisposableStore, toDisposable } from "./disposable.ts";

it("disposes what it owns once, the last first, and what comes later at once", () => {
  const disposed: string[] = [];
  const store = new DisposableStore();
  const own = (name: string) => store.add(toDisposable(() => disposed.push(name)));
  own("a");
  own("b");
  store.dispose();
  store.dispose();
  own("late");
  expect(disposed).toEqual(["b", "a", "late"]);
});
