/** What a server sends through a WebSocket (RFC 6455, 5.2): its frames are not masked. */
interface Frame {
  readonly final: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
}

const opcodes = { continuation: 0, binary: 2 } as const;

/** The whole frames at the beginning of `bytes`, and what is left of them. */
export function readFrames(bytes: Buffer): { readonly frames: readonly Frame[]; readonly rest: Buffer } {
  const frames: Frame[] = [];
  let rest = bytes;
  for (let frame; (frame = firstFrame(rest)); rest = rest.subarray(frame.length)) frames.push(frame);
  return { frames, rest };
}

function firstFrame(bytes: Buffer): (Frame & { readonly length: number }) | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1) & 0x7f;
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < start) return undefined;
  const size = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  const length = start + size;
  if (bytes.length < length) return undefined;
  const head = bytes.readUInt8(0);
  return { final: (head & 0x80) !== 0, opcode: head & 0x0f, payload: bytes.subarray(start, length), length };
}

/** A frame as a server sends it; `payload` has fewer than 65,536 bytes. */
export function writeFrame({ final, opcode, payload }: Frame): Buffer {
  const head = Buffer.alloc(payload.length < 126 ? 2 : 4);
  head.writeUInt8((final ? 0x80 : 0) | opcode, 0);
  head.writeUInt8(payload.length < 126 ? payload.length : 126, 1);
  if (payload.length >= 126) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

/** A message in parts of `size` bytes. Other frames than those of binary messages stay as they are. */
export function fragmented(frame: Frame, size: number): readonly Frame[] {
  if (frame.opcode !== opcodes.binary && frame.opcode !== opcodes.continuation) return [frame];
  const parts = Math.max(1, Math.ceil(frame.payload.length / size));
  return Array.from({ length: parts }, (_, index) => ({
    final: frame.final && index === parts - 1,
    opcode: index === 0 ? frame.opcode : opcodes.continuation,
    payload: frame.payload.subarray(index * size, (index + 1) * size),
  }));
}

/** The frame between messages without a byte, and with nothing but a channel. Nothing may come between parts of one. */
export function withEmptyOnes(frame: Frame): readonly Frame[] {
  if (frame.opcode !== opcodes.binary || !frame.final) return [frame];
  const empty = [Buffer.alloc(0), Buffer.of(1), Buffer.of(2), Buffer.of(9)];
  const ones = empty.map((payload) => ({ final: true, opcode: opcodes.binary, payload }));
  return [...ones, frame, ...ones];
}
