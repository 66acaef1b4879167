import { HubError } from '../../../errors.ts';
import { redacted } from '../../../redacted.ts';
import { httpUrl, underBase } from '../address.ts';
import {
  type AlertKind,
  type AlertProblem,
  type AlertSecrets,
  type PreparedRequest,
  problem,
  type SendReceipt,
  type SendTools,
} from '../channel.ts';
import {
  exchange,
  type HttpAnswer,
  jsonObject,
  statusError,
  throttled,
  unreadable,
} from '../http-exchange.ts';

/** What the group robots have in common: one address with a token in it, and failures told in the answer's body. */
export interface RobotConfig {
  /** Origin of a relay in place of the platform's own. */
  baseUrl?: string;
  /** The word that the robot's settings require in every message; put in front of texts that lack it. */
  keyword?: string;
}

/** Where a platform's token stands in its address. */
export interface RobotAddress {
  origin: string;
  /** The path up to the token (`/robot/send?access_token=` or `/hook/`). */
  before: string;
  /** How the token is had from the address that the platform shows for copying. */
  tokenIn(url: URL): string | null | undefined;
}

const tokenForm = /^[\w-]{1,128}$/;

/** The token, from the address as the platform shows it or alone. Undefined when there is none to be found. */
export function robotToken(pasted: string | undefined, address: RobotAddress): string | undefined {
  const text = pasted?.trim() ?? '';
  const url = httpUrl(text);
  const token = url ? address.tokenIn(url) : text;
  return token && tokenForm.test(token) ? token : undefined;
}

/** The address to post to: the relay's, else the one that was pasted, else the platform's. */
export function robotUrl(
  pasted: string | undefined,
  address: RobotAddress,
  baseUrl: string | undefined,
): URL {
  const token = robotToken(pasted, address) ?? '';
  const origin = baseUrl?.trim() || httpUrl(pasted)?.origin || address.origin;
  return underBase(origin, `${address.before}${token}`);
}

export function robotProblems(pasted: string | undefined, address: RobotAddress): AlertProblem[] {
  if (!pasted?.trim()) return [problem('webhook', 'alert.robot-address-missing')];
  return robotToken(pasted, address) ? [] : [problem('webhook', 'alert.robot-address-invalid')];
}

export function withKeyword(text: string, keyword: string | undefined): string {
  const word = keyword?.trim();
  return !word || text.includes(word) ? text : `${word} ${text}`;
}

/** What a platform's code means. Undefined leaves it to the words and the HTTP status. */
export type RobotVerdict =
  | { kind: 'ok'; id?: string }
  | { kind: 'throttled'; waitMs: number }
  | { kind: 'busy'; code: string }
  | {
      kind: 'refused';
      /** A sentence of this hub that says what to change. */
      sentence: 'sign' | 'keyword' | 'ip' | 'token' | 'other';
      code: string;
      reason: string;
    };

interface RobotSending {
  kind: AlertKind;
  request: PreparedRequest;
  tools: SendTools;
  secrets: AlertSecrets;
  /** Further values to keep out of errors, such as the token within the address. */
  hidden: readonly (string | undefined)[];
  judge(body: Record<string, unknown>): RobotVerdict | undefined;
}

/** Posts to a robot and judges its answer, whose body counts before its status: failures come with HTTP 200. */
export async function sendToRobot(sending: RobotSending): Promise<SendReceipt> {
  const { kind, request, tools, judge } = sending;
  const secrets = [...Object.values(sending.secrets), ...sending.hidden, request.url];
  const answer = await exchange(request, tools, secrets);
  if (answer.kind === 'fault') throw answer.error;
  const body = jsonObject(answer.text);
  const verdict = body && judge(body);
  if (verdict?.kind !== 'ok') throw robotError(answer, verdict, secrets);
  return { kind, at: tools.now, providerId: verdict.id ?? null, cut: request.cut, refused: [] };
}

function robotError(
  answer: HttpAnswer,
  verdict: Exclude<RobotVerdict, { kind: 'ok' }> | undefined,
  secrets: readonly (string | undefined)[],
): HubError {
  const { host } = answer;
  if (!verdict) return statusError(answer, secrets) ?? unreadable(answer, secrets);
  if (verdict.kind === 'throttled') return throttled(host, verdict.waitMs);
  if (verdict.kind === 'busy')
    return new HubError('alert.robot-busy', { host, code: verdict.code }, { retryable: true });
  const params = { host, code: verdict.code, reason: redacted(verdict.reason, secrets) || '–' };
  return new HubError(`alert.robot-${verdict.sentence}`, params);
}

/** A platform's words for what its code leaves open. */
export function refusalByWords(code: string, reason: string): RobotVerdict {
  const words: readonly [RegExp, 'sign' | 'keyword' | 'ip' | 'token'][] = [
    [/sign|timestamp|签名|加签|时间戳/i, 'sign'],
    [/key ?words?|关键词/i, 'keyword'],
    [/\bip\b|白名单/i, 'ip'],
    [/token|webhook|hook/i, 'token'],
  ];
  const sentence = words.find(([form]) => form.test(reason))?.[1] ?? 'other';
  return { kind: 'refused', sentence, code, reason };
}

/** The code of an answer, which some gateways write as text. */
export function numberIn(body: Record<string, unknown>, name: string): number | undefined {
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : undefined;
}

export function textIn(body: Record<string, unknown>, name: string): string {
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  return typeof value === 'string' ? value : '';
}
