import { ChannelFault } from '../connection/fault.ts';
import type {
  BadRecord,
  ChannelRecord,
  OrderPage,
  OrderSource,
  OrderStamp,
  TimeWindow,
} from '../connection/order-source.ts';
import { fulfilmentLines } from './fulfilment-lines.ts';
import { allNodes, type Connection, type GraphQl, gidOf, numberOf, tooCostly } from './graphql.ts';
import {
  type Fulfillment,
  type LineItem,
  lineFields,
  longOrderFields,
  type OrderNode,
  orderFields,
  webhookShape,
} from './order-shape.ts';

const day = 86_400_000;
/** Orders older than 60 days are shown to apps with read_all_orders only. */
const windowRules = {
  mostMs: day / 4,
  lagMs: 60_000,
  overlapMs: 5 * 60_000,
  reachMs: 60 * day,
  stepMs: 1_000,
};
const cursorBack = 'channel.cursor-back';
/** How often a page is asked for again for another cursor, before a list counts as one without end. */
const mostStepsBack = 3;
/** Orders of the first page; fewer where the shop finds that too costly. */
const firstPage = 25;
const stampPage = 250;
const whole = { hasNextPage: false, endCursor: null };

interface Page<Node> {
  orders: Connection<Node>;
}

const listQuery = (fields: string): string =>
  `query changed($first: Int!, $after: String, $query: String!) {
    orders(first: $first, after: $after, sortKey: UPDATED_AT, query: $query) {
      nodes { ${fields} } pageInfo { hasNextPage endCursor } } }`;

/**
 * Orders of a Shopify shop through its GraphQL Admin API, in order of change. A cursor stands for a place in that
 * order, not for a number of rows, so an order that changes meanwhile leaves no gap behind.
 */
export function ordersOf(graphQl: GraphQl): OrderSource {
  return {
    window: windowRules,
    async *changed(window, signal) {
      let page = 0;
      for await (const nodes of pagesOf<OrderNode>(graphQl, orderFields, firstPage, window, signal)) {
        page += 1;
        yield await pageOf(graphQl, nodes, page, signal);
      }
    },
    async order(channelOrderId, signal) {
      const node = await wholeOrder(graphQl, gidOf('Order', channelOrderId), signal);
      return node && recordOf(node);
    },
    async *stamps(window, signal) {
      const fields = 'id updatedAt';
      type Stamp = Pick<OrderNode, 'id' | 'updatedAt'>;
      for await (const nodes of pagesOf<Stamp>(graphQl, fields, stampPage, window, signal)) {
        const stamps: OrderStamp[] = nodes.map(({ id, updatedAt }) => ({
          channelOrderId: numberOf(id),
          modifiedAt: timeOf(updatedAt),
        }));
        yield { total: null, stamps };
      }
    },
  };
}

async function* pagesOf<Node>(
  graphQl: GraphQl,
  fields: string,
  most: number,
  { from, until }: TimeWindow,
  signal: AbortSignal,
): AsyncIterable<Node[]> {
  const query = `updated_at:>='${iso(from)}' AND updated_at:<'${iso(until)}'`;
  const cursors = new Set<string>();
  let first = most;
  let after: string | null = null;
  /** What the last page was asked by; undefined where there is none to go back to. */
  let before: string | null | undefined;
  let stepsBack = 0;
  const check = ({ orders: { pageInfo } }: Page<Node>): void => {
    const { hasNextPage, endCursor } = pageInfo;
    if (hasNextPage && (endCursor === null || cursors.has(endCursor)))
      throw new ChannelFault('platform', cursorBack, { platform: 'Shopify', call: 'orders' });
  };
  for (;;) {
    let answer: Page<Node>;
    try {
      answer = await graphQl.ask<Page<Node>>(
        { name: 'orders', query: listQuery(fields), variables: { first, after, query } },
        signal,
        check,
      );
    } catch (error) {
      if (!ChannelFault.is(error)) throw error;
      if (error.code === tooCostly && first > 1) first = Math.ceil(first / 2);
      // The cursor that led here may be what is wrong: the page that gave it is asked for another.
      else if (error.code === cursorBack && before !== undefined && stepsBack < mostStepsBack) {
        stepsBack += 1;
        after = before;
        before = undefined;
      } else throw error;
      continue;
    }
    const { nodes, pageInfo } = answer.orders;
    if (nodes.length > 0) yield nodes;
    if (!pageInfo.hasNextPage) return;
    before = after;
    after = pageInfo.endCursor!;
    cursors.add(after);
  }
}

async function pageOf(
  graphQl: GraphQl,
  nodes: readonly OrderNode[],
  page: number,
  signal: AbortSignal,
): Promise<OrderPage> {
  const records: ChannelRecord[] = [];
  const bad: BadRecord[] = [];
  for (const [index, node] of nodes.entries()) {
    if (typeof node?.id !== 'string') {
      const body = JSON.stringify(node);
      bad.push({ at: `nodes[${index}]`, code: 'channel.record-without-id', params: { field: 'id' }, body });
      continue;
    }
    const whole = isWhole(node) ? node : await wholeOrder(graphQl, node.id, signal);
    if (whole) records.push(recordOf(whole));
  }
  return { records, bad, page, pages: null, total: null };
}

/** Whether all of an order's lines and parcels came with it. */
function isWhole({ lineItems, fulfillments }: OrderNode): boolean {
  const parts = [lineItems, ...fulfillments.map(({ fulfillmentLineItems }) => fulfillmentLineItems)];
  return fulfillments.length < 10 && parts.every(({ pageInfo }) => !pageInfo.hasNextPage);
}

/**
 * An order with all its lines and parcels, however many; null when there is none. What is in the parcels is asked for
 * parcel by parcel: nested, it would cost more than a question may.
 */
async function wholeOrder(graphQl: GraphQl, id: string, signal: AbortSignal): Promise<OrderNode | null> {
  type Long = Omit<OrderNode, 'fulfillments'> & { fulfillments: Omit<Fulfillment, 'fulfillmentLineItems'>[] };
  const query = `query order($id: ID!) { order(id: $id) { ${longOrderFields} } }`;
  const { order } = await graphQl.ask<{ order: Long | null }>(
    { name: 'order', query, variables: { id } },
    signal,
  );
  if (!order) return null;
  const lines = await allNodes('lineItems', order.lineItems, (after) =>
    moreLines(graphQl, id, after, signal),
  );
  const fulfillments: Fulfillment[] = [];
  for (const one of order.fulfillments) {
    const nodes = await fulfilmentLines(graphQl, one.id, signal);
    fulfillments.push({ ...one, fulfillmentLineItems: { nodes, pageInfo: whole } });
  }
  return { ...order, fulfillments, lineItems: { pageInfo: whole, nodes: lines } };
}

async function moreLines(
  graphQl: GraphQl,
  id: string,
  after: string,
  signal: AbortSignal,
): Promise<Connection<LineItem> | undefined> {
  const query = `query lines($id: ID!, $after: String) {
    order(id: $id) { lineItems(first: 100, after: $after) { ${lineFields} } } }`;
  const { order } = await graphQl.ask<{ order: { lineItems: Connection<LineItem> } | null }>(
    { name: 'lineItems', query, variables: { id, after } },
    signal,
  );
  return order?.lineItems;
}

function recordOf(node: OrderNode): ChannelRecord {
  return {
    channelOrderId: numberOf(node.id),
    modifiedAt: timeOf(node.updatedAt),
    body: JSON.stringify(webhookShape(node)),
  };
}

function timeOf(text: string | null | undefined): number | null {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? null : time;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
