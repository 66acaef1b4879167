import { wellFormed } from './well-formed.ts';

const hidden = '***';
const longestReason = 200;

/**
 * What another machine said, fit for an error: on one line, short, and without any of the secrets, in whichever
 * way of writing they come back.
 */
export function redacted(text: string, secrets: readonly (string | undefined)[]): string {
  const clean = withSecretsHidden(text, secrets)
    .replace(/((?:access_token|key|sign|signature|token|password|secret)=)[^&\s"'<>]+/gi, `$1${hidden}`)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  return clean.length > longestReason ? `${wellFormed(clean.slice(0, longestReason))}…` : clean;
}

/** The text without any of the secrets, in whichever way of writing they stand in it. */
export function withSecretsHidden(text: string, secrets: readonly (string | undefined)[]): string {
  let clean = text;
  for (const form of writtenForms(secrets)) clean = clean.replaceAll(form, hidden);
  return clean;
}

/** Longest first, so that a secret within another does not leave its rest standing. */
function writtenForms(secrets: readonly (string | undefined)[]): string[] {
  const given = secrets.filter((secret) => secret !== undefined && secret !== '') as string[];
  const forms = new Set<string>();
  for (const secret of given) for (const form of formsOf(secret)) forms.add(form);
  // Basic authentication and the like: key and secret are one text before they are encoded.
  for (const key of given)
    for (const secret of given)
      for (const pair of [`${key}:${secret}`, `${percent(key)}:${percent(secret)}`])
        for (const form of base64Forms(Buffer.from(pair).toString('base64'))) forms.add(form);
  return [...forms].sort((a, b) => b.length - a.length);
}

function formsOf(secret: string): string[] {
  const encoded = percent(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    encoded,
    encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    // As HTML forms write it, and as RFC 3986 does.
    new URLSearchParams({ '': secret }).toString().slice(1),
    encoded.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`),
    json,
    json.replaceAll('/', '\\/'),
    escapedBeyondAscii(json),
    escapedBeyondAscii(json.replaceAll('/', '\\/')),
    ...htmlForms(secret),
    ...[secret, encoded].flatMap((text) => base64Cores(text).flatMap(base64Forms)),
  ];
}

function percent(text: string): string {
  return encodeURIComponent(wellFormed(text));
}

/** As JSON is written where only ASCII may stand. */
function escapedBeyondAscii(json: string): string {
  return json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function htmlForms(text: string): string[] {
  const tags = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const both = tags.replaceAll('>', '&gt;');
  const quoted = both.replaceAll('"', '&quot;');
  return [tags, both, quoted, quoted.replaceAll("'", '&#39;'), quoted.replaceAll("'", '&#039;')];
}

/** Padded and not, in both alphabets. */
function base64Forms(text: string): string[] {
  const bare = text.replace(/=+$/, '');
  return [text, bare, bare.replaceAll('+', '-').replaceAll('/', '_')];
}

/** Fewer characters of base64 than these may stand in any text by chance. */
const shortestCore = 8;

/**
 * What base64 makes of a text by itself, and the characters that any longer text has in which it stands: three bytes
 * become four characters, so there are three ways, by where it begins. Characters that also hold bits of what stands
 * around it are not among them.
 */
function base64Cores(text: string): string[] {
  const bytes = Buffer.from(text);
  const within = [0, 1, 2].map((before) => {
    const all = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return all.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  return [bytes.toString('base64'), ...within.filter((core) => core.length >= shortestCore)];
}
