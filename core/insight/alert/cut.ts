import { wellFormed } from '../../well-formed.ts';

const ellipsis = '…';

/** Bytes of one character in UTF-8. */
export function utf8Bytes(character: string): number {
  return Buffer.byteLength(character);
}

/** Bytes of one character inside a JSON string. */
export function jsonBytes(character: string): number {
  return Buffer.byteLength(JSON.stringify(character)) - 2;
}

/**
 * The text, or as much of its beginning as fits with a `…` after it. Cut between code points, never inside one.
 *
 * @param most bytes the result may have
 * @param measure bytes of one code point as it will be sent
 */
export function cutToBytes(
  text: string,
  most: number,
  measure: (character: string) => number = utf8Bytes,
): { text: string; cut: boolean } {
  const sound = wellFormed(text);
  const room = most - measure(ellipsis);
  let bytes = 0;
  let kept = 0;
  let keptWithEllipsis = 0;
  for (const character of sound) {
    bytes += measure(character);
    if (bytes > most) return { text: `${sound.slice(0, keptWithEllipsis)}${ellipsis}`, cut: true };
    kept += character.length;
    if (bytes <= room) keptWithEllipsis = kept;
  }
  return { text: sound, cut: false };
}
