/** The longest line that gc reads, in bytes without its end: with a longer one it can neither list nor number events. */
export const longestLine = 1024 * 1024 - 1;

export const newline = 0x0a;
