/** Nodes that wait for an account, the one that has it first. */
const lines = new Map<string, (() => void)[]>();

/**
 * Lets one node of this process at a time read an account: calls `begin` at once, or when those before have let go.
 * Answers whether it has to wait, and how to let go.
 */
export function takeTurn(account: string, begin: () => void): { waits: boolean; letGo(): void } {
  const line = lines.get(account) ?? [];
  lines.set(account, line);
  line.push(begin);
  const waits = line[0] !== begin;
  if (!waits) begin();
  return {
    waits,
    letGo() {
      const place = line.indexOf(begin);
      if (place < 0) return;
      line.splice(place, 1);
      if (line.length === 0) lines.delete(account);
      else if (place === 0) line[0]!();
    },
  };
}
