import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeFrame, encodeFrame } from "./exec-frames.ts";

it("decodes what it encodes", () => {
  fc.assert(
    fc.property(fc.nat(255), fc.uint8Array(), (channel, data) => {
      expect(decodeFrame(encodeFrame(channel, data))).toEqual({ channel, data: Buffer.from(data) });
    }),
  );
});

it("takes a frame of no bytes for nothing", () => {
  expect(decodeFrame(Buffer.alloc(0))).toBeUndefined();
});
