import { type GatewayReply, json, Refusal } from '../../gateway/exchange.ts';

export function jdError(code: string, zh: string, en: string): GatewayReply {
  return json({ error_response: { code, zh_desc: zh, en_desc: en, request_id: 'sim-jd' } });
}

export function jdRefusal(code: string, zh: string, en: string): Refusal {
  return new Refusal(code, jdError(code, zh, en));
}

export function tokenRefusal(): Refusal {
  return jdRefusal('19', 'token已过期或者不存在，请重新授权', 'Invalid access_token');
}

export function missing(name: string): Refusal {
  return jdRefusal('66', `缺少必要的参数: ${name}`, `Missing required parameter: ${name}`);
}

export function invalid(name: string, why: string): Refusal {
  return jdRefusal('67', `参数 ${name} 不正确: ${why}`, `Invalid parameter: ${name}`);
}
