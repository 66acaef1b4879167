import {
  type ChannelFault,
  callerFault,
  clockFault,
  credentialsFault,
  permissionFault,
  platformFault,
  type Said,
  throttledFault,
} from '../connection/fault.ts';

type MakeFault = (what: Said) => ChannelFault;

const throttled: MakeFault = (what) => throttledFault(what, undefined);

/** Codes of the gateway, as far as they are published. */
const kinds: Readonly<Record<string, MakeFault>> = {
  '2': throttled,
  '7': clockFault,
  '8': clockFault,
  '11': credentialsFault,
  '12': credentialsFault,
  '19': credentialsFault,
};

/** Where the code says nothing known, the words do; the first that fit. */
const byWords: readonly (readonly [RegExp, MakeFault])[] = [
  [/timestamp|时间戳/i, clockFault],
  [/access_?token|session|token|授权|app_?key|签名|signature/i, credentialsFault],
  [/permission|forbidden|white ?list|权限|白名单/i, permissionFault],
  [/limit|too many|frequen|限流|频繁|频率|次数|流量/i, throttled],
  [/system|unavailable|time ?out|internal|busy|系统|服务不可用|超时|繁忙|稍后/i, platformFault],
];

/** What a refusal means: the gateway's `error_response`, or an interface's own behind it. */
export function faultOf(what: Said, gatewayCode: string | undefined): ChannelFault {
  const known = gatewayCode === undefined ? undefined : kinds[gatewayCode];
  if (known) return known(what);
  const found = byWords.find(([words]) => words.test(what.said));
  return found ? found[1](what) : callerFault(what);
}
