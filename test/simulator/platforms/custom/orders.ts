import { type GatewayReply, type GatewayRequest, json, Refusal, rowsShown } from '../../gateway/exchange.ts';
import { connectionOf, cursorOf, placeOf } from '../../graphql/connection.ts';
import { GraphQlSyntaxError, parseGraphQl } from '../../graphql/document.ts';
import { type Args, GraphQlError, type Resolved, runGraphQl } from '../../graphql/run.ts';
import { integerOf, objectOf, objectsOf, readObject, textOf } from '../../json.ts';
import { unshippedItems } from '../../shop/changes.ts';
import type { ShopOrder } from '../../shop/order.ts';
import type { PlatformParts } from '../platform.ts';
import { fits, isShippable, takeParcel } from '../shipping.ts';
import { customOrder } from './records.ts';

export function badRequest(message: string): Refusal {
  return new Refusal('bad_request', json({ error: { code: 'bad_request', message } }, 400));
}

export function notFound(message: string): Refusal {
  return new Refusal('not_found', json({ error: { code: 'not_found', message } }, 404));
}

/** Orders of the shop of one's own, oldest change first, by any way of paging. */
export class CustomOrders {
  readonly #parts: PlatformParts;

  constructor(parts: PlatformParts) {
    this.#parts = parts;
  }

  /**
   * `GET /orders?updated_from=&updated_until=&limit=`, with `page` from 1, `offset`, or `cursor`; a header Link
   * whatever was asked. @throws Refusal
   */
  list(request: GatewayRequest): GatewayReply {
    const { query } = request;
    const limit = numberIn(query, 'limit', 50, 1, 200);
    const { from, until } = this.#range(query.get('updated_from'), query.get('updated_until'));
    const page = numberIn(query, 'page', 1, 1, Number.MAX_SAFE_INTEGER);
    const offset = numberIn(query, 'offset', (page - 1) * limit, 0, Number.MAX_SAFE_INTEGER);
    const cursor = query.get('cursor');
    const start = cursor ? this.#placeAfter(cursor, from) : from + offset;
    const rows = this.#parts.shop.index().slice(start, Math.max(0, Math.min(limit, until - start)));
    const hasMore = start + limit < until;
    const nextCursor = hasMore ? this.#cursorBehind(rows.at(-1), request) : null;
    const link = new URLSearchParams(query);
    if (nextCursor) link.set('cursor', nextCursor);
    return json(
      {
        orders: rowsShown(rows, request).map(customOrder),
        total: until - from,
        has_more: hasMore,
        next_cursor: nextCursor,
      },
      200,
      {
        'x-total-count': String(until - from),
        ...(nextCursor && { link: `<${request.url}?${link}>; rel="next"` }),
      },
    );
  }

  /** `POST /graphql`: `orders(first, after, updatedFrom, updatedUntil)` and `order(id)`. */
  graphQl(request: GatewayRequest): GatewayReply {
    const sent = readObject(request.body);
    const root: Resolved = {
      __typename: 'Query',
      orders: (args: Args) => this.#connection(args, request),
      order: ({ id }: Args) => {
        const order = this.#parts.shop.order(textOf(id) ?? '');
        return order ? customOrder(order) : null;
      },
    };
    try {
      const data = runGraphQl(parseGraphQl(textOf(sent?.query) ?? ''), root, objectOf(sent?.variables) ?? {});
      return json({ data });
    } catch (error) {
      if (error instanceof GraphQlError || error instanceof GraphQlSyntaxError)
        return json({ errors: [{ message: error.message }] });
      throw error;
    }
  }

  detail(id: string): GatewayReply {
    return json(customOrder(this.#find(id)));
  }

  /** `POST /orders/{id}/shipments`: `{carrier, tracking, lines?: [{id, quantity}]}`. @throws Refusal */
  ship(id: string, body: string): GatewayReply {
    const order = this.#find(id);
    const sent = readObject(body) ?? {};
    const carrier = textOf(sent.carrier) ?? '';
    const tracking = textOf(sent.tracking);
    if (!tracking) throw badRequest('tracking is missing');
    const known = order.parcels.find((parcel) => parcel.tracking === tracking);
    if (known) return json({ id: known.id, tracking });
    const items = sent.lines
      ? objectsOf(sent.lines).map((line) => ({
          lineId: textOf(line.id) ?? '',
          quantity: integerOf(line.quantity) ?? 0,
        }))
      : unshippedItems(order);
    if (!isShippable(order) || !fits(order, items))
      throw new Refusal(
        'conflict',
        json({ error: { code: 'conflict', message: 'There is nothing, or not so much, to ship.' } }, 409),
      );
    const parcel = takeParcel(this.#parts, order, { carrier, tracking }, items);
    return json({ id: parcel.id, tracking }, 201);
  }

  #connection(args: Args, request: GatewayRequest): Resolved {
    const first = integerOf(args.first) ?? 50;
    if (first < 1 || first > 200) throw new GraphQlError('first must be between 1 and 200', 'BAD_REQUEST');
    const { from, until } = this.#range(textOf(args.updatedFrom) ?? null, textOf(args.updatedUntil) ?? null);
    const after = textOf(args.after);
    const start = after ? this.#placeAfter(after, from) : from;
    const rows = this.#parts.shop.index().slice(start, Math.max(0, Math.min(first, until - start)));
    const shown = rowsShown(rows, request);
    const cursors = shown.map((row) => this.#cursorBehind(row, request) ?? '');
    return connectionOf('Order', shown.map(customOrder), start + first < until, cursors);
  }

  #range(from: string | null, until: string | null): { from: number; until: number } {
    const index = this.#parts.shop.index();
    const first = from === null ? 0 : index.before(timeIn(from));
    const end = until === null ? index.size : index.before(timeIn(until));
    return { from: first, until: Math.max(first, end) };
  }

  #placeAfter(cursor: string, from: number): number {
    try {
      const place = placeOf(cursor)!;
      return Math.max(from, this.#parts.shop.index().rank(place[0], place[1] + 1));
    } catch (error) {
      if (error instanceof GraphQlError) throw badRequest('cursor is not one that this shop gave out');
      throw error;
    }
  }

  #cursorBehind(order: ShopOrder | undefined, { fault }: GatewayRequest): string | null {
    if (!order) return null;
    return cursorOf(fault === 'cursor-back' ? [0, 0] : [order.times.modified, order.serial]);
  }

  #find(id: string): ShopOrder {
    const order = this.#parts.shop.order(id);
    if (!order) throw notFound(`There is no order ${id}.`);
    return order;
  }
}

function numberIn(query: URLSearchParams, name: string, usual: number, least: number, most: number): number {
  const number = Number(query.get(name) ?? usual);
  if (!Number.isInteger(number) || number < least || number > most)
    throw badRequest(`${name} must be between ${least} and ${most}`);
  return number;
}

/** ISO 8601, or Unix seconds. */
function timeIn(text: string): number {
  const time = /^\d{10}$/.test(text) ? Number(text) * 1_000 : Date.parse(text);
  if (Number.isNaN(time)) throw badRequest(`${text} is no time`);
  return time;
}
