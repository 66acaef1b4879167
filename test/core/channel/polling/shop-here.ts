import assert from 'node:assert/strict';
import type Database from 'better-sqlite3';
import { type CensusSheet, censusSentence } from '../../../../core/channel/polling/census/sheet.ts';
import type { ChangingShop } from './changing-shop.ts';
import type { PollingChild, Told } from './polling-child.ts';

/** Whether a reader has come to the end of what a shop has to tell. */
export function isThrough(shop: ChangingShop): (told: Told) => boolean {
  return ({ sheet }) =>
    sheet !== undefined &&
    shop.changesLeft === 0 &&
    !sheet.filling &&
    sheet.waiting === 0 &&
    sheet.watermark > shop.lastChangeAt;
}

/** The census says that every order of the shop is here, and saved. */
export async function expectCountedWhole(
  child: PollingChild,
  shop: ChangingShop,
  where: string,
): Promise<void> {
  const isWhole = ({ kind, windowUntil }: CensusSheet): boolean =>
    kind === 'recent' && windowUntil > shop.lastChangeAt;
  const census = await child.count(isWhole);
  const all = shop.orders.length;
  assert.deepEqual([census.listed, census.had, census.fetched, census.fault], [all, all, 0, null], where);
  const told = all.toLocaleString('en-US');
  assert.equal(
    censusSentence(census, { channel: 'fake', shop: 'main' }, 'en-US'),
    `fake/main: ${told} of ${told} orders are here.`,
  );
  assert.equal(census.saved, all, where);
}

/** Every order of the shop is in the store in its last state, and no state of any of them twice. */
export function expectLastStates(db: Database.Database, shop: ChangingShop, where: string): void {
  const orders = db
    .prepare(`select channel_order_id as id, modified_at as modifiedAt, document from orders`)
    .all() as { id: string; modifiedAt: number; document: string }[];
  const ours = new Map(
    orders.map(({ id, modifiedAt, document }) => [
      id,
      { modifiedAt, rev: Number((JSON.parse(document) as { sellerNote: string }).sellerNote) },
    ]),
  );
  assert.equal(ours.size, shop.orders.length, where);
  for (const { id, rev, modifiedAt } of shop.orders)
    assert.deepEqual(ours.get(id), { modifiedAt, rev }, `${id}, ${where}`);
  const records = db.prepare('select body from inbox').all() as { body: Buffer }[];
  const states = new Set(records.map(({ body }) => body.toString()));
  assert.equal(states.size, records.length, `no state of an order is stored twice, ${where}`);
}
