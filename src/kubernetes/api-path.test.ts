import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apiPath, checkedName } from "./api-path.ts";

describe("apiPath", () => {
  it("encodes segments and parameters, repeats arrays and leaves out what is undefined", () => {
    const query = { command: ["sh", "-c", "a b&c"], tty: true, limit: undefined };
    expect(apiPath(["api", "v1", "a/b"], query)).toBe("/api/v1/a%2Fb?command=sh&command=-c&command=a+b%26c&tty=true");
  });

  it.each(["", ".", ".."])("refuses the segment %j, which a URL would resolve away", (segment) => {
    expect(() => apiPath(["api", segment])).toThrow(/cannot be a name/u);
  });
});

describe("checkedName", () => {
  it.each(["", "../secrets", "A", "a/b", "-a", "a-", "a%2Fb", "a".repeat(254)])("refuses %j", (name) => {
    expect(() => checkedName(name)).toThrow(/cannot be a name/u);
  });

  it("lets nothing through that changes a path", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        let name: string;
        try {
          name = checkedName(text);
        } catch {
          return;
        }
        expect(new URL(apiPath(["pods", name]), "http://host").pathname).toBe(`/pods/${text}`);
      }),
    );
  });
});
