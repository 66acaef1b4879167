import type { ServerResponse } from 'node:http';
import type { RequestFault } from '../faults.ts';
import { jsonInGbk } from './charset.ts';
import type { GatewayReply } from './exchange.ts';

const errorPage =
  '<!DOCTYPE html><html><head><title>系统维护</title></head><body><h1>系统维护中</h1><p>Please try again later.</p></body></html>';

/** Sends an answer, or what a fault leaves of it. What has been done for the request stays done. */
export function sendReply(
  response: ServerResponse,
  reply: GatewayReply,
  fault: RequestFault | null,
  now: number,
): void {
  response.sendDate = false;
  const body = reply.charset ? jsonInGbk(reply.body) : Buffer.from(reply.body);
  const headers = { ...reply.headers, date: new Date(now).toUTCString() };
  const half = body.subarray(0, Math.floor(body.length / 2));
  switch (fault) {
    case 'timeout':
      // Taken, done, and never answered.
      return;
    case 'half-open':
      response.writeHead(reply.status, { ...headers, 'content-length': body.length });
      response.write(half);
      return;
    case 'cut':
      response.writeHead(reply.status, { ...headers, 'content-length': body.length });
      response.write(half, () => response.destroy());
      return;
    case 'truncated-json':
      response.writeHead(reply.status, { ...headers, 'content-length': half.length });
      response.end(half);
      return;
    case 'html-page':
      response.writeHead(200, { ...headers, 'content-type': 'text/html; charset=utf-8' });
      response.end(errorPage);
      return;
    default:
      response.writeHead(reply.status, { ...headers, 'content-length': body.length });
      response.end(body);
  }
}
