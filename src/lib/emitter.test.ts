import { expect, it } from "vitest";
import { Emitter } from "./emitter.ts";

it("calls every listener once in order, past one that throws, and none that has gone", () => {
  const emitter = new Emitter<number>();
  const heard: string[] = [];
  emitter.event((value) => heard.push(`a${value}`));
  emitter.event(() => {
    throw new Error("listener");
  });
  const gone = emitter.event((value) => heard.push(`gone${value}`));
  emitter.event((value) => heard.push(`b${value}`));
  gone.dispose();
  expect(() => emitter.fire(1)).toThrow("listener");
  expect(heard).toEqual(["a1", "b1"]);
  emitter.dispose();
  emitter.fire(2);
  expect(heard).toHaveLength(2);
});
