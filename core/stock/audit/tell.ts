import { allMessages, type Language, sentence } from '../../message.ts';
import type { AuditFinding, RepairPlan } from './finding.ts';
import './messages.ts';
import '../messages.ts';

/** What the smallest repair of a finding would do, in a language. */
export function tellRepair({ act, units }: RepairPlan, language?: Language): string {
  return sentence(`audit.act-${act}`, { units }, language);
}

/** A finding in a language; buckets are called what they are called everywhere. */
export function tellFinding(
  { code, params }: Pick<AuditFinding, 'code' | 'params'>,
  language?: Language,
): string {
  const told = { ...params };
  for (const name of ['bucket', 'ledger'] as const) {
    const bucket = `stock.bucket-${told[name]}`;
    if (bucket in allMessages()) told[name] = sentence(bucket, {}, language);
  }
  return sentence(code, told, language);
}
