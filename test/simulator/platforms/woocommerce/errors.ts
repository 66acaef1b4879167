import { type GatewayReply, Refusal } from '../../gateway/exchange.ts';
import { phpJson } from '../../json.ts';

/** An answer as WordPress writes it. */
export function wpReply(
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): GatewayReply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8', ...headers },
    body: phpJson(value),
  };
}

export function wpRefusal(status: number, code: string, message: string): Refusal {
  return new Refusal(code, wpReply({ code, message, data: { status } }, status));
}

export function noRoute(): Refusal {
  return wpRefusal(404, 'rest_no_route', 'No route was found matching the URL and request method.');
}

export function invalidParameter(name: string, what: string): Refusal {
  const message = `Invalid parameter(s): ${name}`;
  return new Refusal(
    'rest_invalid_parameter',
    wpReply(
      { code: 'rest_invalid_parameter', message, data: { status: 400, params: { [name]: what } } },
      400,
    ),
  );
}
