import { describe, expect, it } from "vitest";
import { Emitter } from "../../lib/emitter.ts";
import type { AttachmentEnd, TerminalSize } from "../session-provider.ts";
import { PodTerminal, attachmentEnd } from "./pod-terminal.ts";

describe("attachmentEnd", () => {
  it.each<[string, string, number, boolean, AttachmentEnd["kind"], RegExp]>([
    ["a person's detach", "\u001B[?1049l[detached (from session main)]\r\n", 0, false, "detached", /goes on/u],
    ["a detach just before the pod goes", "[detached (from session main)]\r\n", 0, true, "detached", /goes on/u],
    ["the agent's end", "\u001B[?1049l[exited]\r\n", 0, false, "exited", /has ended/u],
    ["the server's end", "[server exited]\r\n", 1, false, "exited", /has ended/u],
    ["an agent that was gone already", "can't find session: main\r\n", 1, false, "exited", /has ended/u],
    ["the pod's end", "", 137, true, "exited", /has ended/u],
    ["a terminal that tmux does not know", "missing or unsuitable terminal: x\r\n", 1, false, "broken", /unsuitable/u],
    ["no last words", "", 137, false, "broken", /exit code 137$/u],
  ])("tells %s", (_, tail, exitCode, gone, kind, message) => {
    const end = attachmentEnd(tail, exitCode, gone);
    expect(end.kind).toBe(kind);
    expect(end.message).toMatch(message);
  });
});

describe("PodTerminal", () => {
  function terminal(gone = false) {
    const output = new Emitter<Uint8Array>();
    const end = Promise.withResolvers<number>();
    const sizes: TerminalSize[] = [];
    const process = {
      onOutput: output.event,
      end: end.promise,
      write() {},
      resize: (size: TerminalSize) => void sizes.push(size),
      dispose() {},
    };
    let detached = 0;
    const attachment = new PodTerminal(
      process,
      () => gone,
      () => detached++,
    );
    return { attachment, output, end, sizes, detached: () => detached };
  }

  it("passes bytes on as they come, also half characters", () => {
    const { attachment, output } = terminal();
    const seen: Uint8Array[] = [];
    attachment.onData((chunk) => seen.push(chunk));
    const bytes = Buffer.from("ö🚀");
    for (const byte of bytes) output.fire(Uint8Array.of(byte));
    expect(Buffer.concat(seen)).toEqual(bytes);
  });

  it.each([
    [false, "broken"],
    [true, "exited"],
  ])("tells a stream that breaks (session gone: %s) once", async (gone, kind) => {
    const { attachment, end } = terminal(gone);
    const ends: AttachmentEnd[] = [];
    const told = new Promise<void>((resolve) => {
      attachment.onEnd((value) => {
        ends.push(value);
        resolve();
      });
    });
    end.reject(new Error("socket closed"));
    await told;
    expect(ends.map((value) => value.kind)).toEqual([kind]);
  });

  it("detaches once, however it ends", async () => {
    const closed = terminal();
    closed.attachment.dispose();
    closed.end.resolve(0);
    const ended = terminal();
    const told = new Promise((resolve) => ended.attachment.onEnd(resolve));
    ended.end.resolve(0);
    await told;
    ended.attachment.dispose();
    expect([closed.detached(), ended.detached()]).toEqual([1, 1]);
  });

  it("says nothing after it was disposed", async () => {
    const { attachment, output, end, sizes } = terminal();
    let calls = 0;
    attachment.onData(() => calls++);
    attachment.onEnd(() => calls++);
    attachment.dispose();
    output.fire(Uint8Array.of(65));
    end.resolve(0);
    await end.promise;
    attachment.resize({ columns: 1, rows: 1 });
    expect([calls, sizes.length]).toEqual([0, 0]);
  });
});
