import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fuzzRuns } from "../../../test/fuzz-runs.ts";
import { type Moment, surelyPassed } from "./lease-clock.ts";
import {
  type LeaseView,
  type Sighting,
  leaseTimes,
  mayAct,
  nothingSeen,
  sighted,
  writeDue,
  written,
} from "./lease-rules.ts";

const at = (steady: number, wall = steady, boot = steady): Moment => ({ steady, wall, boot });
const lease = (holder: string, version = "1", duration = 15_000) => ({ holder, version, duration });

describe("a holder acts", () => {
  const renewed = written("me", lease("me"), at(1000), at(1900));

  it.each([
    ["until ten seconds after it has sent its last good write", at(10_999), true],
    ["no longer", at(11_000), false],
    ["not after the machine may have slept", at(2000, 11_000), false],
    ["not after a sleep that a set clock hides", at(2000, 500, 11_000), false],
    ["though somebody has set the clock back", at(2000, -1e9), true],
  ])("%s", (_, now, expected) => {
    expect(mayAct(renewed, now, leaseTimes)).toBe(expected);
  });

  it("not when its write named somebody else", () => {
    expect(mayAct(written("me", lease("you"), at(0), at(1)), at(2), leaseTimes)).toBe(false);
  });
});

describe("a contender writes", () => {
  const own = new Set(["me", "before me"]);
  const seen = (holder: string, duration?: number): LeaseView =>
    sighted(nothingSeen, lease(holder, "1", duration), at(0));

  it.each([
    ["at once where nobody has", nothingSeen, at(0), 0],
    ["at once over a lease that was given back", seen(""), at(0), 0],
    ["at once over its own of before", seen("me"), at(0), 0],
    ["when another's has not changed for as long as it lasts", seen("you"), at(14_000), 1000],
    ["not before the time that its holder asks for", seen("you", 60_000), at(14_000), 46_000],
    ["however the clock is set meanwhile", seen("you"), at(1000, 1e9), 14_000],
    ["two seconds after its last write", written("me", lease("me"), at(0), at(500)), at(600), 1400],
    ["at once over a predecessor that acts no more", seen("before me", 60_000), at(0), 0],
    ["not over another because of what predecessors it has", seen("you"), at(0), 15_000],
  ])("%s", (_, view, now, expected) => {
    expect(writeDue(view, own, now, leaseTimes)).toBe(expected);
  });

  it("counts anew from each change, and not from seeing the same again", () => {
    const view = sighted(sighted(seen("you"), lease("you"), at(5000)), lease("you", "2"), at(9000));
    expect(writeDue(view, own, at(10_000), leaseTimes)).toBe(14_000);
  });
});

/**
 * What befalls one contender, in milliseconds of the world's own time:
 * - `freeze`: it does nothing while its clocks go on (SIGSTOP). `sleep`: its steady clock stands still, too
 * - `cut there`: what it sends arrives when the fault is over. `cut back`: so do the answers. `cut watch`: so does the news
 * - `set clock`: its wall clock is set ahead by as much as it lasts, or back
 * - `release`: it gives the lease back when it has it, and contends again afterwards
 * - `kill`: another takes its place and inherits from it; what it has sent arrives when the fault is over
 * - `yield`: another on its machine takes its place and inherits from it, or the one before that
 */
interface Fault {
  readonly who: number;
  readonly what:
    | ("freeze" | "sleep" | "cut there" | "cut back" | "cut watch" | "set clock" | "set back" | "release")
    | ("kill" | "yield");
  readonly from: number;
  readonly lasts: number;
}

type Lease = Omit<Sighting, "at">;

/** A write, or a look when it has no holder. */
interface Call {
  readonly sentAt: Moment;
  readonly expects: string | undefined;
  readonly holder: string | undefined;
  answer?: Lease | "conflict" | "nothing";
}

class Server {
  readonly history: Lease[] = [];

