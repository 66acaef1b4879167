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

type MakeFault = (what: Said) => ChannelFault;

/** Codes of the envelope. The others are told by what stands beside them. */
const kinds: Readonly<Record<string, MakeFault>> = {
  '20000': platformFault,
  '20001': platformFault,
  '30001': permissionFault,
  // The address of this server is not in the application's list.
  '30002': permissionFault,
  '60000': (what) => throttledFault(what, undefined),
};

/** `sub_code` of what the gateway finds wrong, and of the interface behind it. */
const bySubCode: readonly (readonly [RegExp, MakeFault])[] = [
  [/timestamp/, clockFault],
  [/signature|access-token|app-key|refresh-token/, credentialsFault],
  [/^isp\./, platformFault],
];

/** A business refusal that says itself that it may pass. */
const passing = /稍后(?:再|重)?试|系统(?:繁忙|异常|错误)|服务(?:超时|不可用)|开了小差/;

/** What an envelope means that tells of no success. */
export function faultIn(of: Pick<Said, 'platform' | 'call'>, envelope: Row): ChannelFault {
  const code = codeOf(envelope);
  const subCode = textAt(envelope, 'sub_code');
  const words = ['sub_msg', 'msg', 'message'].map((name) => textAt(envelope, name)).find((text) => text);
  const said = [words ?? '', textAt(envelope, 'log_id')].filter((part) => part !== '').join(' · ');
  const what: Said = { ...of, code: subCode ? `${code} ${subCode}` : code, said };
  const known = kinds[code] ?? bySubCode.find(([pattern]) => pattern.test(subCode))?.[1];
  if (known) return known(what);
  return passing.test(words ?? '') ? platformFault(what) : callerFault(what);
}

/** Old interfaces say `err_no` instead, with 0 for success. */
export function codeOf(envelope: Row): string {
  return textAt(envelope, 'code') || textAt(envelope, 'err_no');
}

/** Whether a token that was right has run out, or was withdrawn. */
export function isTokenRefused(error: unknown): error is ChannelFault {
  return (
    ChannelFault.is(error) &&
    error.kind === 'credentials' &&
    /isv\.access-token/.test(String(error.params.code))
  );
}
