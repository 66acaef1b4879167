import { strict as assert } from 'node:assert';
import { tellFinding } from '../../../../core/stock/audit/tell.ts';
import { computeHandler } from '../../../../core/stock/shares/compute.ts';
import type { SharePolicy } from '../../../../core/stock/shares/policy.ts';
import { saveListings } from '../../../../core/store/queries/listings.ts';
import { lastMovementId } from '../../../../core/store/queries/shares.ts';
import { stockLevels } from '../../../../core/store/queries/stock.ts';
import { onEachStore } from '../../store/each-store.ts';
import { type AuditFixture, hour, openAudit } from './audit-fixture.ts';

const actor = 'test';
const key = (id: string) => `web/main/${id}`;

/** A fault that somebody or something made, what the auditor must say of it, and what repairs it. */
interface Fault {
  what: string;
  tamper: string[];
  /** Codes and objects, in order. */
  expected: string[];
  /** Whether every finding can be repaired by the hub. */
  heals: boolean;
}

/*
 * The hub that is tampered with: TEA is balance 1 (20 received, movement 1), MUG balance 2 (10, movement 2). A holds 2
 * TEA and 1 MUG (movements 3 and 4), B holds 3 TEA and has shipped one of them (5 and 7), C has nothing left (6 and 8).
 */