  take(call: Call): void {
    const current = this.history.at(-1);
    if (call.holder === undefined) call.answer = current ?? "nothing";
    else if (call.expects !== current?.version) call.answer = "conflict";
    else this.history.push((call.answer = lease(call.holder, String(this.history.length))));
  }
}

/** One contender, which does as CityLease does, with clocks of its own that run at its own rate. */
class Contender {
  readonly name: string;
  state: "with the lock" | "without it" | "dead" = "with the lock";
  /** Its name, and those that it inherits from. */
  own: ReadonlySet<string>;
  view: LeaseView = nothingSeen;
  now: Moment = at(0);
  readonly #server: Server;
  readonly #rate: number;
  /** On their way to the server; it may wait for none of them any more. */
  readonly #sent = new Set<Call>();
  #awaited: Call | undefined;
  #shown = 0;

  constructor(name: string, server: Server, rate: number) {
    this.name = name;
    this.own = new Set([name]);
    this.#server = server;
    this.#rate = rate;
  }

  /** What happens within `time`, while these faults last. */
  pass(time: number, faults: ReadonlyMap<Fault["what"], Fault>): void {
    const passed = time * this.#rate;
    const begins = (what: Fault["what"]): number => {
      const fault = faults.get(what);
      return fault && fault.from < tick ? fault.lasts * 100 : 0;
    };
    this.now = {
      steady: this.now.steady + (faults.has("sleep") ? 0 : passed),
      boot: this.now.boot + passed,
      wall: this.now.wall + passed + begins("set clock") - begins("set back"),
    };
    if (!faults.has("cut there") && !(this.state === "dead" && faults.has("kill"))) {
      for (const call of this.#sent) this.#server.take(call);
      this.#sent.clear();
    }
    if (faults.has("freeze") || faults.has("sleep") || this.state === "dead") return;
    if (!faults.has("cut watch")) this.#watch();
    if (!faults.has("cut back")) this.#hear();
    if (this.#awaited && surelyPassed(this.#awaited.sentAt, this.now) > patience) this.#awaited = undefined;
    if (this.#awaited) return;
    if (faults.has("release") || this.state === "without it") this.#release();
    else if (writeDue(this.view, this.own, this.now, leaseTimes) === 0) this.#send(this.name);
  }

  mayAct(): boolean {
    return this.state === "with the lock" && mayAct(this.view, this.now, leaseTimes);
  }

  /** It acts no more from then on. */
  leave(state: "without it" | "dead"): void {
    this.state = state;
    this.view = { ...this.view, renewedAt: undefined };
  }

  #release(): void {
    if (this.view.seen?.holder !== this.name) return;
    this.view = { ...this.view, renewedAt: undefined };
    this.#send("");
  }

  #send(holder: string | undefined): void {
    this.#awaited = { sentAt: this.now, expects: this.view.seen?.version, holder };
    this.#sent.add(this.#awaited);
  }

  /** A holder believes its own writes and looks only. */
  #watch(): void {
    const news = this.#server.history.slice(this.#shown);
    this.#shown += news.length;
    if (!this.view.renewedAt) for (const each of news) this.view = sighted(this.view, each, this.now);
  }

  #hear(): void {
    const { answer, holder, sentAt } = this.#awaited ?? {};
    if (answer === undefined || sentAt === undefined) return;
    this.#awaited = undefined;
    if (answer === "conflict") this.#send(undefined);
    else if (answer !== "nothing" && holder !== undefined) this.view = written(this.name, answer, sentAt, this.now);
    else if (answer !== "nothing") {
      this.view = sighted(this.view, answer, this.now);
      if (answer.holder !== this.name) this.view = { ...this.view, renewedAt: undefined };
    }
    if (this.state === "without it") this.view = { ...this.view, renewedAt: undefined };
  }
}

/** The contenders of one machine: one at a time has its lock (flock), which nobody has who acts no more, and leaves its name to the next. */
class Machine {
  readonly #make: (name: string) => Contender;
  readonly #all: Contender[] = [];
  #left: readonly string[] = [];
  #holder: Contender;

