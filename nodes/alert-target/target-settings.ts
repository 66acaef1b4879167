import { HubError } from '../../core/errors.ts';
import {
  type AlertKind,
  type AlertProblem,
  type AlertSecrets,
  alertKinds,
} from '../../core/insight/alert/channel.ts';
import { alertChannels } from '../../core/insight/alert/channels.ts';
import type { TargetReader } from '../../core/insight/alert/for-target.ts';
import { type AlertRate, defaultRates } from '../../core/insight/alert/rates.ts';
import { type Language, nearestLanguage } from '../../core/message.ts';
import type { BaseConfig } from '../shared/define-node.ts';
import { credentialsOfKind } from './target-fields.ts';

/** A target as its dialog saves it: the fields of every kind side by side, those of other kinds unused. */
export interface AlertTargetConfig extends BaseConfig {
  kind: AlertKind;
  host?: string;
  port?: string | number;
  security?: string;
  user?: string;
  from?: string;
  /** Lists are texts with commas or new lines between the entries. */
  to?: string;
  url?: string;
  keyword?: string;
  atMobiles?: string;
  atAll?: boolean;
  mentionedList?: string;
  mentionedMobileList?: string;
  recipients?: string;
  signName?: string;
  templateCode?: string;
  templateId?: string;
  sdkAppId?: string;
  region?: string;
  variables?: readonly { name: string; template: string }[];
  /** Origin of a relay in place of the platform's own. */
  baseUrl?: string;
  /** Alerts a minute; empty for what the kind takes. */
  perMinute?: string | number;
  attempts?: string | number;
  /** Empty for the server's. */
  language?: string;
  zone?: string;
  showPersonal?: boolean;
}

/** @throws HubError alert-target.bad-kind */
export function kindOf(config: Pick<AlertTargetConfig, 'kind'>): AlertKind {
  const kind = alertKinds.find((known) => known === config.kind);
  if (!kind) throw new HubError('alert-target.bad-kind', { kind: String(config.kind) });
  return kind;
}

/** The settings as the channel wants them. */
export function channelSettings(config: AlertTargetConfig, markdown: boolean): object {
  const baseUrl = textOf(config.baseUrl);
  const relay = baseUrl === '' ? {} : { baseUrl };
  const format = markdown ? 'markdown' : 'text';
  const keyword = textOf(config.keyword);
  const robot = { ...relay, ...(keyword !== '' && { keyword }) };
  const sms = { ...relay, recipients: listOf(config.recipients), signName: textOf(config.signName) };
  switch (config.kind) {
    case 'smtp':
      return {
        host: textOf(config.host),
        port: Number(config.port),
        security: textOf(config.security) || 'tls',
        user: textOf(config.user),
        from: textOf(config.from),
        to: listOf(config.to),
      };
    case 'webhook':
      return { url: textOf(config.url) };
    case 'dingtalk':
      return { ...robot, format, atMobiles: listOf(config.atMobiles), atAll: config.atAll === true };
    case 'wecom':
      return {
        ...robot,
        format,
        mentionedList: listOf(config.mentionedList),
        mentionedMobileList: listOf(config.mentionedMobileList),
      };
    case 'feishu':
      return { ...robot, format: markdown ? 'card' : 'text' };
    case 'sms-aliyun':
      return { ...sms, templateCode: textOf(config.templateCode) };
    case 'sms-tencent': {
      const region = textOf(config.region);
      return {
        ...sms,
        templateId: textOf(config.templateId),
        sdkAppId: textOf(config.sdkAppId),
        ...(region !== '' && { region }),
      };
    }
  }
}

/** The credentials of the target's kind under the channel's names. */
export function channelSecrets(
  kind: AlertKind,
  credentials: Readonly<Record<string, string | undefined>>,
): AlertSecrets {
  return Object.fromEntries(
    Object.entries(credentialsOfKind[kind]).map(([name, kept]) => [name, credentials[kept] || undefined]),
  );
}

/** What is wrong with the settings; an error keeps the target from sending. */
export function targetProblems(config: AlertTargetConfig, secrets: AlertSecrets): AlertProblem[] {
  return alertChannels[config.kind].validate(channelSettings(config, false), secrets);
}

export function rateOf(config: AlertTargetConfig): AlertRate {
  const usual = defaultRates[config.kind];
  const text = textOf(config.perMinute);
  return text === '' ? usual : { ...usual, perMinute: Number(text) };
}

/** What the wording of alerts depends on. */
export function readerOf(config: AlertTargetConfig, serverLanguage: Language): TargetReader {
  const { kind } = config;
  const zone = textOf(config.zone);
  const isSms = kind === 'sms-aliyun' || kind === 'sms-tencent';
  return {
    name: textOf(config.name) || alertChannels[kind].label[serverLanguage],
    kind,
    language: textOf(config.language) === '' ? serverLanguage : nearestLanguage(textOf(config.language)),
    ...(zone !== '' && { zone }),
    showPersonal: config.showPersonal === true,
    variables: isSms ? (config.variables ?? []).filter(({ name }) => textOf(name) !== '') : [],
  };
}

function textOf(value: string | number | undefined | null): string {
  return value === undefined || value === null ? '' : String(value).trim();
}

/** The entries of a list written with commas, semicolons or new lines between them. */
function listOf(text: string | undefined): string[] {
  return textOf(text)
    .split(/[,，、;；\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
