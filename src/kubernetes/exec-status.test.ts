import { expect, it } from "vitest";
import { exitCodeOf } from "./exec-status.ts";

it("reads success, exit codes and refusals", () => {
  expect(exitCodeOf('{"metadata":{},"status":"Success"}')).toBe(0);
  const failure = {
    status: "Failure",
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: "137" }] },
  };
  expect(exitCodeOf(JSON.stringify(failure))).toBe(137);
  const refusal = { status: "Failure", reason: "InternalError", message: "no such file", code: 500 };
  expect(exitCodeOf(JSON.stringify(refusal))).toMatchObject({ status: 500, message: "no such file" });
});

it("says so when the end cannot be read", () => {
  expect(exitCodeOf("<html>")).toMatchObject({ message: "the command's end cannot be read: <html>" });
});
