import {
  ChannelFault,
  callerFault,
  clockFault,
  credentialsFault,
  permissionFault,
  platformFault,
  type Said,
  throttledFault,
} from '../connection/fault.ts';
import { type Row, textAt } from '../json-fields.ts';
import './messages.ts';

type MakeFault = (what: Said) => ChannelFault;

const throttled: MakeFault = (what) => throttledFault(what, undefined);

/** Pinduoduo found a risk in how it is called, and lets nothing through until a person has cleared that up. */
const riskControl: MakeFault = ({ call, code, said }) =>
  new ChannelFault('permission', 'pinduoduo.risk-control', { call, code, said: said || '–' });

const testQuota: MakeFault = ({ call, code, said }) =>
  new ChannelFault('permission', 'pinduoduo.test-quota', { call, code, said: said || '–' });

/** Codes of `error_response`, from the platform's table of gateway errors. */
const kinds: Readonly<Record<string, MakeFault>> = {
  '10019': credentialsFault,
  '20004': credentialsFault,
  // The address of this server is not in the application's list.
  '20005': permissionFault,
  // The package of the interface was not granted.
  '20031': permissionFault,
  '50000': platformFault,
  '52001': platformFault,
  '52101': throttled,
  // Degraded: the interface is switched off for a while.
  '52102': platformFault,
  '52103': platformFault,
  '70031': throttled,
  '70032': riskControl,
  '70033': platformFault,
  '70034': riskControl,
  '70035': riskControl,
  '70036': testQuota,
};

/** What every call carries, as the refusals of parameters (10000 and on) name it. */
const byParameter: readonly (readonly [RegExp, MakeFault])[] = [
  [/timestamp/i, clockFault],
  [/client_id|access_token|sign/i, credentialsFault],
];

/** What an `error_response` means. */
export function faultIn(of: Pick<Said, 'platform' | 'call'>, error: Row): ChannelFault {
  const code = textAt(error, 'error_code');
  const subCode = textAt(error, 'sub_code');
  const words = [textAt(error, 'sub_msg') || textAt(error, 'error_msg'), textAt(error, 'request_id')];
  const what: Said = {
    ...of,
    code: subCode && subCode !== code ? `${code} ${subCode}` : code,
    said: words.filter((part) => part !== '').join(' · '),
  };
  const known = kinds[code];
  if (known) return known(what);
  const parameter = /^100\d\d$/.test(code) && byParameter.find(([words]) => words.test(what.said));
  return parameter ? parameter[1](what) : callerFault(what);
}
