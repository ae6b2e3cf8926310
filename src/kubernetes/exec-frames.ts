/**
 * Frames of the remote command protocols v4.channel.k8s.io and v5.channel.k8s.io: the first byte names the channel, the
 * rest is its data (kubernetes/apimachinery, remotecommand constants). v5 adds channel 255, which closes another one.
 */
export const execChannel = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const;

/** The protocols that are spoken here, the preferred first. */
export const execProtocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

/** A frame with `data` for `channel`. */
export function encodeFrame(channel: number, data: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(data.length + 1);
  frame[0] = channel;
  frame.set(data, 1);
  return frame;
}

/** Channel and data of a frame; undefined for one of no bytes, which carries nothing. */
export function decodeFrame(frame: Buffer): { readonly channel: number; readonly data: Buffer } | undefined {
  const [channel] = frame;
  return channel === undefined ? undefined : { channel, data: frame.subarray(1) };
}
