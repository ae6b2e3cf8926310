import * as z from "zod";
import { launchCommand } from "../../city/resolve/prompt-delivery.ts";
import type { SessionConfig } from "../../city/session-config.ts";
import { ProblemError } from "../../lib/problem.ts";

const strings = z.array(z.string()).nullish();

/** What gc sends on stdin of `start` (gascity-spec §7.3). Fields that have no effect here are let pass. */
const message = z.looseObject({
  work_dir: z.string().nullish(),
  command: z.string().nullish(),
  env: z.record(z.string(), z.string()).nullish(),
  process_names: strings,
  nudge: z.string().nullish(),
  ready_prompt_prefix: z.string().nullish(),
  ready_delay_ms: z.number().nullish(),
  pre_start: strings,
  session_setup: strings,
  session_setup_script: z.string().nullish(),
  session_live: strings,
  pack_overlay_dirs: strings,
  overlay_dir: z.string().nullish(),
  copy_files: z.array(z.object({ src: z.string(), rel_dst: z.string().nullish() })).nullish(),
});

/** What a script gets to start a session; the first prompt stands in the command, for which the protocol has no field. */
export function startMessage(config: SessionConfig): z.input<typeof message> {
  return {
    work_dir: config.workDir,
    command: launchCommand(config),
    env: config.env,
    process_names: [...config.processNames],
    nudge: config.nudge,
    ready_prompt_prefix: config.readyPromptPrefix ?? "",
    ready_delay_ms: config.readyDelay ?? 0,
    pre_start: [...config.preStart],
    session_setup: [...(config.sessionSetup ?? [])],
    session_setup_script: config.sessionSetupScript ?? "",
    session_live: [...(config.sessionLive ?? [])],
    pack_overlay_dirs: [...(config.packOverlayDirs ?? [])],
    overlay_dir: config.overlayDir,
    copy_files: config.copyFiles.map(({ src, relDst }) => ({ src, rel_dst: relDst })),
  };
}

/** Reads a start message. Fails with `unsupported` when it is none. */
export function parseStartMessage(text: string): SessionConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalid("it is not JSON", error);
  }
  const result = message.safeParse(json);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw invalid(`${issue?.path.join(".")}: ${issue?.message}`, result.error);
  }
  const { data } = result;
  return {
    workDir: data.work_dir ?? "",
    command: data.command ?? "",
    env: data.env ?? {},
    processNames: data.process_names ?? [],
    nudge: data.nudge ?? "",
    readyPromptPrefix: data.ready_prompt_prefix ?? "",
    readyDelay: data.ready_delay_ms ?? 0,
    preStart: data.pre_start ?? [],
    sessionSetup: data.session_setup ?? [],
    sessionSetupScript: data.session_setup_script ?? "",
    sessionLive: data.session_live ?? [],
    packOverlayDirs: data.pack_overlay_dirs ?? [],
    overlayDir: data.overlay_dir ?? "",
    copyFiles: (data.copy_files ?? []).map(({ src, rel_dst }) => ({ src, relDst: rel_dst ?? "" })),
  };
}

function invalid(why: string, cause: unknown): ProblemError {
  return new ProblemError(
    {
      code: "unsupported",
      reason: `The start message on standard input cannot be used: ${why}`,
      action: 'Send one JSON object, for example {"work_dir": "/tmp", "command": "bash"}',
    },
    { cause },
  );
}
