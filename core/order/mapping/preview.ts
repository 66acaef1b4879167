import './messages.ts';
import { Refusal, shown } from '../refusal.ts';
import type { Order } from '../schema.ts';
import { compileTracing } from './compile.ts';
import { readRecord } from './record.ts';
import type { MapContext, MapProblem, Mapping, MappingProblem, RuleRef } from './types.ts';
import { validateMapping } from './validate.ts';

/** What one rule did with a sample. */
export interface PreviewRow {
  rule: RuleRef;
  /** Number of the line, from 0, for a rule of the lines. */
  line?: number;
  /** What the record says there, cut to 80 characters; left out when it says nothing. */
  found?: string;
  /** What would stand in the order, cut to 80 characters; left out when nothing would. */
  written?: string;
  /** Why nothing is written, or what is wrong with what is; the rule itself may be at fault. */
  problem?: MapProblem | MappingProblem;
  /** Something to know though it works. */
  warning?: MapProblem;
}

export interface Preview {
  /** Rules in their order; those of the lines once for each of the first lines. */
  rows: PreviewRow[];
  /** Problems that belong to no row: the sample, or a field that no rule fills. */
  problems: (MapProblem | MappingProblem)[];
  /** The order as it would go on, when nothing is wrong. */
  order?: Order;
}

/** Lines of the sample the preview shows; all of them are mapped. */
const linesShown = 20;

/**
 * Runs a mapping over a sample and tells what each rule found and wrote, also for a mapping that is not finished:
 * a rule that cannot work gets its problem, the others run.
 *
 * @param sample raw bytes, text, or a parsed record
 */
export async function previewMapping(
  mapping: Mapping,
  sample: unknown,
  context: MapContext,
): Promise<Preview> {
  const faults = validateMapping(mapping);
  const misshapen = faults.some(({ code }) => code === 'mapping.shape');
  if (misshapen) return { rows: [], problems: faults };
  const read = readRecord(sample);
  const rows = new Rows(mapping);
  const problems: Preview['problems'] = faults.filter((fault) => !rows.blame(fault, undefined));
  if (!read.ok) return { rows: rows.list(), problems: [...problems, ...read.problems] };
  const compiled = compileTracing(mapping, undefined, (rule, line, found, written) => {
    if (line !== undefined && line >= linesShown) return;
    const row = rows.at(rule, line);
    if (found !== undefined && found !== null && !(found instanceof Refusal)) row.found = shown(found);
    if (written !== undefined && !(written instanceof Refusal)) row.written = shown(written);
  });
  const result = await compiled.map(read.record, context);
  const unplaced = result.ok ? [] : result.problems.filter((problem) => !rows.blame(problem, problem.line));
  if (result.ok) for (const warning of result.warnings ?? []) rows.warn(warning);
  const preview: Preview = { rows: rows.list(), problems: [...problems, ...unplaced] };
  if (result.ok && faults.length === 0) preview.order = result.order;
  return preview;
}

/** The rows by rule and line. */
class Rows {
  readonly #rows = new Map<string, PreviewRow>();

  constructor(mapping: Mapping) {
    for (const [index, { target }] of mapping.rules.entries())
      this.at({ table: 'order', index, target }, undefined);
    for (const [index, { target }] of mapping.lines.rules.entries()) {
      this.at({ table: 'lines', index, target }, 0);
    }
  }

  at(rule: RuleRef, line: number | undefined): PreviewRow {
    const key = `${rule.table}/${line ?? ''}/${rule.index}`;
    let row = this.#rows.get(key);
    if (!row) {
      row = line === undefined ? { rule } : { rule, line };
      this.#rows.set(key, row);
    }
    return row;
  }

  /** Puts a problem beside its rule; false when it has none, or its line is not shown. */
  blame(problem: MapProblem | MappingProblem, line: number | undefined): boolean {
    if (!problem.rule || (line ?? 0) >= linesShown) return false;
    const row = this.at(problem.rule, problem.rule.table === 'lines' ? (line ?? 0) : undefined);
    row.problem ??= problem;
    return true;
  }

  warn(warning: MapProblem): void {
    if (warning.rule && (warning.line ?? 0) < linesShown)
      this.at(warning.rule, warning.line).warning ??= warning;
  }

  /** Order rules first, then line by line. */
  list(): PreviewRow[] {
    return [...this.#rows.values()].sort(
      (a, b) => (a.line ?? -1) - (b.line ?? -1) || a.rule.index - b.rule.index,
    );
  }
}
