import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { AgentPhase } from "../runtime/city-state.ts";
import { allCommands } from "./commands/all-commands.ts";
import { cityPhases, contextKeys, controlKinds } from "./context-keys.ts";
import { allSettings } from "./setting-keys.ts";
import { viewKinds } from "./tree/view.ts";

interface MenuItem {
  /** Undefined for a menu in the menu. */
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
  readonly group?: string;
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { command: string; title: string; category: string; icon?: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { default: unknown }>> };
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly viewsWelcome: readonly { view: string; contents: string; when: string }[];
    readonly submenus: readonly { readonly id: string }[];
    readonly views: Readonly<Record<string, readonly { id: string }[]>>;
  };
}

const { contributes } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as Manifest;

const agentPhases = Object.keys({
  stopped: 0,
  waiting: 0,
  starting: 0,
  running: 0,
  draining: 0,
  quarantined: 0,
  exited: 0,
  failed: 0,
  stopping: 0,
} satisfies Record<AgentPhase, 0>) as AgentPhase[];

const menuItems = Object.values(contributes.menus).flat();
const whens = [...menuItems.flatMap(({ when }) => when ?? []), ...contributes.viewsWelcome.map(({ when }) => when)];
const commandIds = new Set(allCommands.map(({ id }) => id as string));

/** The phases of rows on which a menu item shows. */
function phasesOf({ when = "" }: MenuItem): readonly AgentPhase[] {
  const pattern = /viewItem =~ \/(.+)\//.exec(when)?.[1] ?? `^${/viewItem == (\w+)/.exec(when)?.[1]}$`;
  return agentPhases.filter((phase) => new RegExp(pattern).test(phase));
}

describe("package.json", () => {
  it("declares the commands of the code, and no others", () => {
    const declared = contributes.commands.map(({ command, title }) => ({ id: command, title }));
    expect(declared).toEqual(allCommands.map(({ id, title }) => ({ id, title })));
    expect(contributes.commands.every(({ category }) => category === "Gas City")).toBe(true);
  });

  it("declares the settings of the code, and no others", () => {
    const declared = Object.entries(contributes.configuration.properties);
    expect(declared.map(([key, setting]) => ({ key, default: setting.default }))).toEqual(allSettings);
  });

  it("names only existing commands in menus", () => {
    expect(menuItems.filter(({ command }) => command !== undefined && !commandIds.has(command))).toEqual([]);
  });

  it("has items in every menu of a menu, and a place for it", () => {
    const submenus = contributes.submenus.map(({ id }) => id);
    expect(menuItems.flatMap(({ submenu }) => submenu ?? [])).toEqual(submenus);
    for (const id of submenus) expect(contributes.menus[id]?.length).toBeGreaterThan(0);
  });

  it("names only existing commands in welcome texts", () => {
    const linked = contributes.viewsWelcome.flatMap(({ contents }) =>
      [...contents.matchAll(/\(command:(.+?)\)/g)].map((match) => match[1] ?? ""),
    );
    expect(linked.length).toBeGreaterThan(0);
    expect(linked.filter((id) => id.startsWith("gascity.") && !commandIds.has(id))).toEqual([]);
  });

  it("gives inline and title buttons an icon", () => {
    const shown = [
      ...(contributes.menus["view/title"] ?? []).filter(({ group }) => group?.startsWith("navigation")),
      ...(contributes.menus["view/item/context"] ?? []).filter(({ group }) => group?.startsWith("inline")),
      ...(contributes.menus["editor/title"] ?? []),
    ];
    const withIcon = new Set(contributes.commands.filter(({ icon }) => icon).map(({ command }) => command));
    expect(shown.filter(({ command }) => command !== undefined && !withIcon.has(command))).toEqual([]);
  });

  it("asks only context keys that the code sets, for values that they take", () => {
    const known: Readonly<Record<string, readonly string[]>> = {
      "gascity.view": viewKinds,
      "gascity.city": cityPhases,
      "gascity.control": controlKinds,
      "gascity.alive": [],
    };
    expect(Object.keys(contextKeys({ kind: "noFolder" })).sort()).toEqual(Object.keys(known).sort());
    for (const when of whens) {
      const asked = when.matchAll(/(?<!view == )(gascity\.\w+)(?: [=!]= (\S+))?/g);
      for (const [, key = "", value] of asked) {
        expect(Object.keys(known), when).toContain(key);
        if (value !== undefined) expect(known[key], when).toContain(value);
      }
    }
  });

  it("has a welcome text for every kind of view but that with rows", () => {
    const welcomed = new Set(contributes.viewsWelcome.map(({ when }) => /gascity\.view == (\w+)/.exec(when)?.[1]));
    expect(welcomed).toEqual(new Set(viewKinds.filter((kind) => kind !== "ok")));
  });

  it("offers on a row the commands that fit its phase", () => {
    for (const command of allCommands) {
      if (command.kind !== "agent") continue;
      const items = (contributes.menus["view/item/context"] ?? []).filter((item) => item.command === command.id);
      const inContext = items.find(({ group }) => !group?.startsWith("inline"));
      expect(inContext && phasesOf(inContext).toSorted(), command.id).toEqual(command.phases.toSorted());
      for (const item of items) expect(command.phases, command.id).toEqual(expect.arrayContaining([...phasesOf(item)]));
    }
  });
});
