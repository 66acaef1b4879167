import { sql } from 'kysely';
import { Orders } from '../../../../core/order/orders.ts';
import type { Order } from '../../../../core/order/schema.ts';
import { Auditor, type AuditReport } from '../../../../core/stock/audit/auditor.ts';
import type { AuditFinding } from '../../../../core/stock/audit/finding.ts';
import { findingFrom } from '../../../../core/stock/audit/record.ts';
import { openFindings } from '../../../../core/store/queries/audit.ts';
import type { Row } from '../../../../core/store/schema.ts';
import type { AnyPlace } from '../../store/each-store.ts';
import { openStock, type StockFixture } from '../stock-fixture.ts';

export const hour = 3_600_000;

/** A hub's stock and orders with an auditor, and a way to change rows behind their back. */
export interface AuditFixture extends StockFixture {
  orders: Orders;
  auditor: Auditor;
  /** Changes rows past every rule, as a person with a database tool does. */
  tamper(...statements: string[]): Promise<void>;
  /** Stores an order whose line ids count from 1. */
  order(
    id: string,
    lines: readonly [sku: string, quantity: number][],
    parts?: Partial<Order>,
  ): Promise<string>;
  /** A round, and what is open after it. */
  audit(): Promise<{ report: AuditReport; open: (AuditFinding & { id: number })[] }>;
  /** Codes and objects of what is open after a round. */
  found(): Promise<string[]>;
  rows(): Promise<Row<'audit_findings'>[]>;
}

/** Lets statements write what the tables refuse: a fault of the tables' keeper, not of the hub. */
const withoutChecks = {
  sqlite: {
    before: ['pragma ignore_check_constraints = on'],
    after: ['pragma ignore_check_constraints = off'],
  },
  postgres: {
    before: [
      `do $$ declare tie record; begin
         for tie in select conrelid::regclass as owner, conname from pg_constraint
           where contype = 'c' and connamespace = current_schema()::regnamespace
         loop execute format('alter table %s drop constraint %I', tie.owner, tie.conname); end loop;
       end $$`,
    ],
    after: [],
  },
};

export async function openAudit(makePlace?: () => Promise<AnyPlace>): Promise<AuditFixture> {
  const fixture = await openStock(makePlace);
  const orders = new Orders(fixture.store);
  const auditor = new Auditor(fixture.store, fixture.stock);
  const rows = () => openFindings(fixture.store.read);
  const audit = async () => {
    const report = await auditor.run();
    return { report, open: (await rows()).map((row) => ({ id: row.id, ...findingFrom(row) })) };
  };
  return {
    ...fixture,
    orders,
    auditor,
    rows,
    audit,
    found: async () => (await audit()).open.map(({ code, object }) => `${code} ${object}`).sort(),
    async tamper(...statements) {
      const unchecked = withoutChecks[fixture.store.kind];
      await fixture.inTransaction(async (tx) => {
        for (const statement of [...unchecked.before, ...statements, ...unchecked.after])
          await sql.raw(statement).execute(tx.db);
      });
    },
    async order(id, lines, parts = {}) {
      const time = { at: '2026-01-01T00:00:00.000Z', text: '' };
      const order: Order = {
        channel: 'web',
        shop: 'main',
        channelOrderId: id,
        scenario: 'normal',
        status: 'paid',
        refundStatus: 'none',
        times: { created: time },
        currency: 'CNY',
        lines: lines.map(([sku, quantity], index) => ({ lineId: String(index + 1), sku, quantity })),
        ...parts,
      };
      const saved = await orders.save({ order, inboxId: null, arrivedAt: fixture.clock.now });
      return saved.key;
    },
    async close() {
      await auditor.stop();
      await fixture.close();
    },
  };
}
