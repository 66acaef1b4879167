/** What the process counts because no table does: it begins anew with each start. */
export type Counted = 'stock-refusal';

interface Count {
  labels: Readonly<Record<string, string>>;
  value: number;
}

const counts = new Map<Counted, Map<string, Count>>();

/** Adds one to a count, told apart by its labels. Labels come from small, fixed sets (codes), never from data. */
export function countUp(counted: Counted, labels: Readonly<Record<string, string>>): void {
  let kind = counts.get(counted);
  if (!kind) {
    kind = new Map();
    counts.set(counted, kind);
  }
  const name = nameOf(labels);
  const count = kind.get(name);
  if (count) count.value += 1;
  else kind.set(name, { labels: { ...labels }, value: 1 });
}

/** What tells the counts of one kind apart. */
function nameOf(labels: Readonly<Record<string, string>>): string {
  const entries = Object.entries(labels);
  // Refusals of a SKU that is sold out are counted at the speed of locks, and have one label.
  if (entries.length === 1) return entries[0]!.join('=');
  return JSON.stringify(entries.sort());
}

export function countersOf(counted: Counted): readonly Count[] {
  return [...(counts.get(counted)?.values() ?? [])].map((count) => ({ ...count }));
}
