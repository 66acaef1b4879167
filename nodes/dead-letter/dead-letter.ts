import type { DeadLetter } from '../../core/delivery/dead-letters.ts';
import type { Died } from '../../core/delivery/finish.ts';
import { HubError } from '../../core/errors.ts';
import type { Hub } from '../../core/hub.ts';
import { rawInputs } from '../../core/store/queries/raw-input.ts';
import { actorOf } from '../shared/actor.ts';
import { type BaseConfig, defineNode } from '../shared/define-node.ts';
import { runSource } from '../shared/delivery-source.ts';
import { numberIn } from '../shared/number-field.ts';
import { stableId } from '../shared/stable-id.ts';
import { actions, type Command, readCommand } from './commands.ts';
import './messages.ts';

export interface DeadLetterConfig extends BaseConfig {
  /** Whether the first output tells of each message that dies. */
  tells: boolean;
  /** What to do with messages that come in; `message` takes it from `msg.payload.action`. */
  action: string;
  /** Most that one `retry-many` retries; empty for 100. */
  cap: string | number;
}

/** Bytes of a dead message that are shown. */
const rawLimit = 10_000;

export default defineNode<DeadLetterConfig>({
  type: 'dead-letter',
  version: 1,
  usesHub: true,
  check({ action = 'message' }) {
    if (action !== 'message' && !actions.some((known) => known === action)) {
      throw new HubError('dead-letter.bad-action', { action, known: actions.join(', ') });
    }
  },
  setup(context) {
    const { node, config, hub, status } = context;
    const subscriber = `dead:${stableId(node)}`;
    const cap = numberIn(config.cap);
    const source = config.tells === false ? undefined : tellOfDeaths();
    // Whoever no longer wants to be told leaves nothing behind that waits for ever.
    if (!source) hub.whenOpen((opened) => void forget(opened));

    return {
      async input(message, send) {
        const command = readCommand(config.action || 'message', cap, message.payload);
        message.payload = await carryOut(command, await hub.ready(), actorOf(message, node.id));
        message.action = command.action;
        if (!source) status.ok();
        send([null, message]);
      },
      close: () => source?.close(),
    };

    function tellOfDeaths() {
      return runSource(context, {
        subscriber,
        settings: {},
        async opened(opened) {
          const label = node.name || 'dead-letter';
          await opened.subscribers.register({
            id: subscriber,
            topic: 'dead-letter',
            types: null,
            channels: null,
            label,
          });
        },
        async message(delivery, opened) {
          const { data, at, orderKey } = delivery.event!;
          const { deliveryId, ...died } = data as Died;
          const raw = await rawInputs(opened.store.read, [deliveryId], rawLimit);
          return {
            topic: 'dead-letter',
            payload: { deliveryId, ...died, rawInput: raw.get(deliveryId) ?? null, at },
            ...(orderKey !== null && { order: { key: orderKey } }),
          };
        },
      });
    }

    async function forget(opened: Hub): Promise<void> {
      try {
        await opened.subscribers.forget(subscriber, `flow:${node.id}`);
      } catch (error) {
        if (context.open) node.error(error instanceof Error ? error.message : String(error));
      }
    }
  },
});

async function carryOut(command: Command, { deadLetters, store }: Hub, actor: string): Promise<unknown> {
  switch (command.action) {
    case 'list': {
      const { filter, before, limit } = command;
      const letters = await deadLetters.list(filter, { limit, ...(before !== undefined && { before }) });
      const raw = await rawInputs(
        store.read,
        letters.map(({ id }) => id),
        rawLimit,
      );
      return letters.map((letter) => shown(letter, raw.get(letter.id) ?? null));
    }
    case 'count':
      return deadLetters.count(command.filter);
    case 'retry':
      return { deliveryId: command.id, retriedAs: await deadLetters.retryOne(command.id, { actor }) };
    case 'retry-edited': {
      const { id, payload } = command;
      return { deliveryId: id, retriedAs: await deadLetters.retryOne(id, { payload, actor }) };
    }
    case 'retry-many': {
      const found = await deadLetters.count({ ...command.filter, trail: 'open' });
      return { found, retried: await deadLetters.retryMany(command.filter, command.cap, actor) };
    }
    case 'dismiss':
      await deadLetters.dismiss(command.id, { actor, reason: command.reason });
      return { deliveryId: command.id, dismissed: true };
  }
}

/** A dead letter in the form in which the first output tells of one. */
function shown(letter: DeadLetter, rawInput: string | null): object {
  const { id, topic, subscriber, key, attempts, reason, diedAt, trail } = letter;
  return { deliveryId: id, topic, subscriber, key, attempts, reason, rawInput, at: diedAt, trail };
}
