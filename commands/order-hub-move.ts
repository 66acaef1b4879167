#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { HubError, reasonOf } from '../core/errors.ts';
import { type Language, type MessageParams, nearestLanguage, sentence, speak } from '../core/message.ts';
import '../core/store/move/messages.ts';
import { Auditor } from '../core/stock/audit/auditor.ts';
import { Stock } from '../core/stock/stock.ts';
import { type MoveProgress, moveStore } from '../core/store/move/move.ts';
import type { Store } from '../core/store/store.ts';
import { type NamedStore, namedStore } from './store-place.ts';

/*
 * Moves a store from a SQLite file to PostgreSQL or back. Ends with 0 when it is moved, 1 when it is not, 2 when it
 * was not asked for properly.
 */

/** Rows between two lines about one table. */
const lineEvery = 50_000;

const language = spokenLanguage();
speak(language);
// No top-level await: a bundler or an older loader may read this file as CommonJS.
main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    complain('move.failed', { reason: reasonOf(error) });
    process.exitCode = 1;
  },
);

async function main(): Promise<number> {
  let places: { source: NamedStore; target: NamedStore } | undefined;
  try {
    places = asked();
  } catch (error) {
    complain('move.bad-arguments', { reason: HubError.is(error) ? error.message : reasonOf(error) });
    say('move.usage');
    return 2;
  }
  if (!places) {
    say('move.usage');
    return 0;
  }
  return move(places.source, places.target);
}

/** The two stores; undefined when only help is wanted. */
function asked(): { source: NamedStore; target: NamedStore } | undefined {
  const { values } = parseArgs({
    options: { from: { type: 'string' }, to: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return undefined;
  if (!values.from || !values.to) throw new HubError('move.not-given');
  const source = namedStore(values.from, process.cwd(), true);
  const target = namedStore(values.to, process.cwd(), false);
  if (source.key === target.key) throw new HubError('move.same');
  return { source, target };
}

async function move(from: NamedStore, to: NamedStore): Promise<number> {
  const opened: Store[] = [];
  const open = async (place: NamedStore): Promise<Store> => {
    const store = await place.open();
    opened.push(store);
    return store;
  };
  say('move.begins', { source: from.location, target: to.location });
  try {
    const source = await open(from);
    const target = await open(to);
    const { rows, tables, unproven } = await moveStore(source, target, {
      onProgress: tellNowAndThen(),
      onChecking: () => say('move.checking'),
    });
    say('move.done', { rows, tables, target: to.location });
    if (unproven > 0) complain('move.ledger-was-wrong', { count: unproven });
    await audit(target);
    return 0;
  } finally {
    for (const store of opened) await store.close();
  }
}

/** Asks the auditor as well, which knows more rules; what it finds was there before, for both stores are the same. */
async function audit(store: Store): Promise<void> {
  try {
    const { open } = await new Auditor(store, new Stock(store)).run();
    if (open === 0) say('move.audited');
    else complain('move.findings', { count: open });
  } catch (error) {
    complain('move.not-audited', { reason: reasonOf(error) });
  }
}

/** One line for each table that has rows, and for a long one every so often. */
function tellNowAndThen(): (progress: MoveProgress) => void {
  let lines = 0;
  return ({ table, copied, total }) => {
    const due = Math.floor(copied / lineEvery);
    if (copied < total && due <= lines) return;
    lines = copied < total ? due : 0;
    if (total > 0) say('move.copied', { table, copied, total });
  };
}

function say(code: string, params: MessageParams = {}): void {
  process.stdout.write(`${sentence(code, params, language)}\n`);
}

function complain(code: string, params: MessageParams): void {
  process.stderr.write(`${sentence(code, params, language)}\n`);
}

/** As other commands choose it: LC_ALL goes before LC_MESSAGES, and that before LANG. */
function spokenLanguage(): Language {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  return nearestLanguage(LC_ALL || LC_MESSAGES || LANG);
}
