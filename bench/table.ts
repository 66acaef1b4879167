/** The middle value; of an even number the lower one of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

/** A Markdown table; numbers come ready as text. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A rate for people: three significant digits, thousands set apart. */
export function perSecond(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US');
}

export function milliseconds(value: number): string {
  // From a hundred on, two digits would be written with an exponent.
  return value < 99.5 ? value.toPrecision(2) : String(Math.round(value));
}

export function times(value: number): string {
  return value.toFixed(2);
}
