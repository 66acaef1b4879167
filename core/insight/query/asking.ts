import type { Hub } from '../../hub.ts';
import { allMessages, type Language, type MessageParams, sentence } from '../../message.ts';
import { masked } from './masking.ts';

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

/** A kept reason in the language of who asks; one that the catalogue does not know keeps the words it was kept in. */
export function told<R extends { code: string; params?: MessageParams; sentence?: string }>(
  reason: R,
  { language }: Pick<Asking, 'language'>,
): R & { sentence: string } {
  const known = reason.code in allMessages();
  const words = known ? undefined : reason.sentence;
  return { ...reason, sentence: words ?? sentence(reason.code, reason.params ?? {}, language) };
}

/** Epoch milliseconds as ISO text with `Z`; null stays null. */
export function isoTime(at: number): string;
export function isoTime(at: number | null): string | null;
export function isoTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
