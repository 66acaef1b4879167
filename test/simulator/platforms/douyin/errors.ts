import { type GatewayReply, json, Refusal } from '../../gateway/exchange.ts';

export function envelope(
  data: unknown,
  { code = 10_000, msg = 'success', subCode = '', subMsg = '' } = {},
): GatewayReply {
  return json({ code, msg, sub_code: subCode, sub_msg: subMsg, log_id: 'sim-douyin', data });
}

export function refusal(code: number, msg: string, subCode = '', subMsg = ''): Refusal {
  return new Refusal(subCode || String(code), envelope(null, { code, msg, subCode, subMsg }));
}

/** What the gateway itself finds wrong with a request. */
export function badRequest(subCode: string, subMsg: string): Refusal {
  return refusal(40_003, '非法的参数(平台校验)', subCode, subMsg);
}

export function badParameter(name: string, why: string): Refusal {
  return refusal(40_004, '非法的参数(业务校验)', `isv.parameter-invalid:${name}`, why);
}

/** What the business behind an interface refuses. */
export function failure(subCode: string, subMsg: string): Refusal {
  return refusal(50_002, '业务处理失败', subCode, subMsg);
}
