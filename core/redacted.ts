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
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (!secret) continue;
    forms.add(secret);
    forms.add(encodeURIComponent(wellFormed(secret)));
    forms.add(JSON.stringify(secret).slice(1, -1));
    forms.add(Buffer.from(secret).toString('base64'));
    forms.add(secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
  }
  return [...forms].sort((a, b) => b.length - a.length);
}
