/** Milliseconds since 1970 with their fractions: comparable between processes of one computer. */
export const now = (): number => performance.timeOrigin + performance.now();
