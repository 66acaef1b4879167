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
  const name = JSON.stringify(Object.entries(labels).sort());
  const count = kind.get(name);
  if (count) count.value += 1;
  else kind.set(name, { labels: { ...labels }, value: 1 });
}

export function countersOf(counted: Counted): readonly Count[] {
  return [...(counts.get(counted)?.values() ?? [])].map((count) => ({ ...count }));
}
