import { strict as assert } from 'node:assert';
import { Auditor } from '../../../../core/stock/audit/auditor.ts';
import { VirtualTime } from '../../delivery/virtual-time.ts';
import { onEachStore } from '../../store/each-store.ts';
import { type AuditFixture, openAudit } from './audit-fixture.ts';

const minute = 60_000;

onEachStore('the stock audit in the background', (makePlace) => {
  let hub: AuditFixture;
  beforeEach(async () => {
    hub = await openAudit(makePlace);
    await hub.stock.receive({ opKey: 'in', actor: 'test', lines: [{ sku: 'TEA', quantity: 5 }] });
  });
  afterEach(() => hub.close());
  const rounds = () => hub.store.read.selectFrom('audit_rounds').select('whole').orderBy('id').execute();

  it('reads the ledger once, then what came since, and all of it again after a day', async () => {
    const time = new VirtualTime();
    const auditor = new Auditor(hub.store, hub.stock, { timers: time });
    auditor.start();
    const round = async () => {
      let over = false;
      const forget = auditor.onRound(() => {
        over = true;
      });
      await time.advance(minute);
      // Pages rest between one another.
      while (!over) await time.advance(1_000);
      forget();
    };
    await round();
    await hub.stock.receive({ opKey: 'in 2', actor: 'test', lines: [{ sku: 'TEA', quantity: 5 }] });
    await round();
    // Changed behind the hub's back: only reading it all anew can tell.
    await hub.tamper('update stock_movements set quantity = 4 where id = 1');
    await round();
    assert.equal((await hub.rows()).length, 0);
    hub.clock.now += 25 * 60 * minute;
    await round();
    assert.deepEqual(
      (await rounds()).map(({ whole }) => whole),
      [1, 0, 0, 1],
    );
    assert.deepEqual(
      (await hub.rows()).map(({ code }) => code),
      ['audit.balance-differs'],
    );
    await auditor.stop();
    assert.equal(time.pending, 0);
  });

  it('leaves it to another process while that one leads', async () => {
    const time = new VirtualTime();
    const auditor = new Auditor(hub.store, hub.stock, { timers: time, leads: () => false });
    auditor.start();
    await time.advance(3 * minute);
    assert.deepEqual(await rounds(), []);
    assert.equal((await auditor.run()).open, 0, 'but a person may always ask');
    await auditor.stop();
  });

  it('keeps the fault of a round until one goes through', async () => {
    const time = new VirtualTime();
    let away = true;
    const leads = () => {
      if (away) throw new Error('the store is away');
      return true;
    };
    const auditor = new Auditor(hub.store, hub.stock, { timers: time, leads });
    auditor.start();
    await time.advance(minute);
    assert.match(String(auditor.fault), /the store is away/);
    away = false;
    let over = false;
    auditor.onRound(() => {
      over = true;
    });
    await time.advance(minute);
    while (!over) await time.advance(1_000);
    await time.advance(0);
    assert.equal(auditor.fault, null);
    await auditor.stop();
  });
});
