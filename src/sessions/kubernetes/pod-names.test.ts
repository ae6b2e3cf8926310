import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyCharacter } from "../../../test/any-character.ts";
import { readVectors } from "../../../test/golden-vectors.ts";
import { podIdentity, sanitizeLabel, sanitizeName } from "./pod-names.ts";

interface NameVector {
  readonly in: string;
  readonly pod_name: string;
  readonly label: string;
  readonly label_refused_by_kubernetes?: boolean;
  readonly pod_name_refused_by_kubernetes?: boolean;
}
const vectors = (readVectors("names.json") as { sanitize: NameVector[] }).sanitize;

describe("names on the cluster", () => {
  it.each(vectors)("are gc's for $in", (vector) => {
    expect(sanitizeName(vector.in)).toBe(vector.pod_name);
    expect(sanitizeLabel(vector.in)).toBe(vector.label);
  });

  it.each(vectors)("are refused exactly where Kubernetes refuses them: $in", (vector) => {
    if (vector.label_refused_by_kubernetes || vector.pod_name_refused_by_kubernetes) {
      expect(() => podIdentity(vector.in)).toThrow(/cannot be a Kubernetes label/u);
    } else {
      expect(podIdentity(vector.in)).toEqual({ podName: vector.pod_name, label: vector.label });
    }
  });

  it("are valid or refused, whatever the session is called", () => {
    const anything = fc.oneof(fc.string({ unit: anyCharacter }), fc.string({ unit: "grapheme", maxLength: 90 }));
    fc.assert(
      fc.property(anything, (name) => {
        let identity;
        try {
          identity = podIdentity(name);
        } catch {
          return;
        }
        expect(identity.podName).toMatch(/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/u);
        expect(identity.label).toMatch(/^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/u);
      }),
    );
  });

  it("survive being sanitized again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 90 }), (name) => {
        expect(sanitizeName(sanitizeName(name))).toBe(sanitizeName(name));
        expect(sanitizeLabel(sanitizeLabel(name))).toBe(sanitizeLabel(name));
      }),
    );
  });
});
