import { type GatewayReply, json, Refusal } from '../../gateway/exchange.ts';

export function pddError(code: number, msg: string): GatewayReply {
  return json({
    error_response: {
      error_code: code,
      error_msg: msg,
      sub_code: String(code),
      sub_msg: msg,
      request_id: 'sim-pdd',
    },
  });
}

export function pddRefusal(code: number, msg: string): Refusal {
  return new Refusal(String(code), pddError(code, msg));
}

export function missing(name: string): Refusal {
  return pddRefusal(10_000, `参数错误: ${name} 不能为空`);
}

export function invalid(name: string, why: string): Refusal {
  return pddRefusal(10_000, `参数错误: ${name} ${why}`);
}