const faults: Fault[] = [
  {
    what: 'a bucket of a balance that was changed',
    tamper: ['update stock_balances set available = available + 1 where id = 1'],
    expected: ['audit.balance-differs stock:main/TEA#available'],
    heals: true,
  },
  {
    what: 'a bucket of holds that was changed',
    tamper: ['update stock_balances set committed = 0 where id = 1'],
    expected: ['audit.balance-differs stock:main/TEA#committed'],
    heals: true,
  },
  {
    what: 'a negative bucket',
    tamper: ['update stock_balances set qc = -3 where id = 2'],
    expected: ['audit.negative stock:main/MUG#qc'],
    heals: true,
  },
  {
    what: 'a balance that forgot its newest movement',
    tamper: ['update stock_balances set last_movement_id = 1 where id = 1'],
    expected: ['audit.chain-end stock:main/TEA#last'],
    heals: true,
  },
  {
    what: 'a movement that names a wrong one before it',
    tamper: ['update stock_movements set prev_id = 1 where id = 5'],
    expected: ['audit.chain-broken movement:5'],
    heals: false,
  },
  {
    what: 'a movement whose units were changed',
    tamper: ['update stock_movements set quantity = 21 where id = 1'],
    expected: ['audit.balance-differs stock:main/TEA#available'],
    heals: true,
  },
  {
    what: 'a movement that was deleted',
    tamper: ['delete from stock_movements where id = 2'],
    expected: ['audit.balance-differs stock:main/MUG#available', 'audit.chain-broken movement:4'],
    heals: false,
  },
  {
    what: 'a movement without its operation',
    tamper: ['delete from stock_operations where id = 2'],
    expected: ['audit.movement-no-operation movement:2'],
    heals: false,
  },
  {
    what: 'a balance that was deleted',
    tamper: [
      'insert into stock_movements select 99, op_id, 77, from_bucket, to_bucket, quantity, null, null, null from stock_movements where id = 1',
    ],
    expected: ['audit.balance-missing balance:77'],
    heals: false,
  },
  {
    what: 'held units that belong to nobody',
    tamper: [
      `insert into stock_movements values (99, 1, 2, 'available', 'held', 4, null, null, 4)`,
      'update stock_balances set available = available - 4, held = 4, last_movement_id = 99 where id = 2',
    ],
    expected: ['audit.units-without-hold stock:main/MUG#stray'],
    heals: false,
  },
  {
    what: 'a hold that says more than its movements',
    tamper: [`update stock_holds set remaining = 3 where order_key = '${key('B')}'`],
    expected: [`audit.hold-differs hold:${key('B')}#5`],
    heals: true,
  },
  {
    what: 'a hold that says it is over while it has units',
    tamper: [`update stock_holds set state = 'released' where order_key = '${key('B')}'`],
    expected: [`audit.hold-state hold:${key('B')}#5`],
    heals: true,
  },
  {
    what: 'a hold that says it is open and has nothing left',
    tamper: [`update stock_holds set state = 'open', resolved_at = null where order_key = '${key('C')}'`],
    expected: [`audit.hold-state hold:${key('C')}#6`],
    heals: true,
  },
  {
    what: 'a hold in another bucket than its units',
    tamper: [`update stock_holds set bucket = 'held' where order_key = '${key('B')}'`],
    expected: [`audit.hold-bucket hold:${key('B')}#5`],
    heals: false,
  },
  {
    what: 'a hold that was deleted',
    tamper: [
      `delete from stock_holds where order_key = '${key('C')}'`,
      `delete from stock_holds where order_key = '${key('B')}'`,
      `update order_lines set shipped = 3, locked = 0 where order_key = '${key('B')}'`,
    ],
    expected: [`audit.hold-missing hold:${key('B')}#5`],
    heals: false,
  },
  {
    what: 'a cancelled order that still holds',
    tamper: [`update orders set status = 'cancelled' where key = '${key('A')}'`],
    expected: [`audit.held-by-cancelled order:${key('A')}@main`],
    heals: true,
  },
  {
    what: 'a refunded order that still holds',
    tamper: [`update orders set refund_status = 'full' where key = '${key('A')}'`],
    expected: [`audit.held-by-refunded order:${key('A')}@main`],
    heals: true,
  },
  {
    what: 'a completed order that still holds',
    tamper: [`update orders set status = 'completed' where key = '${key('A')}'`],
    expected: [`audit.held-by-completed order:${key('A')}@main`],
    heals: true,
  },
  {
    what: 'a line that was cancelled and still holds',
    tamper: [`update order_lines set cancelled = 1 where order_key = '${key('A')}' and line_id = '2'`],
    expected: [`audit.line-gone line:${key('A')}#2@main`],
    heals: true,
  },
  {
    what: 'a line that is gone and still holds',
    tamper: [`delete from order_lines where order_key = '${key('A')}' and line_id = '2'`],
    expected: [`audit.line-gone line:${key('A')}#2@main`],
    heals: true,
  },
  {
    what: 'an order that is not stored',
    tamper: [
      `delete from orders where key = '${key('A')}'`,
      `delete from order_lines where order_key = '${key('A')}'`,
    ],
    expected: [`audit.order-not-stored order:${key('A')}@main`],
    heals: true,
  },
  {
    what: 'a paid line that nothing is locked for',
    tamper: [`update order_lines set ordered = 4 where order_key = '${key('A')}' and line_id = '1'`],
    expected: [`audit.uncovered line:${key('A')}#1`],
    heals: true,
  },
  {
    what: 'a paid line that the flow found no stock for',
    tamper: [
      `update order_lines set ordered = 4 where order_key = '${key('A')}' and line_id = '1'`,
      `update orders set allocation = 'short' where key = '${key('A')}'`,
    ],
    expected: [`audit.paid-no-stock line:${key('A')}#1`],
    heals: true,
  },
  {
    what: 'a line that says something else is locked',
    tamper: [`update order_lines set locked = 1 where order_key = '${key('A')}' and line_id = '1'`],
    expected: [`audit.line-locked-differs line:${key('A')}#1`],
    heals: true,
  },
  {
    what: 'a line of which more was shipped than ordered',
    tamper: [`update order_lines set shipped = 5 where order_key = '${key('C')}'`],
    expected: [`audit.line-above-ordered line:${key('C')}#1`],
    heals: false,
  },
  {
    what: 'a shop that was told of more units than are sellable',
    tamper: [`update share_states set sellable = 15 where listing = 'tea-1'`],
    expected: ['audit.published-above share:s1/web/main/tea-1'],
    heals: true,
  },
  {
    what: 'an operation without its answer',
    tamper: ['update stock_operations set answer = null where id = 3'],
    expected: ['audit.no-answer operation:3'],
    heals: false,
  },
  {
    what: 'an operation whose answer is that of one that is gone',
    tamper: ['update stock_operations set answer = null, same_as = 999 where id = 3'],
    expected: ['audit.answer-dangling operation:3'],
    heals: false,
  },
];

