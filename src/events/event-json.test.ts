import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyCharacter } from "../../test/any-character.ts";
import { eventJson, parseEvent } from "./event-json.ts";
import type { NewEvent } from "./event-log.ts";

const anyText = fc.string({ unit: anyCharacter });
const written = fc.string({ unit: anyCharacter, minLength: 1 });
const anyEvent: fc.Arbitrary<NewEvent> = fc.record(
  {
    type: written,
    time: fc.integer({ min: 0, max: Date.UTC(9999, 0) }),
    actor: anyText,
    subject: written,
    message: written,
    payload: fc.jsonValue({ stringUnit: anyCharacter }).map((value) => JSON.stringify(value)),
  },
  { requiredKeys: ["type", "time", "actor"] },
);

/** As gc 0.15.1 wrote them. */
const ofGc = [
  '{"seq":1,"type":"a.b","ts":"2026-11-26T07:37:45.608930223Z","actor":"human"}',
  String.raw`{"seq":1,"type":"x\u003cy\u003e\u0026\"\\/","ts":"2026-11-26T02:42:37.780681935-05:00","actor":"tab\tnl\n\u0001\u2028 é 𝄞","message":"\b\f\r"}`,
  String.raw`{"seq":2,"type":"p2","ts":"2026-11-26T07:37:45.674113874Z","actor":"human","payload":{"b":1.0,"a":[1,2e5],"s":"\u003cé\u2028\ud800\/  \u003e a b  \u0000","z":1e400,"n":null}}`,
  '{"seq":3,"type":"p3","ts":"2026-11-26T07:37:45.696430523Z","actor":"human","payload":null}',
];

describe("an event", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(anyEvent, fc.maxSafeNat(), (event, seq) => {
        const json = eventJson(event)(seq);
        const { ts, payload, ...read } = parseEvent(json) ?? {};
        const { payload: given, ...rest } = event;
        expect({ ...read, payload: payload && JSON.parse(payload) }).toEqual({
          ...rest,
          seq,
          payload: given && JSON.parse(given),
        });
        expect(Date.parse(ts ?? "")).toBe(event.time);
      }),
    );
  });

  it("of gc is written as gc wrote it, but for a time finer than a millisecond", () => {
    for (const json of ofGc) {
      const event = parseEvent(json);
      const { seq = 0, ts = "", ...rest } = event ?? {};
      const again = event && eventJson({ ...event, ...rest })(seq);
      expect(again?.replace(/"ts":"[^"]*"/u, `"ts":"${ts}"`)).toBe(json);
    }
  });

  it("has no members that are empty", () => {
    const event = { type: "a", time: 0, actor: "", subject: "", message: "" };
    expect(eventJson(event)(7)).toBe('{"seq":7,"type":"a","ts":"1970-01-01T00:00:00Z","actor":""}');
  });

  it.each<[string, Partial<NewEvent>]>([
    ["payload", { payload: "{a:1}" }],
    ["time", { time: Number.NaN }],
  ])("is not written with a %s that is none", (_, change) => {
    expect(() => eventJson({ type: "a", time: 0, actor: "x", ...change })).toThrow();
  });
});

describe("what is no event", () => {
  it.each([
    "",
    "null",
    "[]",
    "{}",
    '{"seq":1,"type":"a","ts":"2026-11-26T07:37:45Z","actor":"x"',
    '{"seq":"1","type":"a","ts":"2026-11-26T07:37:45Z","actor":"x"}',
    '{"seq":-1,"type":"a","ts":"2026-11-26T07:37:45Z","actor":"x"}',
    '{"seq":99999999999999999999,"type":"a","ts":"2026-11-26T07:37:45Z","actor":"x"}',
    '{"seq":1,"type":"","ts":"2026-11-26T07:37:45Z","actor":"x"}',
    '{"seq":1,"type":"a","ts":"2026-11-26 07:37:45Z","actor":"x"}',
    '{"seq":1,"type":"a","ts":"2026-13-26T07:37:45Z","actor":"x"}',
    '{"seq":1,"type":"a","ts":"2026-11-26T07:37:45Z","actor":1}',
    '{"seq":1,"type":"a","ts":"2026-11-26T07:37:45Z","actor":"x","message":[]}',
  ])("%j", (json) => {
    expect(parseEvent(json)).toBeUndefined();
  });
});
