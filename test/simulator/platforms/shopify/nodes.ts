import { utcText } from '../../clock.ts';
import { listConnection } from '../../graphql/connection.ts';
import type { Args, Resolved } from '../../graphql/run.ts';
import { unshippedItems } from '../../shop/changes.ts';
import type { Listing } from '../../shop/listing.ts';
import { type OrderLine, paidFor, refundedAmount, type ShopOrder, sumOf, totalOf } from '../../shop/order.ts';
import {
  currency,
  currentQuantity,
  emailOf,
  financialStatus,
  fulfillmentNumber,
  fulfillmentStatus,
  nameOf,
} from './records.ts';

export const locationId = 'gid://shopify/Location/70000000001';

export function gid(type: string, id: string | number): string {
  return `gid://shopify/${type}/${id}`;
}

/** The number in an id such as `gid://shopify/Order/1`; null for one of another type. */
export function numberIn(type: string, id: unknown): string | null {
  const match = /^gid:\/\/shopify\/(\w+)\/(\d+)$/.exec(String(id));
  return match?.[1] === type ? match[2]! : null;
}

/** Amounts drop trailing zeros but one, as the interface writes them. */
function moneyBag(minor: number): Resolved {
  const amount = (minor / 100).toFixed(2).replace(/0$/, '');
  const money = { __typename: 'MoneyV2', amount, currencyCode: currency };
  return { __typename: 'MoneyBag', shopMoney: money, presentmentMoney: money };
}

export function orderNode(order: ShopOrder): Resolved {
  const { times } = order;
  const subtotal = totalOf(order) - order.postage;
  return {
    __typename: 'Order',
    id: gid('Order', order.id),
    legacyResourceId: order.id,
    name: nameOf(order),
    createdAt: utcText(times.created),
    processedAt: utcText(times.created),
    updatedAt: utcText(times.modified),
    cancelledAt: utcText(times.cancelled),
    cancelReason: times.cancelled === null ? null : 'CUSTOMER',
    closedAt: utcText(times.completed),
    closed: times.completed !== null,
    confirmed: true,
    test: false,
    displayFinancialStatus: financialStatus(order),
    displayFulfillmentStatus: fulfillmentStatus(order),
    note: order.buyerNote || null,
    email: emailOf(order),
    phone: null,
    tags: [],
    currencyCode: currency,
    presentmentCurrencyCode: currency,
    paymentTerms: null,
    customer: { __typename: 'Customer', id: gid('Customer', 7_000_000_000_000 + order.buyer) },
    totalPriceSet: moneyBag(totalOf(order)),
    currentTotalPriceSet: moneyBag(totalOf(order) - refundedAmount(order)),
    subtotalPriceSet: moneyBag(subtotal),
    totalDiscountsSet: moneyBag(sumOf(order, ({ discount }) => discount)),
    totalShippingPriceSet: moneyBag(order.postage),
    totalTaxSet: moneyBag(0),
    totalRefundedSet: moneyBag(refundedAmount(order)),
    totalOutstandingSet: moneyBag(times.paid === null ? totalOf(order) : 0),
    shippingAddress: addressNode(order),
    billingAddress: addressNode(order),
    lineItems: (args: Args) => listConnection('LineItem', order.lines.map(lineNode), args),
    fulfillments: () => order.parcels.map((parcel) => fulfillmentNode(order, parcel)),
    fulfillmentOrders: (args: Args) =>
      listConnection('FulfillmentOrder', [fulfillmentOrderNode(order)], args),
    refunds: () => order.lines.filter(({ refund }) => refund === 'refunded').map(refundNode),
  };
}

function addressNode(order: ShopOrder): Resolved {
  return {
    __typename: 'MailingAddress',
    name: `测试 ${order.buyerName}`,
    firstName: '测试',
    lastName: order.buyerName,
    company: null,
    phone: '+8613800000000',
    country: 'China',
    countryCodeV2: 'CN',
    province: 'Zhejiang',
    provinceCode: 'ZJ',
    city: '杭州市',
    address1: '测试路 1 号',
    address2: '',
    zip: '000000',
  };
}

