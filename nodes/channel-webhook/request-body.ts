import type { IncomingMessage } from 'node:http';

/** A sender that was refused may send this much more before it is cut off. */
const discardBytes = 32 * 1024 * 1024;
const discardMs = 5_000;

/** The bytes as sent, or why there are none: more than `limit`, or the sender went away. */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer | 'too-large' | 'aborted'> {
  if (request.destroyed) return Promise.resolve('aborted');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      request.off('data', take);
      resolve('too-large');
    };
    request.on('data', take);
    request.once('end', () => resolve(Buffer.concat(chunks, size)));
    request.once('error', () => resolve('aborted'));
    request.once('close', () => resolve('aborted'));
  });
}

/**
 * Lets the rest of a refused body run off, within bounds: a connection cut in the middle of it would cost the
 * sender the answer as well.
 */
export function discardRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  let size = 0;
  const timer = setTimeout(() => request.destroy(), discardMs);
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > discardBytes) request.destroy();
  });
  request.once('close', () => clearTimeout(timer));
  request.once('end', () => clearTimeout(timer));
  request.on('error', () => clearTimeout(timer));
  request.resume();
}
