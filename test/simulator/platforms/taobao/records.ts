import { beijingText } from '../../clock.ts';
import { digits } from '../../json.ts';
import { decimal } from '../../money.ts';
import type { Listing } from '../../shop/listing.ts';
import {
  grossOf,
  isRefunded,
  type OrderLine,
  paidFor,
  type ShopOrder,
  sumOf,
  totalOf,
} from '../../shop/order.ts';

/** What Taobao calls the state of a trade. */
export function tradeStatus(order: ShopOrder): string {
  const wasPaid = order.times.paid !== null || order.times.deposit !== null;
  if (order.stage === 'cancelled') return wasPaid ? 'TRADE_CLOSED' : 'TRADE_CLOSED_BY_TAOBAO';
  if (isRefunded(order)) return 'TRADE_CLOSED';
  switch (order.stage) {
    case 'unpaid':
    case 'deposit-paid':
      return 'WAIT_BUYER_PAY';
    case 'paid':
      return order.held ? 'PAID_FORBID_CONSIGN' : 'WAIT_SELLER_SEND_GOODS';
    case 'part-shipped':
      return 'SELLER_CONSIGNED_PART';
    case 'shipped':
      return 'WAIT_BUYER_CONFIRM_GOODS';
    case 'completed':
      return 'TRADE_FINISHED';
  }
}

function stepStatus(order: ShopOrder): string {
  if (order.times.deposit === null) return 'FRONT_NOPAID_FINAL_NOPAID';
  if (order.times.paid !== null) return 'FRONT_PAID_FINAL_PAID';
  return order.stage === 'cancelled' ? 'FRONT_PAID_FRONT_FORFEITED' : 'FRONT_PAID_FINAL_NOPAID';
}

/** A trade with every field that may be asked for. */
export function trade(order: ShopOrder): Record<string, unknown> {
  const { times } = order;
  const status = tradeStatus(order);
  return {
    tid: digits(order.id),
    tid_str: order.id,
    type: order.deposit === null ? 'fixed' : 'step',
    status,
    seller_nick: '测试店铺',
    buyer_nick: '测**',
    buyer_open_uid: `AAFakeBuyerOpenUid${order.buyer}`,
    title: '测试店铺',
    created: beijingText(times.created),
    ...((times.paid ?? times.deposit) !== null && { pay_time: beijingText(times.paid ?? times.deposit) }),
    modified: beijingText(times.modified),
    ...(times.shipped !== null && { consign_time: beijingText(times.shipped) }),
    ...((times.completed ?? times.cancelled) !== null && {
      end_time: beijingText(times.completed ?? times.cancelled),
    }),
    async_modified: beijingText(times.modified),
    payment: decimal(totalOf(order)),
    total_fee: decimal(sumOf(order, grossOf)),
    post_fee: decimal(order.postage),
    discount_fee: decimal(sumOf(order, ({ discount }) => discount)),
    adjust_fee: '0.00',
    received_payment: order.stage === 'completed' ? decimal(totalOf(order)) : '0.00',
    num: sumOf(order, ({ quantity }) => quantity),
    shipping_type: 'express',
    receiver_name: '测**',
    receiver_state: '浙江省',
    receiver_city: '杭州市',
    receiver_district: '余杭区',
    receiver_town: '测试街道',
    receiver_address: '********',
    receiver_zip: '000000',
    receiver_mobile: '*******0000',
    receiver_phone: '',
    oaid: `1FakeOaidFakeOaidFakeOaidFakeOaid${String(order.buyer).padStart(8, '0')}`,
    has_buyer_message: order.buyerNote !== '',
    ...(order.buyerNote && { buyer_message: order.buyerNote }),
    ...(order.sellerNote && { seller_memo: order.sellerNote }),
    seller_flag: order.sellerNote ? 1 : 0,
    orders: { order: order.lines.map((line) => tradeLine(order, line, status)) },
    ...(order.deposit !== null && {
      step_trade_status: stepStatus(order),
      step_paid_fee: decimal(
        times.paid !== null ? totalOf(order) : times.deposit === null ? 0 : order.deposit,
      ),
    }),
  };
}

