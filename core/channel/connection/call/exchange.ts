import http from 'node:http';
import https from 'node:https';
import axios, { AxiosError, type AxiosResponse } from 'axios';
import type { MessageParams } from '../../../message.ts';
import { ChannelFault } from '../fault.ts';
import type { CallAnswer, CallRequest } from '../http-call.ts';
import { answerOf } from './answer.ts';
import { stopFault } from './or-stopped.ts';

/** Bytes of an answer that are taken: a page of a hundred orders with all their fields has a few hundred thousand. */
export const mostAnswerBytes = 32 * 1024 * 1024;

export interface ExchangeOptions {
  /** Milliseconds from asking until the last byte of the answer. */
  timeoutMs: number;
  agents: Agents;
  signal: AbortSignal;
}

export interface Agents {
  httpAgent: http.Agent;
  httpsAgent: https.Agent;
}

/** Connections that are kept for the next request, a bounded number to one host. One pair an account. */
export function keepAliveAgents(maxSockets = 16): Agents {
  const options = { keepAlive: true, maxSockets, scheduling: 'lifo' as const };
  return { httpAgent: new http.Agent(options), httpsAgent: new https.Agent(options) };
}

/** Codes of the network for a request of which nothing can have arrived. */
const neverLeft = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
]);

/**
 * Sends a request once and takes the whole answer, whatever its status. No redirect is followed: a signed request is
 * meant for one address. Errors name the host, never the rest of the address, which may hold a token.
 *
 * @throws ChannelFault
 */
export async function exchange(request: CallRequest, options: ExchangeOptions): Promise<CallAnswer> {
  const { host } = new URL(request.url);
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const since = Date.now();
  try {
    const response = await axios.request<Buffer>({
      method: request.method,
      url: request.url,
      headers: { 'user-agent': 'Order-Hub', accept: 'application/json', ...request.headers },
      data: request.body === undefined ? undefined : Buffer.from(request.body),
      responseType: 'arraybuffer',
      transformRequest: [(data: unknown) => data],
      transformResponse: [(data: unknown) => data],
      validateStatus: () => true,
      maxRedirects: 0,
      maxContentLength: mostAnswerBytes,
      maxBodyLength: Number.POSITIVE_INFINITY,
      proxy: false,
      signal: AbortSignal.any([timeout, options.signal]),
      ...options.agents,
    });
    const { status } = response;
    if (status >= 300 && status < 400 && status !== 304)
      throw amissAtAddress('channel.redirected', { host, status });
    return answerOf(request.name, host, status, headersOf(response), response.data);
  } catch (error) {
    throw faultOf(error, { request, host, since, timeout, options });
  }
}

interface Failure {
  request: CallRequest;
  host: string;
  /** Epoch milliseconds. */
  since: number;
  timeout: AbortSignal;
  options: ExchangeOptions;
}

/** Of an error of the HTTP client only code and words go on: it holds address, headers and body. */
function faultOf(error: unknown, { request, host, since, timeout, options }: Failure): ChannelFault {
  if (ChannelFault.is(error)) return error;
  const call = request.name;
  if (options.signal.aborted) return stopFault(options.signal, request, since);
  if (timeout.aborted)
    return new ChannelFault('platform', 'channel.timeout', {
      host,
      call,
      seconds: options.timeoutMs / 1_000,
    });
  const code = codeOf(error);
  const words = error instanceof Error ? error.message : String(error);
  if (/maxContentLength/.test(words))
    return amissAtAddress('channel.answer-too-large', { host, call, most: mostAnswerBytes });
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(code))
    return amissAtAddress('channel.certificate', { host, reason: code });
  // What broke off while its body came has its status already.
  const broken = error instanceof AxiosError && error.response !== undefined;
  if (broken || code === 'ERR_BAD_RESPONSE')
    return new ChannelFault('platform', 'channel.answer-cut', { host, call });
  const fault = new ChannelFault('platform', 'channel.unreachable', { host, reason: code || words });
  return Object.assign(fault, { neverLeft: neverLeft.has(code) });
}

/** A person has to mend it, there or in the account; then what was asked goes as it was. */
function amissAtAddress(code: string, params: MessageParams): ChannelFault {
  return new ChannelFault('caller', code, params, { retryable: true });
}

/** Whether nothing of the request can have reached the other side, so that even what must not be repeated may be. */
export function nothingLeft(fault: ChannelFault): boolean {
  return 'neverLeft' in fault && fault.neverLeft === true;
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string' && error.code !== 'ERR_NETWORK') return error.code;
  return 'cause' in error ? codeOf(error.cause) : '';
}

function headersOf(response: AxiosResponse): Record<string, string> {
  const entries = Object.entries(response.headers as Record<string, unknown>);
  return Object.fromEntries(
    entries
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : String(value)]),
  );
}
