import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LastBytes } from "./last-bytes.ts";

describe("LastBytes", () => {
  it("keeps the end of what came, however it was cut", () => {
    const chunk = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 30 });
    fc.assert(
      fc.property(fc.array(chunk), fc.integer({ min: 1, max: 40 }), (chunks, most) => {
        const last = new LastBytes(most);
        for (const each of chunks) last.take(Buffer.from(each));
        expect(last.text).toBe(chunks.join("").slice(-most));
      }),
    );
  });

  it("puts together a character that came in two chunks", () => {
    const last = new LastBytes(10);
    const bytes = Buffer.from("größe");
    last.take(bytes.subarray(0, 3));
    last.take(bytes.subarray(3));
    expect(last.text).toBe("größe");
  });
});
