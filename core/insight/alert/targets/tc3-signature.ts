import { createHash, createHmac } from 'node:crypto';

export interface Tc3Request {
  /** Host the request is signed for, and the service's name, its first part (`sms`). */
  host: string;
  service: string;
  contentType: string;
  body: string;
  /** Epoch seconds. */
  timestamp: number;
}

export interface Tc3Signed {
  authorization: string;
  /** SHA-256 of the canonical request, hexadecimal. */
  canonicalHash: string;
}

const signedHeaders = 'content-type;host';

/** Tencent Cloud's signature, version 3 (`TC3-HMAC-SHA256`), for a POST to the path `/`. */
export function signTc3(request: Tc3Request, secretId: string, secretKey: string): Tc3Signed {
  const { host, service, contentType, body, timestamp } = request;
  const canonical = [
    'POST',
    '/',
    '',
    `content-type:${contentType.trim().toLowerCase()}\nhost:${host.trim().toLowerCase()}\n`,
    signedHeaders,
    sha256(body),
  ].join('\n');
  const canonicalHash = sha256(canonical);
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10);
  const scope = `${date}/${service}/tc3_request`;
  const key = [date, service, 'tc3_request'].reduce<Buffer>(
    (chained, part) => createHmac('sha256', chained).update(part).digest(),
    Buffer.from(`TC3${secretKey}`),
  );
  const signature = createHmac('sha256', key)
    .update(`TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${canonicalHash}`)
    .digest('hex');
  const authorization = `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  return { authorization, canonicalHash };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
