import { createHash, createHmac } from 'node:crypto';
import { wellFormed } from '../../../well-formed.ts';

export interface Acs3Request {
  method: 'POST' | 'GET';
  /** Host the request is signed for. */
  host: string;
  /** API name and its version. */
  action: string;
  version: string;
  query: Readonly<Record<string, string>>;
  body: string;
  /** Epoch milliseconds. */
  now: number;
  nonce: string;
}

export interface Acs3Signed {
  /** All headers of the request but Host, `authorization` among them. */
  headers: Record<string, string>;
  /** The query as it was signed, to be sent as it is. */
  query: string;
  /** SHA-256 of the canonical request, hexadecimal; for comparing with what the provider computed. */
  canonicalHash: string;
}

/** Alibaba Cloud's signature, version 3 (`ACS3-HMAC-SHA256`), for requests to the path `/`. */
export function signAcs3(request: Acs3Request, accessKeyId: string, accessKeySecret: string): Acs3Signed {
  const query = canonicalQuery(request.query);
  const bodyHash = sha256(request.body);
  const headers: Record<string, string> = {
    host: request.host,
    'x-acs-action': request.action,
    'x-acs-content-sha256': bodyHash,
    'x-acs-date': new Date(request.now).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    'x-acs-signature-nonce': request.nonce,
    'x-acs-version': request.version,
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    request.method,
    '/',
    query,
    names.map((name) => `${name}:${headers[name]!.trim()}\n`).join(''),
    names.join(';'),
    bodyHash,
  ].join('\n');
  const canonicalHash = sha256(canonical);
  const signature = createHmac('sha256', accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${canonicalHash}`)
    .digest('hex');
  const { host: _, ...sent } = headers;
  const authorization = `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return { headers: { ...sent, authorization }, query, canonicalHash };
}

function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`)
    .join('&');
}

/** RFC 3986: everything but letters, digits and `-_.~`. */
function percentEncoded(text: string): string {
  return encodeURIComponent(wellFormed(text)).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
