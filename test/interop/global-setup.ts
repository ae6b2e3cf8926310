import { requiredGc } from "./gc.ts";

/** For vitest: who asks for these tests without gc is told what they need. */
export function setup(): void {
  requiredGc();
}
