import type { GatewayReply, GatewayRequest } from '../../gateway/exchange.ts';
import { rowsShown } from '../../gateway/exchange.ts';
import { integerOf, objectsOf, readObject, textOf } from '../../json.ts';
import { unshippedItems } from '../../shop/changes.ts';
import type { ShopOrder } from '../../shop/order.ts';
import type { PlatformParts } from '../platform.ts';
import { fits, takeParcel } from '../shipping.ts';
import { invalidParameter, wpRefusal, wpReply } from './errors.ts';
import { refundsOf, wooOrder, wooStatus } from './records.ts';

interface Page {
  page: number;
  size: number;
}

/** Page and size of a list. @throws Refusal 400 */
export function pageOf(query: URLSearchParams): Page {
  const page = Number(query.get('page') ?? 1);
  const size = Number(query.get('per_page') ?? 10);
  if (!Number.isInteger(page) || page < 1) throw invalidParameter('page', 'page must be at least 1.');
  if (!Number.isInteger(size) || size < 1 || size > 100)
    throw invalidParameter('per_page', 'per_page must be between 1 (inclusive) and 100 (inclusive)');
  return { page, size };
}

/** A page of rows with the headers that count them; `_fields` leaves out what was not asked for. */
export function pageReply(
  request: GatewayRequest,
  rows: Record<string, unknown>[],
  total: number,
  { page, size }: Page,
): GatewayReply {
  const pages = Math.ceil(total / size);
  const link = (to: number, rel: string): string => {
    const query = new URLSearchParams(request.query);
    query.set('page', String(to));
    return `<${request.url}?${query}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(page < pages ? [link(page + 1, 'next')] : []),
  ];
  return wpReply(
    rowsShown(
      rows.map((row) => chosenFields(request, row)),
      request,
    ),
    200,
    {
      'x-wp-total': String(total),
      'x-wp-totalpages': String(pages),
      ...(links.length > 0 && { link: links.join(', ') }),
    },
  );
}

export function chosenFields(
  { query }: GatewayRequest,
  row: Record<string, unknown>,
): Record<string, unknown> {
  const fields = query.get('_fields')?.split(',');
  return fields ? Object.fromEntries(fields.map((field) => [field.trim(), row[field.trim()]])) : row;
}

/** Orders of the simulated WooCommerce: lists, one, its notes and its parcels. */
export class WooOrders {
  readonly #parts: PlatformParts;
  /** How far the shop's local time is ahead of UTC, milliseconds. */
  readonly #offsetMs: number;
  readonly #notes = new Map<string, Record<string, unknown>[]>();
  readonly #trackings = new Map<string, Record<string, unknown>[]>();
  #lastId = 5_000_000;

  constructor(parts: PlatformParts, offsetMs: number) {
    this.#parts = parts;
    this.#offsetMs = offsetMs;
  }

  record(order: ShopOrder): Record<string, unknown> {
    return wooOrder(order, this.#offsetMs);
  }

  list(request: GatewayRequest): GatewayReply {
    const { query } = request;
    const place = pageOf(query);
    const statuses = [...query.entries()]
      .filter(([name]) => /^status(\[\d*\])?$/.test(name))
      .flatMap(([, value]) => value.split(','))
      .filter((status) => status !== 'any');
    const ids = query.get('include')?.split(',');
    const isWanted = (order: ShopOrder): boolean =>
      (statuses.length === 0 || statuses.includes(wooStatus(order))) && (!ids || ids.includes(order.id));
    const orderby = query.get('orderby') ?? 'date';
    if (!['date', 'modified', 'id', 'include', 'title', 'slug'].includes(orderby))
      throw invalidParameter('orderby', `orderby is not one of date, modified, id, include, title, slug.`);
    const { rows, total } = this.#rows(
      query,
      place,
      statuses.length > 0 || ids ? isWanted : undefined,
      orderby,
    );
    return pageReply(
      request,
      rows.map((order) => this.record(order)),
      total,
      place,
    );
  }

  /** Both ends of the time of modification are left out, as WordPress compares. */
  #rows(
    query: URLSearchParams,
    { page, size }: Page,
    isWanted: ((order: ShopOrder) => boolean) | undefined,
    orderby: string,
  ): { rows: ShopOrder[]; total: number } {
    const index = this.#parts.shop.index();
    const after = this.#time(query, 'modified_after');
    const before = this.#time(query, 'modified_before');
    const from = after === null ? 0 : index.before(after + 1);
    const until = before === null ? index.size : index.before(before);
    const count = Math.max(0, until - from);
    const isAscending = query.get('order') === 'asc';
    const skip = (page - 1) * size;
    if (!isWanted && orderby === 'modified') {
      const start = isAscending ? from + skip : until - skip - size;
      const low = Math.max(from, start);
      const high = Math.min(until, start + size);
      const rows = high > low ? index.slice(low, high - low) : [];
      return { rows: isAscending ? rows : rows.reverse(), total: count };
    }
    const isWhole = after === null && before === null && !isWanted;
    if (isWhole) {
      const first = isAscending ? 1 + skip : this.#parts.shop.orderCount - skip;
      const step = isAscending ? 1 : -1;
      const rows = Array.from({ length: size }, (_, place) =>
        this.#parts.shop.orderNumber(first + step * place),
      );
      return { rows: rows.filter((row) => row !== undefined), total: this.#parts.shop.orderCount };
    }
    const rows = index.slice(from, count).filter(isWanted ?? (() => true));
    if (orderby !== 'modified') rows.sort((one, two) => one.serial - two.serial);
    if (!isAscending) rows.reverse();
    return { rows: rows.slice(skip, skip + size), total: rows.length };
  }

  /** Without `dates_are_gmt` a time is the shop's local one, whatever stands behind it. */
  #time(query: URLSearchParams, name: string): number | null {
    const text = query.get(name);
    if (text === null) return null;
    const time = Date.parse(`${text.replace(/Z$|[+-]\d\d:\d\d$/, '')}Z`);
    if (Number.isNaN(time)) throw invalidParameter(name, 'Invalid date.');
    return query.get('dates_are_gmt') === 'true' ? time : time - this.#offsetMs;
  }

  /** @throws Refusal 404 */
  find(id: string): ShopOrder {
    const order = this.#parts.shop.order(id);
    if (!order) throw wpRefusal(404, 'woocommerce_rest_shop_order_invalid_id', 'Invalid ID.');
    return order;
  }

  /** What may be written of an order: its state. */
  update(id: string, body: string): GatewayReply {
    const { shop } = this.#parts;
    const order = this.find(id);
    const status = textOf(readObject(body)?.status);
    if (status === 'completed' && order.stage !== 'completed') {
      const isUntold = unshippedItems(order).length > 0;
      if (isUntold) takeParcel(this.#parts, order, this.#lastParcelOf(id));
      shop.change(id, 'complete');
    } else if (status === 'cancelled' && order.stage !== 'cancelled') shop.change(id, 'cancel');
    else if (status !== undefined && status !== wooStatus(order))
      throw invalidParameter('status', `status may not become ${status} here.`);
    return wpReply(this.record(this.find(id)));
  }

  /** What the last note or tracking said of the parcel that is completed by the state alone. */
  #lastParcelOf(id: string): { carrier: string; tracking: string } {
    const tracking = this.#trackings.get(id)?.at(-1);
    if (tracking)
      return { carrier: String(tracking.tracking_provider), tracking: String(tracking.tracking_number) };
    const said = String(this.#notes.get(id)?.at(-1)?.note ?? '');
    const [, carrier = said, number = ''] = /^(.*) (\S+)$/.exec(said) ?? [];
    return { carrier, tracking: number };
  }

  notes(request: GatewayRequest, id: string): GatewayReply {
    this.find(id);
    const notes = this.#notes.get(id) ?? [];
    if (request.method === 'GET') return wpReply(notes.toReversed());
    const sent = readObject(request.body);
    const text = textOf(sent?.note);
    if (!text) throw invalidParameter('note', 'note is required.');
    const made = { id: this.#newId(), note: text, customer_note: sent?.customer_note === true };
    this.#notes.set(id, [...notes, made]);
    return wpReply(made, 201);
  }

  refunds(id: string): GatewayReply {
    return wpReply(
      refundsOf(this.find(id)).map(({ lines, ...refund }) => ({ ...refund, line_items: lines })),
    );
  }

  trackings(request: GatewayRequest, id: string): GatewayReply {
    this.find(id);
    const there = this.#trackings.get(id) ?? [];
    if (request.method === 'GET') return wpReply(there);
    const sent = readObject(request.body);
    const number = textOf(sent?.tracking_number);
    if (!number) throw invalidParameter('tracking_number', 'tracking_number is required.');
    const made = {
      tracking_id: `t${this.#newId()}`,
      tracking_provider: textOf(sent?.tracking_provider) ?? textOf(sent?.custom_tracking_provider) ?? '',
      tracking_number: number,
    };
    this.#trackings.set(id, [...there, made]);
    return wpReply(made, 201);
  }

  fulfillments(request: GatewayRequest, id: string): GatewayReply {
    const order = this.find(id);
    if (request.method === 'GET') return wpReply({ fulfillments: order.parcels.map(fulfillmentOf) });
    const meta = new Map(
      objectsOf(readObject(request.body)?.meta_data).map(({ key, value }) => [String(key), value]),
    );
    const items = objectsOf(meta.get('_items')).map((item) => ({
      lineId: textOf(item.item_id) ?? '',
      quantity: integerOf(item.qty) ?? 0,
    }));
    if (!fits(order, items))
      throw wpRefusal(
        400,
        'woocommerce_rest_fulfillment_invalid',
        'Invalid items: more than the order still has to ship.',
      );
    const tracking = textOf(meta.get('_tracking_number')) ?? '';
    const parcel = takeParcel(
      this.#parts,
      order,
      { carrier: textOf(meta.get('_shipment_provider')) ?? '', tracking },
      items,
    );
    return wpReply(fulfillmentOf(parcel), 201);
  }

  #newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}

function fulfillmentOf(parcel: ShopOrder['parcels'][number]): Record<string, unknown> {
  return {
    id: Number(parcel.id),
    status: 'fulfilled',
    is_fulfilled: true,
    meta_data: [
      {
        id: 1,
        key: '_items',
        value: parcel.items.map(({ lineId, quantity }) => ({ item_id: Number(lineId), qty: quantity })),
      },
      { id: 2, key: '_tracking_number', value: parcel.tracking },
      { id: 3, key: '_shipment_provider', value: parcel.carrier },
    ],
  };
}
