import { HubError } from '../../errors.ts';
import './messages.ts';

const marks: readonly { bytes: readonly number[]; encoding: string }[] = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
];

/**
 * The text of a file that spreadsheets save: by its byte order mark, else UTF-8 if it is valid, else GB 18030
 * (which GBK and GB 2312 are part of).
 *
 * @throws HubError count.bad-encoding
 */
export function decodeText(bytes: Uint8Array): string {
  const mark = marks.find((one) => one.bytes.every((byte, index) => bytes[index] === byte));
  for (const encoding of mark ? [mark.encoding] : ['utf-8', 'gb18030']) {
    const text = decoded(bytes, encoding);
    // A NUL is no character of a table: what has one is no text, whatever it decodes to.
    if (text !== undefined && !text.includes('\0')) return text;
  }
  throw new HubError('count.bad-encoding');
}

function decoded(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
