import { parseJson } from '../../../json.ts';
import { ChannelFault } from '../fault.ts';
import type { CallAnswer } from '../http-call.ts';

/** An answer as it came: its text in the charset it names, its JSON with all digits. */
export function answerOf(
  call: string,
  host: string,
  status: number,
  headers: Readonly<Record<string, string>>,
  bytes: Uint8Array,
): CallAnswer {
  const text = decode(bytes, headers['content-type'] ?? '');
  return {
    status,
    headers,
    text,
    json() {
      try {
        return parseJson(text.replace(/^\uFEFF/, ''));
      } catch {
        // The words of JSON.parse quote the body, which may be anything; what it looks like says more.
        throw notJson(text, { call, host, status, bytes: bytes.length });
      }
    },
  };
}

interface Where {
  [name: string]: string | number;
  call: string;
  host: string;
  status: number;
  bytes: number;
}

function notJson(text: string, where: Where): ChannelFault {
  const { call, host, status, bytes } = where;
  const begins = text.trimStart();
  // Data that begins as data and does not end lost its rest on the way.
  if (/^[{[]/.test(begins))
    return new ChannelFault('platform', 'channel.answer-truncated', { host, call, bytes });
  const start = text
    .slice(0, 2_000)
    .replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 80);
  return new ChannelFault('platform', 'channel.answer-not-json', { host, call, status, start: start || '–' });
}

/** Text in the charset of the content type; UTF-8 without one, or with one that nobody knows. */
function decode(bytes: Uint8Array, contentType: string): string {
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1];
  return decoderFor(charset).decode(bytes);
}

function decoderFor(charset: string | undefined): TextDecoder {
  try {
    return new TextDecoder(charset ?? 'utf-8');
  } catch {
    // RangeError is how an unknown charset is told; what is ASCII of it reads as UTF-8 all the same.
    return new TextDecoder('utf-8');
  }
}
