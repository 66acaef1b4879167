import assert from 'node:assert/strict';
import type fc from 'fast-check';
import type { Act } from './acts.ts';
import { channelTells } from './channel.ts';
import { type Expected, perform } from './expected.ts';
import type { HubUnderTest } from './hub-under-test.ts';
import { pictureOf } from './picture.ts';
import { placeOf, type Said } from './vocabulary.ts';

/** One step on both: the same answers, and the same stock after it. */
export class Step implements fc.AsyncCommand<Expected, HubUnderTest> {
  readonly act: Act;

  constructor(act: Act) {
    this.act = act;
  }

  check(): boolean {
    return true;
  }

  async run(expected: Expected, hub: HubUnderTest): Promise<void> {
    const { act } = this;
    const { stock, orders, counts } = expected;
    const ms = act.do === 'wait' ? act.ms : 1;
    stock.now += ms;
    hub.pass(ms);
    if (act.do === 'at once') {
      const foretold = act.acts.map((one) => perform(expected, one));
      const answers = await hub.atOnce(act.acts);
      for (const [index, said] of answers.entries()) same(said, foretold[index]!, act.acts[index]!);
    } else if (act.do === 'order') {
      const told = channelTells(orders.orders.get(act.order), act);
      if (told) {
        orders.save(act.order, told);
        for (const { event, said } of await hub.tell(act.order, told))
          same(said, concluded(orders.settle(act.order, event)), { ...act, event });
      }
    } else if (act.do === 'count') {
      const place = placeOf(act.pool, act.sku);
      const { available, qc, damaged } = stock.shelf(place);
      const counted = Math.max(0, available + qc + damaged + act.more);
      same(await hub.count(act.pool, act.sku, counted), counts.take(place, counted), act);
    } else if (act.do === 'approve') {
      const nth = act.nth % Math.max(1, counts.counts.length);
      if (counts.counts[nth]) same(await hub.approve(nth), counts.approve(nth), act);
    } else if (act.do === 'sweep') await hub.sweep(2);
    assert.deepEqual(await hub.picture(), pictureOf(expected), `after ${this}`);
    assert.deepEqual(await hub.broken(), [], `the books after ${this}`);
  }

  toString(): string {
    return JSON.stringify(this.act);
  }
}

/** What several acts for one event come to: the first that failed, else the last. */
function concluded(said: readonly Said[]): Said {
  const telling = said.find(({ state }) => state === 'short' || state === 'refused') ?? said.at(-1);
  return { state: telling?.state ?? 'nothing', codes: said.flatMap(({ codes }) => codes), units: [] };
}

const ends = ['stock.hold-posted', 'stock.hold-released', 'stock.hold-expired'];

/**
 * The same state, codes and units, in whatever order. Why the last of several holds ended is not asked, and that a bundle
 * is short is told besides what it is short of.
 */
function same(said: Said, expected: Said, act: object): void {
  const over = expected.codes.includes('stock.hold-over');
  const plain = ({ state, codes, units }: Said) => {
    const told = codes.map((code) => (over && ends.includes(code) ? 'stock.hold-over' : code));
    const kinds = new Set(
      told.filter((code) => code !== 'stock.bundle-short' || !told.includes('stock.short')),
    );
    return { state, codes: [...kinds].sort(), units: over ? [] : [...units].sort() };
  };
  assert.deepEqual(plain(said), plain(expected), `the answer to ${JSON.stringify(act)}`);
}
