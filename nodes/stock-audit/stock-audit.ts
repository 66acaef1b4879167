import type { Hub } from '../../core/hub.ts';
import { askAuditNow } from '../../core/insight/query/audit.ts';
import { type Language, nearestLanguage } from '../../core/message.ts';
import type { AuditFinding } from '../../core/stock/audit/finding.ts';
import { tellFinding, tellRepair } from '../../core/stock/audit/tell.ts';
import { findingCounts } from '../../core/store/queries/audit.ts';
import { type BaseConfig, defineNode } from '../shared/define-node.ts';
import { runSource } from '../shared/delivery-source.ts';
import { stableId } from '../shared/stable-id.ts';
import { type AuditField, type AuditFields, auditBounds, fieldFault, settingsFrom } from './audit-fields.ts';

export interface StockAuditConfig extends BaseConfig, AuditFields {
  /** Whether hints are sent too: what may well be right, but somebody should know. */
  hints: boolean;
}

/** What an event of the audit says. */
type Told = AuditFinding & { id: number; repairedBy?: string | null };

export default defineNode<StockAuditConfig>({
  type: 'stock-audit',
  version: 1,
  usesHub: true,
  check(config) {
    for (const field of Object.keys(auditBounds) as AuditField[]) {
      const fault = fieldFault(field, config[field]);
      if (fault) throw fault;
    }
  },
  setup(context) {
    const { RED, node, config, hub, status } = context;
    const language: Language = nearestLanguage((RED.settings as { lang?: string }).lang);
    const subscriber = `audit:${stableId(node)}`;
    let open: number | undefined;
    let unlisten: (() => void) | undefined;

    function show(): void {
      if (open === undefined) status.ready();
      else if (open > 0) status.refused(open);
      else status.ok('stock-audit.status.clean');
    }

    async function count(opened: Hub): Promise<void> {
      const counts = await findingCounts(opened.store.read);
      open = counts.filter(({ level }) => level === 'wrong').reduce((sum, row) => sum + row.count, 0);
      show();
    }

    /** A status that cannot be read is no reason to stop: the next round counts again. */
    const countOrTell = (opened: Hub): void => {
      count(opened).catch((error: unknown) => {
        if (context.open) node.warn(error instanceof Error ? error.message : String(error));
      });
    };

    hub.whenOpen((opened) => {
      opened.audit.configure(settingsFrom(config));
      unlisten?.();
      unlisten = opened.audit.onRound(() => countOrTell(opened));
      if (opened.audit.last) countOrTell(opened);
    });

    const source = runSource(context, {
      subscriber,
      settings: {},
      idle: show,
      async opened(opened) {
        await opened.subscribers.register({
          id: subscriber,
          topic: 'audit',
          types: null,
          channels: null,
          label: node.name || 'stock-audit',
        });
      },
      output: ({ event }) => (event?.type === 'finding-cleared' ? 1 : 0),
      message({ event }) {
        if (!event) return undefined;
        const { repair, ...found } = event.data as Told;
        if (found.level === 'hint' && config.hints !== true) return undefined;
        const { orderKey } = found.params;
        return {
          topic: found.code,
          payload: {
            ...found,
            state: event.type === 'finding-cleared' ? 'cleared' : 'opened',
            sentence: tellFinding(found, language),
            repair: { ...repair, sentence: tellRepair(repair, language) },
            at: event.at,
          },
          ...(typeof orderKey === 'string' && { order: { key: orderKey } }),
        };
      },
    });

    return {
      async input(message, send) {
        const opened = await hub.ready();
        message.stock = await askAuditNow({ hub: opened, language });
        await count(opened);
        send([null, null, message]);
      },
      async close() {
        unlisten?.();
        await source.close();
      },
    };
  },
});