function lineNode(line: OrderLine): Resolved {
  const { listing } = line;
  return {
    __typename: 'LineItem',
    id: gid('LineItem', line.id),
    sku: listing.sku,
    name: listing.title,
    title: listing.title,
    variantTitle: listing.spec || null,
    quantity: line.quantity,
    currentQuantity: currentQuantity(line),
    unfulfilledQuantity: Math.max(0, currentQuantity(line) - line.shipped),
    originalUnitPriceSet: moneyBag(line.unitPrice),
    originalTotalSet: moneyBag(line.unitPrice * line.quantity),
    discountedTotalSet: moneyBag(paidFor(line)),
    totalDiscountSet: moneyBag(line.discount),
    variant: () => variantNode(listing),
    product: () => productNode(listing),
  };
}

function refundNode(line: OrderLine): Resolved {
  return {
    __typename: 'Refund',
    id: gid('Refund', Number(line.id) + 1_000_000_000),
    totalRefundedSet: moneyBag(paidFor(line)),
    refundLineItems: (args: Args) =>
      listConnection(
        'RefundLineItem',
        [{ __typename: 'RefundLineItem', quantity: line.quantity, lineItem: lineNode(line) }],
        args,
      ),
  };
}

export function fulfillmentNode(order: ShopOrder, parcel: ShopOrder['parcels'][number]): Resolved {
  const items = parcel.items.map(({ lineId, quantity }) => ({
    __typename: 'FulfillmentLineItem',
    quantity,
    lineItem: () => lineNode(order.lines.find(({ id }) => id === lineId)!),
  }));
  return {
    __typename: 'Fulfillment',
    id: gid('Fulfillment', fulfillmentNumber(parcel.id)),
    status: 'SUCCESS',
    createdAt: utcText(parcel.at),
    trackingInfo: () => [
      { __typename: 'FulfillmentTrackingInfo', company: parcel.carrier, number: parcel.tracking, url: null },
    ],
    fulfillmentLineItems: (args: Args) => listConnection('FulfillmentLineItem', items, args),
  };
}

export function fulfillmentOrderNode(order: ShopOrder): Resolved {
  const open = unshippedItems(order);
  const state = order.stage === 'cancelled' || open.length === 0 ? 'CLOSED' : 'OPEN';
  return {
    __typename: 'FulfillmentOrder',
    id: gid('FulfillmentOrder', fulfillmentOrderNumber(order.serial)),
    status: order.held ? 'ON_HOLD' : state,
    assignedLocation: { __typename: 'FulfillmentOrderAssignedLocation', name: 'Simulated warehouse' },
    lineItems: (args: Args) =>
      listConnection(
        'FulfillmentOrderLineItem',
        order.lines.map((line) => ({
          __typename: 'FulfillmentOrderLineItem',
          id: gid('FulfillmentOrderLineItem', `9${line.id}`),
          totalQuantity: line.quantity,
          remainingQuantity: open.find(({ lineId }) => lineId === line.id)?.quantity ?? 0,
          sku: line.listing.sku,
          lineItem: () => lineNode(line),
        })),
        args,
      ),
  };
}

/** Its order's serial behind a base. */
export function fulfillmentOrderNumber(serial: number): number {
  return 6_000_000_000_000 + serial;
}

export function variantNode(listing: Listing): Resolved {
  return {
    __typename: 'ProductVariant',
    id: gid('ProductVariant', listing.variantId ?? ''),
    sku: listing.sku,
    title: listing.spec || 'Default Title',
    inventoryQuantity: listing.available,
    inventoryItem: () => inventoryItemNode(listing),
    product: () => productNode(listing),
  };
}

export function inventoryItemId(listing: Listing): string {
  return gid('InventoryItem', 50_000_000_000_000 + listing.serial);
}

export function inventoryItemNode(listing: Listing): Resolved {
  const quantity = (name: unknown): Resolved => ({
    __typename: 'InventoryQuantity',
    name,
    quantity: listing.available,
  });
  const level = {
    __typename: 'InventoryLevel',
    id: gid('InventoryLevel', listing.serial),
    location: { __typename: 'Location', id: locationId, name: '测试仓' },
    quantities: ({ names }: Args) => (Array.isArray(names) ? names : []).map(quantity),
  };
  return {
    __typename: 'InventoryItem',
    id: inventoryItemId(listing),
    sku: listing.sku,
    tracked: true,
    variant: () => variantNode(listing),
    inventoryLevel: ({ locationId: wanted }: Args) => (wanted === locationId ? level : null),
    inventoryLevels: (args: Args) => listConnection('InventoryLevel', [level], args),
  };
}

export function productNode(listing: Listing): Resolved {
  return {
    __typename: 'Product',
    id: gid('Product', listing.productId),
    title: listing.title,
    status: listing.onSale ? 'ACTIVE' : 'DRAFT',
  };
}
