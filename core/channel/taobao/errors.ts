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
import { type Row, textAt } from '../json-fields.ts';

/**
 * Codes of `error_response`, from the platform's table of gateway errors; what is not among them is told by the sub
 * code (`isp.` is the platform's side, `isv.` the caller's).
 */
const kinds: Readonly<Record<string, (what: Said) => ChannelFault>> = {
  '10': platformFault,
  // The app, the seller or the partner lacks a permission.
  '11': permissionFault,
  '12': permissionFault,
  '13': permissionFault,
  '25': credentialsFault,
  '26': credentialsFault,
  '27': credentialsFault,
  '28': credentialsFault,
  '29': credentialsFault,
  '30': clockFault,
  '31': clockFault,
  '42': permissionFault,
  '44': credentialsFault,
};

const tooManyCalls = '7';
/** A ban that names no end. */
const usualBanMs = 1_000;

/** What an `error_response` of the gateway means. */
export function faultIn(platform: string, call: string, error: Row): ChannelFault {
  const code = textAt(error, 'code');
  const subCode = textAt(error, 'sub_code');
  const words = [textAt(error, 'sub_msg') || textAt(error, 'msg'), textAt(error, 'request_id')];
  const what: Said = {
    platform,
    call,
    code: subCode ? `${code} ${subCode}` : code,
    said: words.filter((part) => part !== '').join(' · '),
  };
  if (code === tooManyCalls || subCode.startsWith('accesscontrol.limited')) {
    const seconds = /ban will last for (\d{1,7}) more second/i.exec(textAt(error, 'sub_msg'))?.[1];
    return throttledFault(what, seconds === undefined ? usualBanMs : Number(seconds) * 1_000);
  }
  // A wrong time is refused as a wrong signature, too.
  const isGatewayCheck = kinds[code] !== undefined;
  if (/timestamp/i.test(subCode) || (isGatewayCheck && /timestamp/i.test(textAt(error, 'msg'))))
    return clockFault(what);
  const known = kinds[code];
  if (known) return known(what);
  if (/^is[pv]\.(?:[\w-]*permission|[\w-]*ip-white)/.test(subCode)) return permissionFault(what);
  if (/session/.test(subCode)) return credentialsFault(what);
  // 15 is a service behind the gateway that failed; without a sub code it does not say whose fault that was.
  if (subCode.startsWith('isp.') || (code === '15' && subCode === '')) return platformFault(what);
  return callerFault(what);
}
