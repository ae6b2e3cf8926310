import { spawnSync } from "node:child_process";
import { hostname } from "node:os";
import { pid } from "node:process";
import { expect, it } from "vitest";
import { Emitter } from "../../lib/emitter.ts";
import type { ControlState, OtherController } from "./control-state.ts";
import { hasDiedHere, untilReplaced } from "./dead-controller.ts";

const dead = spawnSync("true").pid;

function holder(change: Partial<OtherController>): OtherController {
  const rest = { host: hostname(), pid: dead, program: "editor", since: undefined } as const;
  return { kind: "elsewhere", by: "an editor", where: "the cluster", ...rest, ...change };
}

/** A control that is in another's hands and changes when told. */
class ExampleControl {
  readonly #changed = new Emitter<ControlState>();
  readonly onDidChange = this.#changed.event;
  state: ControlState = holder({});

  become(state: ControlState): void {
    this.state = state;
    this.#changed.fire(state);
  }
}

it.each<[boolean, ControlState]>([
  [true, holder({})],
  [false, holder({ pid })],
  [false, holder({ pid: undefined })],
  [false, holder({ host: "another" })],
  [false, holder({ where: "this machine" })],
  [false, { kind: "controlling" }],
])("knows a holder of the lease that has died here: %s (case %#)", (died, state) => {
  expect(hasDiedHere(state)).toBe(died);
});

it("waits until the dead one's lease is over", async () => {
  const control = new ExampleControl();
  const replaced = untilReplaced(control);
  control.become(holder({ by: "the same" }));
  control.become({ kind: "taking" });
  control.become({ kind: "controlling" });
  expect(await replaced).toEqual({ kind: "controlling" });
});

it("waits no longer than the person does", async () => {
  const control = new ExampleControl();
  const person = new AbortController();
  const replaced = untilReplaced(control, person.signal);
  person.abort();
  await expect(replaced).rejects.toMatchObject({ name: "AbortError" });
});