onEachStore('the stock audit', (makePlace) => {
  let hub: AuditFixture;

  beforeEach(async () => {
    hub = await openAudit(makePlace);
    const { stock } = hub;
    await stock.receive({ opKey: 'in 1', actor, lines: [{ sku: 'TEA', quantity: 20 }] });
    await stock.receive({ opKey: 'in 2', actor, lines: [{ sku: 'MUG', quantity: 10 }] });
    await hub.order('A', [
      ['TEA', 2],
      ['MUG', 1],
    ]);
    await hub.order('B', [['TEA', 3]]);
    await hub.order('C', [['TEA', 1]]);
    await stock.lock({
      opKey: 'lock A',
      actor,
      orderKey: key('A'),
      lines: [
        { lineId: '1', sku: 'TEA', quantity: 2 },
        { lineId: '2', sku: 'MUG', quantity: 1 },
      ],
    });
    const lines = [{ lineId: '1', sku: 'TEA', quantity: 3 }];
    await stock.lock({ opKey: 'lock B', actor, orderKey: key('B'), lines });
    await stock.lock({ opKey: 'lock C', actor, orderKey: key('C'), lines: [{ ...lines[0]!, quantity: 1 }] });
    await stock.deduct({ opKey: 'ship B', actor, orderKey: key('B'), lines: [{ lineId: '1', quantity: 1 }] });
    await stock.deduct({ opKey: 'ship C', actor, orderKey: key('C') });
    await shareOutTea();
    hub.clock.now += 25 * hour;
  });
  afterEach(() => hub.close());

  /** A shop shows all of the TEA under a listing of its own; every movement so far has been looked at. */
  async function shareOutTea(): Promise<void> {
    const policy: SharePolicy = {
      pools: ['main'],
      buffer: 0,
      closeBelow: 1,
      reopenAt: 1,
      lastUnits: null,
      channels: [
        {
          channel: 'web',
          shop: 'main',
          kind: 'shared',
          amount: null,
          cap: null,
          fence: null,
          listings: 'mapped',
        },
      ],
    };
    await hub.inTransaction(async (tx) => {
      await saveListings(tx.db, [
        { channel: 'web', shop: 'main', listing: 'tea-1', sku: 'TEA', source: 'told', seen_at: tx.now },
      ]);
      const row = { id: 's1', label: 'shops', policy: JSON.stringify(policy), event_id: 0 };
      await tx.put('shares', [{ ...row, movement_id: await lastMovementId(tx.db), updated_at: tx.now }]);
    });
    await hub.store.execute(computeHandler, { share: 's1', skus: ['TEA'] });
  }

  it('gives a number that channels show the time it takes to be worked out again', async () => {
    const lines = [{ lineId: '1', sku: 'TEA', quantity: 1 }];
    await hub.order('D', [['TEA', 1]]);
    await hub.stock.lock({ opKey: 'lock D', actor, orderKey: key('D'), lines });
    assert.deepEqual(await hub.found(), [], 'nobody has looked at the lock yet');
    hub.clock.now += hour;
    const above = ['audit.published-above share:s1/web/main/tea-1'];
    assert.deepEqual(await hub.found(), above, 'nobody has looked at it for an hour');
    await hub.tamper(`update shares set movement_id = 99, updated_at = ${hub.clock.now}`);
    assert.deepEqual(await hub.found(), [], 'rules that just changed take their time too');
    hub.clock.now += hour;
    assert.deepEqual(await hub.found(), above, 'it was looked at, and the number stayed');
    await hub.store.execute(computeHandler, { share: 's1', skus: ['TEA'] });
    assert.deepEqual(await hub.found(), []);
  });

  it('finds nothing where nothing is wrong', async () => {
    const { report, open } = await hub.audit();
    assert.deepEqual(open, []);
    assert.equal(report.whole, true);
    assert.ok(report.rows > 8 && report.pages > 3, `${report.rows} rows, ${report.pages} pages`);
  });

  for (const { what, tamper, expected, heals } of faults) {
    it(`finds ${what}, and nothing else`, async () => {
      await hub.tamper(...tamper);
      assert.deepEqual(await hub.found(), [...expected].sort());
      for (const finding of (await hub.audit()).open) {
        for (const language of ['en-US', 'zh-CN'] as const) {
          const told = tellFinding(finding, language);
          assert.doesNotMatch(told, /undefined|\{|NaN|^audit\./, told);
        }
        assert.equal(finding.repair.act !== 'none', heals, `${finding.code}: ${finding.repair.act}`);
      }
    });

    if (!heals) continue;
    it(`repairs ${what}, once, and the next round clears it`, async () => {
      await hub.tamper(...tamper);
      const { open } = await hub.audit();
      for (const { id } of open) {
        const wanted = { findingId: id, actor: 'boss', reason: 'audit', opKey: `r${id}`, knowsUsers: false };
        const answer = await hub.auditor.repair(wanted);
        assert.deepEqual([answer.state, answer.refusals, answer.replayed], ['repaired', [], false]);
        assert.notDeepEqual(answer.before, answer.after);
        assert.equal((await hub.auditor.repair(wanted)).replayed, answer.act !== 'sweep');
      }
      assert.deepEqual(await hub.found(), []);
      const [cleared] = await hub.store.read.selectFrom('audit_findings').selectAll().execute();
      assert.deepEqual([cleared?.repaired_by, cleared?.cleared_at], ['boss', hub.clock.now]);
    });
  }

  it('finds lapsed holds that nobody tidies, and tidies them', async () => {
    await hub.order('D', [['TEA', 2]], { status: 'created' });
    const lines = [{ lineId: '1', sku: 'TEA', quantity: 2 }];
    await hub.stock.lock({ opKey: 'lock D', actor, orderKey: key('D'), lines, ttlMs: 1_000 });
    hub.clock.now += 60_000;
    assert.deepEqual(await hub.found(), []);
    hub.clock.now += hour;
    const { open } = await hub.audit();
    assert.deepEqual(
      open.map(({ code, params }) => [code, params.holds, params.units]),
      [['audit.lapsed-left', 1, 2]],
    );
    await hub.auditor.repair({ findingId: open[0]!.id, actor, reason: 'r', opKey: 's', knowsUsers: false });
    assert.deepEqual(await hub.found(), []);
  });

  it('releases what a completed order holds in vain, since its units left without the hold', async () => {
    const lines = [{ lineId: '1', sku: 'TEA', quantity: 1 }];
    await hub.stock.lock({ opKey: 'lock C again', actor, orderKey: key('C'), lines });
    await hub.tamper(`update orders set status = 'completed' where key = '${key('C')}'`);
    const { open } = await hub.audit();
    assert.deepEqual(
      open.map(({ code }) => code),
      ['audit.held-by-completed'],
    );
    const wanted = { findingId: open[0]!.id, actor, reason: 'r', opKey: 'r', knowsUsers: false };
    assert.equal((await hub.auditor.repair(wanted)).state, 'repaired');
    assert.deepEqual(await hub.found(), []);
    const [tea] = await stockLevels(hub.store.read, { sku: 'TEA', limit: 1, now: hub.clock.now });
    assert.equal(tea?.available, 14, 'A holds 2 and B 2 of 20; B and C got 1 each');
  });

  it('gives an order that just changed the time its flow needs', async () => {
    const id = await hub.order('D', [['TEA', 2]]);
    assert.deepEqual(await hub.found(), []);
    hub.clock.now += hour;
    assert.deepEqual(await hub.found(), [`audit.uncovered line:${id}#1`]);
  });

  it('leaves alone what the hub keeps no stock of, and refunded lines', async () => {
    await hub.order('D', [['GIFT', 2]]);
    const time = { at: '2026-01-01T00:00:00.000Z', text: '' };
    await hub.order('E', [['TEA', 2]], {
      refundStatus: 'partial',
      times: { created: time },
      lines: [{ lineId: '1', sku: 'TEA', quantity: 2, refundStatus: 'full' }],
    });
    hub.clock.now += hour;
    assert.deepEqual(await hub.found(), []);
  });

  it('opens a finding once, and tells when it comes and when it goes', async () => {
    await hub.tamper('update stock_balances set available = available + 1 where id = 1');
    assert.equal((await hub.audit()).report.opened, 1);
    hub.clock.now += hour;
    const again = await hub.audit();
    assert.deepEqual([again.report.opened, again.report.open], [0, 1]);
    const [row] = await hub.rows();
    assert.deepEqual([row!.first_seen, row!.last_seen], [hub.clock.now - hour, hub.clock.now]);
    await hub.tamper('update stock_balances set available = available - 1 where id = 1');
    assert.equal((await hub.audit()).report.cleared, 1);
    const events = await hub.store.read
      .selectFrom('events')
      .select('type')
      .where('topic', '=', 'audit')
      .execute();
    assert.deepEqual(
      events.map(({ type }) => type),
      ['finding-opened', 'finding-cleared'],
    );
  });

  it('asks for a second person above the limit, where users are told apart', async () => {
    await hub.tamper('update stock_balances set available = available + 101 where id = 1');
    const [finding] = (await hub.audit()).open;
    const wanted = { findingId: finding!.id, reason: 'r', opKey: 'r', knowsUsers: true };
    assert.equal((await hub.auditor.repair({ ...wanted, actor: 'ann' })).state, 'waiting');
    assert.equal((await hub.auditor.repair({ ...wanted, actor: 'ann' })).state, 'waiting');
    assert.deepEqual(await hub.found(), ['audit.balance-differs stock:main/TEA#available']);
    assert.equal((await hub.auditor.repair({ ...wanted, actor: 'bob' })).state, 'repaired');
    assert.deepEqual(await hub.found(), []);
  });

  it('refuses to repair what it does not know, cannot, or need not', async () => {
    const repair = (findingId: number, opKey = 'r') =>
      hub.auditor.repair({ findingId, actor, reason: 'r', opKey, knowsUsers: false });
    await assert.rejects(repair(7), { code: 'audit.unknown-finding' });
    await hub.tamper(
      'update stock_balances set qc = 1 where id = 1',
      'update stock_movements set prev_id = 9 where id = 4',
      `update orders set status = 'cancelled' where key = '${key('A')}'`,
    );
    const ids = new Map((await hub.audit()).open.map(({ code, id }) => [code, id]));
    await assert.rejects(repair(ids.get('audit.chain-broken')!), { code: 'audit.no-repair' });
    await hub.tamper(
      'update stock_balances set qc = 0 where id = 1',
      `update orders set status = 'paid' where key = '${key('A')}'`,
    );
    await assert.rejects(repair(ids.get('audit.balance-differs')!), { code: 'audit.already-right' });
    await assert.rejects(repair(ids.get('audit.held-by-cancelled')!), { code: 'audit.already-right' });
    await assert.rejects(repair(ids.get('audit.balance-differs')!, 'nothing'), {
      code: 'audit.already-right',
    });
    await hub.audit();
    await assert.rejects(repair(ids.get('audit.balance-differs')!), { code: 'audit.already-cleared' });
  });
});