  constructor(name: string, server: Server, rate: number) {
    this.#make = (suffix) => new Contender(name + suffix, server, rate);
    this.#holder = this.#next();
  }

  /** What happens within `time`, while these faults last; whether somebody here may act then. */
  pass(time: number, faults: ReadonlyMap<Fault["what"], Fault>): boolean {
    const begins = (what: Fault["what"]): boolean => (faults.get(what)?.from ?? tick) < tick;
    const stops = faults.has("freeze") || faults.has("sleep");
    if (begins("kill") && !faults.has("sleep")) this.#replace("dead");
    else if (begins("yield") && !stops) this.#replace("without it");
    for (const each of this.#all) each.pass(time, faults);
    return !stops && this.#holder.mayAct();
  }

  #replace(becomes: "without it" | "dead"): void {
    const waiting = this.#all.find(({ state }) => state === "without it");
    this.#holder.leave(becomes);
    this.#holder = this.#next(becomes === "dead" ? undefined : waiting);
  }

  #next(next = this.#make(`.${this.#all.length}`)): Contender {
    if (!this.#all.includes(next)) this.#all.push(next);
    next.state = "with the lock";
    next.own = new Set([next.name, ...this.#left]);
    this.#left = [...next.own].slice(0, 8);
    return next;
  }
}

const tick = 500;
const patience = 4000;
const lasting = 200_000;
const histories = fc.record({
  rates: fc.array(fc.double({ min: 0.85, max: 1.2, noNaN: true }), { minLength: 2, maxLength: 4 }),
  faults: fc.array(
    fc.record({
      who: fc.nat(3),
      what: fc.constantFrom<Fault["what"]>(
        ...(["freeze", "sleep", "cut there", "cut back", "cut watch", "set clock", "set back", "release"] as const),
        ...(["kill", "kill", "yield"] as const),
      ),
      from: fc.nat(lasting),
      lasts: fc.oneof(fc.nat(3000), fc.nat(12_000), fc.nat(40_000)),
    }),
    { minLength: 5, maxLength: 40, size: "max" },
  ),
});

/** Plays a history; tells how often the lease went to another, how often to one of the same machine, and how many could have acted at once at most. */
function play({ rates, faults }: { readonly rates: readonly number[]; readonly faults: readonly Fault[] }) {
  const server = new Server();
  const machines = rates.map((rate, index) => new Machine(`c${index}`, server, rate));
  let most = 0;
  for (let time = 0; time < lasting; time += tick) {
    let acting = 0;
    machines.forEach((machine, index) => {
      const mine = faults.filter(({ who, from, lasts }) => who === index && from <= time && time < from + lasts);
      const of = new Map(mine.map((fault) => [fault.what, { ...fault, from: time - fault.from }]));
      if (machine.pass(tick, of)) acting += 1;
    });
    most = Math.max(most, acting);
  }
  const holders = server.history.map(({ holder }) => holder).filter((holder) => holder !== "");
  const changes = holders.filter((holder, index) => holder !== holders[index - 1]);
  const machineOf = (holder: string | undefined): string | undefined => holder?.split(".", 1)[0];
  const inherited = changes.filter((holder, index) => machineOf(holder) === machineOf(changes[index - 1]));
  return { most, changes: changes.length, inherited: inherited.length };
}

describe("of any number of contenders", () => {
  it("no two may act at once, whatever is frozen, asleep, late, lost or set wrong", () => {
    fc.assert(
      fc.property(histories, (history) => {
        expect(play(history).most).toBeLessThanOrEqual(1);
      }),
      { numRuns: fuzzRuns(0.2) },
    );
  });

  it("the histories that show it are such in which the lease goes from one to another", () => {
    const played = fc.sample(histories, { numRuns: 200, seed: 7 }).map(play);
    expect(played.filter(({ changes }) => changes > 1).length).toBeGreaterThan(100);
    expect(played.filter(({ changes }) => changes > 2).length).toBeGreaterThan(20);
    expect(played.filter(({ inherited }) => inherited > 1).length).toBeGreaterThan(20);
  });
});