function tradeLine(order: ShopOrder, line: OrderLine, status: string): Record<string, unknown> {
  const { listing } = line;
  const parcel = order.parcels.findLast(({ items }) => items.some(({ lineId }) => lineId === line.id));
  const isOnly = order.lines.length === 1;
  return {
    oid: digits(line.id),
    oid_str: line.id,
    num_iid: Number(listing.productId),
    ...(listing.variantId !== null && { sku_id: listing.variantId }),
    outer_iid: listing.productCode,
    outer_sku_id: listing.sku,
    title: listing.title,
    ...(listing.spec && { sku_properties_name: listing.spec }),
    pic_path: 'https://img.example.test/goods.jpg',
    num: line.quantity,
    price: decimal(line.unitPrice),
    adjust_fee: '0.00',
    discount_fee: '0.00',
    total_fee: decimal(grossOf(line)),
    payment: decimal(isOnly ? totalOf(order) : grossOf(line)),
    divide_order_fee: decimal(paidFor(line)),
    part_mjz_discount: decimal(line.discount),
    status: lineStatus(order, line, status),
    refund_status: { none: 'NO_REFUND', requested: 'WAIT_SELLER_AGREE', refunded: 'SUCCESS' }[line.refund],
    ...(line.refund !== 'none' && { refund_id: `9${line.id.slice(1)}` }),
    ...(parcel && {
      invoice_no: parcel.tracking,
      logistics_company: parcel.carrier,
      consign_time: beijingText(parcel.at),
    }),
    is_oversold: false,
  };
}

function lineStatus(order: ShopOrder, line: OrderLine, status: string): string {
  if (line.refund === 'refunded') return 'TRADE_CLOSED';
  if (order.stage !== 'part-shipped') return status;
  return line.shipped >= line.quantity ? 'WAIT_BUYER_CONFIRM_GOODS' : 'WAIT_SELLER_SEND_GOODS';
}

const oaidNeeds = [
  'receiver_name',
  'receiver_address',
  'created',
  'receiver_mobile',
  'receiver_phone',
] as const;

/** Only what was asked for; `orders.oid` and the like pick fields of lines. */
export function chosenFields(whole: Record<string, unknown>, fields: string): Record<string, unknown> {
  const names = new Set(fields.split(',').map((name) => name.trim()));
  const lineNames = [...names].filter((name) => name.startsWith('orders.')).map((name) => name.slice(7));
  const picked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(whole)) {
    if (name === 'oaid' && !oaidNeeds.every((need) => names.has(need))) continue;
    if (names.has(name)) picked[name] = value;
    else if (name === 'orders' && lineNames.length > 0) {
      const { order } = value as { order: Record<string, unknown>[] };
      picked.orders = {
        order: order.map((line) =>
          Object.fromEntries(lineNames.filter((one) => one in line).map((one) => [one, line[one]])),
        ),
      };
    }
  }
  return picked;
}

/** An item with its SKUs, as the seller sees it. */
export function item(listings: readonly Listing[]): Record<string, unknown> {
  const first = listings[0]!;
  const skus = listings
    .filter(({ variantId }) => variantId !== null)
    .map((listing) => ({
      sku_id: Number(listing.variantId),
      outer_id: listing.sku,
      quantity: listing.available,
      price: decimal(listing.price),
    }));
  return {
    num_iid: Number(first.productId),
    title: first.title,
    outer_id: first.productCode,
    num: listings.reduce((sum, { available }) => sum + available, 0),
    price: decimal(first.price),
    approve_status: first.onSale ? 'onsale' : 'instock',
    ...(skus.length > 0 && { skus: { sku: skus } }),
  };
}
