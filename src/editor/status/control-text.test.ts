import { describe, expect, it } from "vitest";
import type { CityState } from "../../runtime/city-state.ts";
import { exampleCity as city, otherController } from "../example-city.ts";
import { controlSentence, controlText, hasOtherController } from "./control-text.ts";

const problem = { code: "control-lost", reason: "It was asleep", action: "Wait" } as const;

describe("who controls a city", () => {
  it.each<[CityState, string, string | undefined, boolean]>([
    [city({}), "", undefined, false],
    [city({ phase: "stopped", control: { kind: "free" } }), "", undefined, false],
    [city({ control: { kind: "taking" } }), "", "Taking control of the city…", false],
    [city({ phase: "stopped", control: { kind: "taking" } }), "", undefined, false],
    [
      city({ control: otherController }),
      "controlled elsewhere",
      "Controlled by gascity on ada (process 42); this window watches.",
      true,
    ],
    [city({ control: { kind: "lost", problem } }), "control lost", "It was asleep. Wait.", true],
  ])("is told in few words and in sentences (case %#)", (state, words, sentence, other) => {
    expect(controlText(state)).toBe(words);
    expect(controlSentence(state)).toBe(sentence);
    expect(hasOtherController(state)).toBe(other);
  });

  it("is nobody when the one who did has gone", () => {
    const state = city({ control: { kind: "free" } });
    expect(controlText(state)).toBe("not controlled");
    expect(controlSentence(state)).toContain("nothing restarts its agents");
  });
});
