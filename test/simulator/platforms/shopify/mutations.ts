import { type Args, GraphQlError, type Resolved } from '../../graphql/run.ts';
import { integerOf, objectOf, objectsOf, textOf } from '../../json.ts';
import { unshippedItems } from '../../shop/changes.ts';
import type { Listing } from '../../shop/listing.ts';
import type { PlatformParts } from '../platform.ts';
import { fits, takeParcel } from '../shipping.ts';
import {
  fulfillmentNode,
  fulfillmentOrderNumber,
  gid,
  inventoryItemId,
  locationId,
  numberIn,
  productNode,
} from './nodes.ts';

interface UserError {
  __typename: string;
  field: readonly string[] | null;
  message: string;
  code?: string;
}

type Directives = Readonly<Record<string, Args>>;

/** From this version of the interface on, stock is written with a key and with what it replaces. */
const strictFrom = '2026-04';

/** What can be changed in a simulated Shopify shop. */
export class ShopifyMutations {
  readonly #parts: PlatformParts;
  /** Answers by key, with the input they were for. */
  readonly #answered = new Map<string, { input: string; answer: Resolved }>();

  constructor(parts: PlatformParts) {
    this.#parts = parts;
  }

  /** @param version of the interface, such as `2026-10` */
  root(version: string): Resolved {
    const stock =
      (write: (input: Record<string, unknown>) => UserError[], typename: string) =>
      (args: Args, directives: Directives): Resolved =>
        this.#once(version, args, directives, () => ({
          __typename: typename,
          userErrors: write(objectOf(args.input) ?? {}),
          inventoryAdjustmentGroup: {
            __typename: 'InventoryAdjustmentGroup',
            id: gid('InventoryAdjustmentGroup', 1),
          },
        }));
    return {
      __typename: 'Mutation',
      inventorySetQuantities: stock((input) => this.#set(input, version), 'InventorySetQuantitiesPayload'),
      inventoryAdjustQuantities: stock((input) => this.#adjust(input), 'InventoryAdjustQuantitiesPayload'),
      productUpdate: (args: Args) =>
        this.#updateProduct(objectOf(args.product) ?? objectOf(args.input) ?? {}),
      fulfillmentCreate: (args: Args) => this.#fulfill(objectOf(args.fulfillment) ?? {}),
    };
  }

  #once(version: string, args: Args, directives: Directives, act: () => Resolved): Resolved {
    const key = textOf(directives.idempotent?.key);
    if (key === undefined) {
      if (version >= strictFrom)
        throw new GraphQlError('The @idempotent directive is required for this mutation.', 'BAD_REQUEST');
      return act();
    }
    const input = JSON.stringify(args);
    const known = this.#answered.get(key);
    if (known && known.input !== input)
      throw new GraphQlError(
        'The idempotency key was used with other input.',
        'IDEMPOTENCY_KEY_PARAMETER_MISMATCH',
      );
    const answer = known?.answer ?? act();
    this.#answered.set(key, { input, answer });
    return answer;
  }

  /** All rows or none. */
  #set(input: Record<string, unknown>, version: string): UserError[] {
    const rows = objectsOf(input.quantities);
    if (rows.length > 250) return [inputError(['input', 'quantities'], 'Too many quantities.', 'INVALID')];
    const found = rows.map((row) => this.#listingOf(row));
    const errors = rows.flatMap((row, index) => {
      const field = ['input', 'quantities', String(index)];
      const listing = found[index];
      const quantity = integerOf(row.quantity);
      if (version >= strictFrom && !('changeFromQuantity' in row))
        throw new GraphQlError(
          `Variable $input: quantities.${index}.changeFromQuantity (Expected value to not be omitted)`,
          'INVALID_VARIABLE',
        );
      if (row.locationId !== locationId)
        return [
          inputError(
            [...field, 'locationId'],
            'The specified location could not be found.',
            'INVALID_LOCATION',
          ),
        ];
      if (!listing)
        return [
          inputError(
            [...field, 'inventoryItemId'],
            'The specified inventory item could not be found.',
            'INVALID_INVENTORY_ITEM',
          ),
        ];
      if (quantity === undefined || quantity < 0)
        return [
          inputError([...field, 'quantity'], 'The quantity can’t be negative.', 'INVALID_QUANTITY_NEGATIVE'),
        ];
      const from =
        row.changeFromQuantity ?? (input.ignoreCompareQuantity === true ? null : row.compareQuantity);
      if (from !== null && from !== undefined && from !== listing.available)
        return [
          inputError(
            [...field, 'changeFromQuantity'],
            'The specified quantity to change from is stale.',
            'CHANGE_FROM_QUANTITY_STALE',
          ),
        ];
      return [];
    });
    if (errors.length === 0)
      for (const [index, row] of rows.entries())
        this.#write(found[index]!, integerOf(row.quantity)!, 'absolute', input);
    return errors;
  }

  #adjust(input: Record<string, unknown>): UserError[] {
    const rows = objectsOf(input.changes);
    const found = rows.map((row) => this.#listingOf(row));
    const errors = rows.flatMap((row, index) =>
      found[index] && integerOf(row.delta) !== undefined
        ? []
        : [
            inputError(
              ['input', 'changes', String(index)],
              'The inventory item could not be found.',
              'INVALID_INVENTORY_ITEM',
            ),
          ],
    );
    if (errors.length === 0)
      for (const [index, row] of rows.entries())
        this.#write(found[index]!, integerOf(row.delta)!, 'delta', input);
    return errors;
  }

  #write(
    listing: Listing,
    quantity: number,
    mode: 'absolute' | 'delta',
    input: Record<string, unknown>,
  ): void {
    const key = textOf(input.referenceDocumentUri);
    this.#parts.journal.writeStock(listing, {
      at: this.#parts.shop.now(),
      quantity,
      mode,
      ...(key && { key }),
    });
  }

  #listingOf(row: Record<string, unknown>): Listing | undefined {
    return this.#parts.shop.listings.find((listing) => inventoryItemId(listing) === row.inventoryItemId);
  }

  #updateProduct(input: Record<string, unknown>): Resolved {
    const id = numberIn('Product', input.id);
    const all = this.#parts.shop.listings.filter(({ productId }) => productId === id);
    const [first] = all;
    if (!first)
      return {
        __typename: 'ProductUpdatePayload',
        product: null,
        userErrors: [inputError(['id'], 'Product does not exist')],
      };
    if (input.status !== undefined) for (const listing of all) listing.onSale = input.status === 'ACTIVE';
    return { __typename: 'ProductUpdatePayload', product: productNode(first), userErrors: [] };
  }

  #fulfill(input: Record<string, unknown>): Resolved {
    const { shop } = this.#parts;
    const refused = (message: string): Resolved => ({
      __typename: 'FulfillmentCreatePayload',
      fulfillment: null,
      userErrors: [inputError(['fulfillment'], message)],
    });
    const [part, ...others] = objectsOf(input.lineItemsByFulfillmentOrder);
    if (!part || others.length > 0)
      return refused('All fulfillment orders must be of one order and location.');
    const number = Number(numberIn('FulfillmentOrder', part.fulfillmentOrderId) ?? 0);
    const order = shop.orderNumber(number - fulfillmentOrderNumber(0));
    if (!order || order.stage === 'cancelled' || order.held)
      return refused(`Fulfillment order ${number} has an unfulfillable status.`);
    const named = objectsOf(part.fulfillmentOrderLineItems);
    const items = named.map(({ id, quantity }) => ({
      lineId: numberIn('FulfillmentOrderLineItem', id)?.slice(1) ?? '',
      quantity: integerOf(quantity) ?? 0,
    }));
    if (!fits(order, items.length > 0 ? items : unshippedItems(order)))
      return refused('Invalid fulfillment order line item quantity requested.');
    const { company, number: tracking } = objectOf(input.trackingInfo) ?? {};
    const sent = { carrier: textOf(company) ?? '', tracking: textOf(tracking) ?? '' };
    const parcel = takeParcel(this.#parts, order, sent, items.length > 0 ? items : undefined);
    return {
      __typename: 'FulfillmentCreatePayload',
      fulfillment: fulfillmentNode(order, parcel),
      userErrors: [],
    };
  }
}

function inputError(field: readonly string[], message: string, code?: string): UserError {
  return { __typename: 'UserError', field, message, code };
}
