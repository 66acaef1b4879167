import type { Hub } from '../../hub.ts';
import { allMessages, type Language, type MessageParams, sentence } from '../../message.ts';
import { masked, maskedReason, maskedWords } from './masking.ts';

/** Who asks: what he may see, and how he is answered. */
export interface Asking {
  hub: Hub;
  language: Language;
  /** Whether names, phones, addresses and notes are shown in full. */
  personal: boolean;
}

/** Shows a value to who asks: as it is, or masked. */
export function shown<T>(value: T, { personal }: Asking): T {
  return personal ? value : masked(value);
}

/**
 * A kept reason in the language of who asks; one that the catalogue does not know keeps the words it was kept in.
 * Who may not see personal data is told what is wrong without the values that a record had in its place.
 */
export function told<R extends { code: string; params?: MessageParams; sentence?: string }>(
  reason: R,
  { language, personal }: Pick<Asking, 'language' | 'personal'>,
): R & { sentence: string } {
  const { code, sentence: kept } = reason;
  const params =
    reason.params && (personal ? reason.params : maskedReason(reason.params, pathsIn(reason.params)));
  const words = code in allMessages() ? undefined : kept && (personal ? kept : maskedWords(kept));
  return {
    ...reason,
    ...(params && { params }),
    sentence: words ?? sentence(code, params ?? {}, language),
  };
}

function pathsIn({ path, target }: MessageParams): string[] {
  // A sentence calls the record as a whole `(order)`.
  return [path === '(order)' ? '' : path, target].filter((name): name is string => typeof name === 'string');
}

/** Epoch milliseconds as ISO text with `Z`; null stays null. */
export function isoTime(at: number): string;
export function isoTime(at: number | null): string | null;
export function isoTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
