import { Refusal } from './refusal.ts';

/** With the `u` flag a surrogate matches only when its other half is missing. */
const unusable = /[\0\ud800-\udfff]/u;
/** Latin-1 without NUL: always whole characters and always in composed form. */
const plain = /^[^\0\u0100-\uffff]*$/;

/**
 * Text in Unicode composed form (NFC), so that what looks the same compares the same. ®, ™ and emoji stay what
 * they are: compatibility forms are not folded.
 */
export function composed(text: string): string {
  return plain.test(text) ? text : text.normalize('NFC');
}

/** Why a text cannot be stored faithfully, with the place (1 is the first character); undefined when it can. */
export function textFault(text: string): Refusal | undefined {
  if (plain.test(text)) return undefined;
  const found = unusable.exec(text);
  if (found) {
    const position = [...text.slice(0, found.index)].length + 1;
    if (found[0] === '\0') return new Refusal('order.text-nul', { position });
    return new Refusal('order.text-half-character', {
      position,
      unit: `U+${found[0].charCodeAt(0).toString(16).toUpperCase()}`,
    });
  }
  return text.normalize('NFC') === text ? undefined : new Refusal('order.text-not-composed');
}
