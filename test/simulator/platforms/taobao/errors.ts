import { type GatewayReply, json, Refusal } from '../../gateway/exchange.ts';

let requests = 0;

export function requestId(): string {
  requests += 1;
  return `sim${String(requests).padStart(17, '0')}`;
}

export function topError(code: number, msg: string, sub?: { code: string; msg: string }): GatewayReply {
  return json({
    error_response: {
      code,
      msg,
      ...(sub && { sub_code: sub.code, sub_msg: sub.msg }),
      request_id: requestId(),
    },
  });
}

export function topRefusal(code: number, msg: string, sub?: { code: string; msg: string }): Refusal {
  return new Refusal(String(code), topError(code, msg, sub));
}

export function invalidSession(): Refusal {
  return topRefusal(27, 'Invalid session', { code: 'invalid-sessionkey', msg: 'SessionKey非法' });
}

export function missing(name: string): Refusal {
  return topRefusal(40, `Missing required arguments:${name}`, {
    code: `isv.missing-parameter:${name}`,
    msg: `缺少必要的参数:${name}`,
  });
}

export function invalid(name: string, why: string): Refusal {
  return topRefusal(41, `Invalid arguments:${name}`, { code: `isv.invalid-parameter:${name}`, msg: why });
}

/** What the business behind an interface refuses. */
export function businessError(code: string, msg: string): Refusal {
  return topRefusal(15, 'Remote service error', { code, msg });
}
