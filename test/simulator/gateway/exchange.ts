import type { RequestFault } from '../faults.ts';

/** A request to a simulated platform. */
export interface GatewayRequest {
  method: string;
  /** Below the shop's own address, such as `/router/rest`. */
  path: string;
  /** With scheme and host, without query: what OAuth 1.0a signs. */
  url: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
  /** The platform's time; with the fault `clock-off` it is eleven minutes behind. Epoch milliseconds. */
  now: number;
  fault: RequestFault | null;
}

export interface GatewayReply {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body: string;
  /** Sent in GBK, where it is JSON; UTF-8 without it. */
  charset?: 'gbk' | undefined;
}

export interface Operation {
  /** What the platform calls it, such as `taobao.trade.fullinfo.get`. */
  name: string;
  /** `list` pages through orders by number, `cursor` by a cursor; `token` needs no valid token. */
  kind: 'list' | 'cursor' | 'read' | 'write' | 'token';
}

/** One platform's interface to one shop. */
export interface Gateway {
  operationOf(request: GatewayRequest): Operation;
  answer(request: GatewayRequest, operation: Operation): GatewayReply;
  /** The platform's way to say: too many requests. @param waitMs how long to wait, milliseconds */
  throttled(operation: Operation, waitMs: number): GatewayReply;
  /** The platform's way to say: this token is not valid any more. */
  tokenRefused(): GatewayReply;
  /** The platform's way to say: my fault, come again. */
  serverError(): GatewayReply;
}

export function json(
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): GatewayReply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** A refusal that an operation throws, to be sent as it is. */
export class Refusal extends Error {
  readonly code: string;
  readonly reply: GatewayReply;

  constructor(code: string, reply: GatewayReply) {
    super(code);
    this.code = code;
    this.reply = reply;
  }
}

/** Rows as a list shows them: with the fault `duplicate-rows` the first one comes twice. */
export function rowsShown<Row>(rows: Row[], { fault }: GatewayRequest): Row[] {
  return fault === 'duplicate-rows' && rows.length > 0 ? [rows[0]!, ...rows] : rows;
}
