import { describe, expect, it } from "vitest";
import { cityOfText } from "../../../test/city-of-text.ts";
import { cityTemplate } from "./city-template.ts";

describe("cityTemplate", () => {
  it.each(["demo", 'a "quoted" name \\ here'])("is a city without faults, called %s", (name) => {
    const { city, diagnostics } = cityOfText(cityTemplate(name));
    expect(diagnostics).toEqual([]);
    expect(city?.name).toBe(name);
    expect(city?.provider.kind).toBe("tmux");
    expect(city?.sessions.map(({ agent }) => agent)).toEqual(["helper"]);
  });

  it("offers Kubernetes settings that are right once uncommented", () => {
    const text = cityTemplate("demo")
      .replace('provider = "tmux"', 'provider = "k8s"')
      .replaceAll(/^# (?=\[session\.k8s|namespace|image)/gm, "");
    const { city, diagnostics } = cityOfText(text);
    expect(diagnostics).toEqual([]);
    expect(city?.provider).toMatchObject({ kind: "k8s", settings: { namespace: "gc" } });
  });
});
