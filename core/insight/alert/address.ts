import { type AlertProblem, problem } from './channel.ts';

/** The address if it is an http or https one; undefined for anything else. */
export function httpUrl(text: unknown): URL | undefined {
  if (typeof text !== 'string' || !URL.canParse(text.trim())) return undefined;
  const url = new URL(text.trim());
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
}

/** What is wrong with an address that alerts are posted to. */
export function urlProblems(field: string, text: unknown): AlertProblem[] {
  const url = httpUrl(text);
  if (!url) return [problem(field, 'alert.url-invalid')];
  // The values stay out of the sentences: any part of the address may be a secret.
  if (url.username !== '' || url.password !== '') return [problem(field, 'alert.url-credentials')];
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return [problem(field, 'alert.url-plain', { host: url.host }, 'warning')];
  }
  return [];
}

/** The same for a setting that may be left out. */
export function baseUrlProblems(baseUrl: unknown): AlertProblem[] {
  return isBlank(baseUrl) ? [] : urlProblems('baseUrl', baseUrl);
}

/** A path put after an origin, which may have a path of its own (a relay behind a prefix). */
export function underBase(base: string, path: string): URL {
  const url = new URL(base.trim());
  const [pathname = '', query] = path.split('?', 2);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${pathname}`;
  url.search = query ?? '';
  url.hash = '';
  return url;
}

export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    hostname === '::1' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

export function isBlank(value: unknown): boolean {
  return typeof value !== 'string' || value.trim() === '';
}
