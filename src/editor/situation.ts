import type { CityState } from "../runtime/city-state.ts";

/** What the editor has in front of it: a city, or the reason why there is none. */
export type Situation =
  | { readonly kind: "noFolder" }
  | { readonly kind: "untrusted" }
  | { readonly kind: "noCity" }
  | { readonly kind: "city"; readonly state: CityState };

/** The state of the city in a situation, if there is a city. */
export function stateOf(situation: Situation): CityState | undefined {
  return situation.kind === "city" ? situation.state : undefined;
}
