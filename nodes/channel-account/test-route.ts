import type { NodeAPI } from 'node-red';
import { credentialNames } from '../../core/channel/access-fields.ts';
import type { DryRun } from '../../core/channel/connection/dry-run.ts';
import { openChannel } from '../../core/channel/open-channel.ts';
import { platformNamed } from '../../core/channel/platform.ts';
import { HubError } from '../../core/errors.ts';
import { type Language, sentence } from '../../core/message.ts';
import { languageOf, type RouteRequest, type RouteResponse, route } from '../shared/admin-route.ts';
import { withEnvironment } from '../shared/environment-values.ts';
import { credentialsFor } from '../shared/kept-credentials.ts';
import { accountFault } from './account-fault.ts';
import { type ChannelAccountConfig, channelOptions } from './account-settings.ts';
import { dryRunNotes } from './dry-run-notes.ts';

/** Milliseconds of one request of a test; and of all of them, for which some ask for a token first. */
const requestTimeoutMs = 10_000;
const testTimeoutMs = 25_000;
/** A clock that is off by more than this is worth mending: some platforms refuse requests from 6 minutes on. */
const clockMatters = 30_000;

interface TestRequest extends RouteRequest {
  params: { id: string };
  body?: { config?: ChannelAccountConfig; credentials?: Record<string, string> };
}

/** What came of a test, told in the language of the one who asked. */
export interface AccountTestAnswer {
  works: boolean;
  sentence: string;
  /** What is worth knowing or mending although it works. */
  notes: string[];
}

/**
 * `POST order-hub/v1/channel-accounts/<id>/test {config, credentials}`: calls the platform with the dialog's values.
 * What the dialog shows as kept is taken from the kept credentials, so it needs the right to deploy such settings.
 */
export function serveAccountTest(RED: NodeAPI): void {
  const act = route<TestRequest, RouteResponse>(async (request, response) => {
    const language = languageOf(request);
    const { config, credentials } = request.body ?? {};
    if (!config) {
      const code = 'account.nothing-to-test';
      response.status(400).json({ code, params: {}, sentence: sentence(code, {}, language) });
      return;
    }
    const node = RED.nodes.getNode(request.params.id) ?? undefined;
    const all = credentialsFor(RED, request.params.id, credentialNames, credentials);
    const filled = withEnvironment(RED, config, node);
    response.json(await testAccount(filled, withEnvironment(RED, all, node), language));
  });
  RED.httpAdmin.post(
    '/order-hub/v1/channel-accounts/:id/test',
    RED.auth.needsPermission('order-hub.write'),
    RED.auth.needsPermission('flows.write'),
    act as never,
  );
}

/** Asks the platform once, outside of the account's pace, whether it takes the account. */
export async function testAccount(
  config: ChannelAccountConfig,
  credentials: Readonly<Record<string, string | undefined>>,
  language: Language,
): Promise<AccountTestAnswer> {
  try {
    const fault = accountFault(config);
    if (fault) throw fault;
    const platform = platformNamed(config.platform);
    const opened = await openChannel(platform, {
      ...channelOptions(config, credentials),
      attempts: 1,
      timeoutMs: requestTimeoutMs,
    });
    try {
      const trial = await opened.connection.dryRun?.(AbortSignal.timeout(testTimeoutMs));
      if (trial) return toldOf(trial, platform.title, config, language);
      const found = await opened.connection.check(AbortSignal.timeout(testTimeoutMs));
      const shop = found.shop ?? config.shop;
      const notes: string[] = [];
      if (found.clockAheadMs !== null && Math.abs(found.clockAheadMs) > clockMatters) {
        const seconds = Math.round(Math.abs(found.clockAheadMs) / 1_000);
        notes.push(sentence('channel.clock-differs', { seconds }, language));
      }
      if (found.expiresAt !== null) {
        const at = new Date(found.expiresAt).toISOString();
        notes.push(sentence('channel.token-expires', { at }, language));
      }
      const told = sentence('channel.connected', { platform: platform.title, shop }, language);
      return { works: true, sentence: told, notes };
    } finally {
      opened.close();
    }
  } catch (error) {
    if (!HubError.is(error)) throw error;
    return { works: false, sentence: sentence(error.code, error.params, language), notes: [] };
  }
}

/** An interface that was set up by hand shows what it asked and found, whether it works or not. */
function toldOf(
  trial: DryRun,
  platform: string,
  { shop }: ChannelAccountConfig,
  language: Language,
): AccountTestAnswer {
  const { fault } = trial;
  return {
    works: fault === null,
    sentence: fault?.told(language) ?? sentence('channel.connected', { platform, shop }, language),
    notes: dryRunNotes(trial, language),
  };
}
