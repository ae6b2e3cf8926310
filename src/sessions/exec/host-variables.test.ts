import { expect, it } from "vitest";
import { withoutHostVariables } from "./host-variables.ts";

const host = { PATH: "/usr/bin", HOME: "/root", USER: "me", GC_CITY: "/city" };

it("leaves out what gc has of its own machine", () => {
  const theirs = { ...host, XDG_CONFIG_HOME: "/root/.config", XDG_STATE_HOME: "/root/.local/state", GC_BIN: "/bin/gc" };
  expect(withoutHostVariables(theirs, host)).toEqual({ GC_CITY: "/city" });
  const set = { ...theirs, XDG_STATE_HOME: "/state" };
  expect(withoutHostVariables(set, { ...host, XDG_STATE_HOME: "/state" })).toEqual({ GC_CITY: "/city" });
});

it("keeps what was set for the agent", () => {
  const own = { PATH: "/opt/bin:/usr/bin", HOME: "/home/gcagent", XDG_CONFIG_HOME: "/x", USER: "" };
  expect(withoutHostVariables(own, host)).toEqual(own);
  expect(withoutHostVariables({ LOGNAME: "a" }, host)).toEqual({ LOGNAME: "a" });
});
