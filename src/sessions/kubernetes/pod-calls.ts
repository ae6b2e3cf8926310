import type { V1Pod } from "@kubernetes/client-node";
import type { TerminalSize } from "../session-provider.ts";
import type { PodProcess } from "./pod-process.ts";
import type { PodView } from "./pod-view.ts";

/** What a command in a container printed, and its exit code. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}
