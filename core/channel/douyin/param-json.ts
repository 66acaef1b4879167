/**
 * The business parameters of a call as Douyin signs and takes them: compact JSON, the names of every object sorted,
 * nothing escaped but what JSON must escape. Numbers beyond 2^53 are given as bigint. What is undefined is left out.
 */
export function paramJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(paramJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${paramJson(member)}`);
  return `{${members.join(',')}}`;
}

/** Digits as the number they are, for parameters that are numbers there; anything else as it is. */
export function numberParameter(text: string): bigint | string {
  return /^\d{1,19}$/.test(text) ? BigInt(text) : text;
}
