import { randomUUID } from 'node:crypto';
import { hmac } from '../../signature.ts';
import type { HmacAuthentication, Place, SignedPart } from '../config.ts';
import { encodedQuery, type Query, withParameters } from '../query.ts';
import { timeWriter } from '../times.ts';
import type { Proof, UnprovedRequest } from './authenticator.ts';

export interface HmacInput {
  rules: HmacAuthentication;
  request: UnprovedRequest;
  key: string;
  secret: string;
  /** Epoch milliseconds. */
  now: number;
  /** The zone of a timestamp that is written as local time. */
  zone: string;
  /** Never the same twice; random unless given. */
  nonce?: string;
}

/** Signs the chosen parts of a request; key, time and nonce that go into the query are signed with it. */
export function hmacProof(input: HmacInput): Proof {
  const { rules, request, key, secret, now, zone, nonce = randomUUID().replaceAll('-', '') } = input;
  const proof = { headers: {} as Record<string, string>, query: {} as Record<string, string> };
  const put = (place: Place | undefined, value: string): void => {
    if (place) proof[place.in === 'header' ? 'headers' : 'query'][place.name] = value;
  };
  const timestamp = rules.timestamp ? String(timeWriter(rules.timestamp.format, zone)(now)) : '';
  put(rules.key, key);
  put(rules.timestamp, timestamp);
  put(rules.nonce, nonce);
  // The address of a next page may hold the signature of the one before.
  const unsigned = request.query.filter(
    ([name]) => rules.signature.in !== 'query' || name !== rules.signature.name,
  );
  const query = withParameters(unsigned, proof.query);
  const parts: Record<SignedPart, () => string> = {
    method: () => request.method,
    path: () => new URL(request.url).pathname,
    query: () => encodedQuery(query),
    'query-sorted': () => encodedQuery(sorted(query)),
    body: () => request.body ?? '',
    timestamp: () => timestamp,
    nonce: () => nonce,
    key: () => key,
  };
  const signed = rules.parts.map((part) => parts[part]()).join(rules.separator);
  put(rules.signature, hmac(rules.hash, secret, signed).toString(rules.encoding));
  return proof;
}

function sorted(query: Query): Query {
  return [...query].sort(([a], [b]) => (a === b ? 0 : a < b ? -1 : 1));
}
