import { expect, it } from "vitest";
import { KeyedQueue } from "./keyed-queue.ts";

it("runs one key's tasks in order, past a failure, and does not let another key wait", async () => {
  const queue = new KeyedQueue();
  const done: string[] = [];
  const first = Promise.withResolvers<void>();
  const failing = queue.run("a", async () => {
    await first.promise;
    done.push("a1");
    throw new Error("no");
  });
  const second = queue.run("a", async () => void done.push("a2"));
  await queue.run("b", async () => void done.push("b1"));
  expect(done).toEqual(["b1"]);
  first.resolve();
  await expect(failing).rejects.toThrow("no");
  await second;
  expect(done).toEqual(["b1", "a1", "a2"]);
});
