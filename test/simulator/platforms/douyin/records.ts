import { unixSeconds } from '../../clock.ts';
import { digits } from '../../json.ts';
import { shares } from '../../money.ts';
import {
  grossOf,
  isRefunded,
  type OrderLine,
  paidFor,
  type ShopOrder,
  sumOf,
  totalOf,
} from '../../shop/order.ts';

/** 1 to pay, 105 paid and held, 2 to ship, 101 part shipped, 3 shipped, 4 cancelled, 5 completed. */
export function orderStatus(order: ShopOrder): number {
  switch (order.stage) {
    case 'unpaid':
    case 'deposit-paid':
      return 1;
    case 'paid':
      return order.held ? 105 : 2;
    case 'part-shipped':
      return 101;
    case 'shipped':
      return isRefunded(order) ? 4 : 3;
    case 'completed':
      return isRefunded(order) ? 4 : 5;
    case 'cancelled':
      return 4;
  }
}

/**
 * The finer state: 103 deposit paid; 21 and 22 paid back before and after shipping. Nothing is paid back after receipt
 * here, which would be 39; an order that was paid back is closed, whatever happens to its parcels.
 */
export function mainStatus(order: ShopOrder): number {
  if (order.stage === 'deposit-paid') return 103;
  if (order.times.paid === null || !isRefunded(order)) return orderStatus(order);
  return order.times.shipped === null ? 21 : 22;
}

const descriptions: Readonly<Record<number, string>> = {
  1: '待支付',
  105: '已支付',
  2: '待发货',
  101: '部分发货',
  3: '已发货',
  4: '已取消',
  5: '已完成',
  103: '部分支付',
  21: '发货前退款完结',
  22: '发货后退款完结',
};

/** What order and lines have in common. Amounts in fen. */
function common(order: ShopOrder): Record<string, unknown> {
  const { times } = order;
  const status = orderStatus(order);
  const main = mainStatus(order);
  return {
    biz: 2,
    biz_desc: '小店自卖',
    order_type: 0,
    order_type_desc: '普通订单',
    trade_type: order.deposit === null ? 0 : 2,
    trade_type_desc: order.deposit === null ? '普通' : '定金预售',
    order_status: status,
    order_status_desc: descriptions[status],
    main_status: main,
    main_status_desc: descriptions[main],
    create_time: unixSeconds(times.created),
    pay_time: unixSeconds(times.paid),
    update_time: unixSeconds(times.modified),
    finish_time: unixSeconds(times.completed ?? times.cancelled),
    exp_ship_time: unixSeconds(times.paid === null ? null : times.paid + 172_800_000),
    ship_time: unixSeconds(times.shipped),
    encrypt_post_tel: '##FAKE_CIPHER_TEL##',
    encrypt_post_receiver: '##FAKE_CIPHER_NAME##',
    post_addr: { ...area, encrypt_detail: '##FAKE_CIPHER_DETAIL##' },
  };
}

const area = {
  province: { name: '浙江省', id: '330000' },
  city: { name: '杭州市', id: '330100' },
  town: { name: '余杭区', id: '330110' },
  street: { name: '测试街道', id: '330110001' },
};

/** An order as list and detail show it. */
export function shopOrder(order: ShopOrder): Record<string, unknown> {
  const discount = sumOf(order, (line) => line.discount);
  const postages = shares(order.postage, order.lines.map(grossOf));
  return {
    shop_id: 1_000_001,
    shop_name: '测试小店',
    order_id: order.id,
    order_level: 2,
    ...common(order),
    order_expire_time: 1_800,
    cancel_reason: order.stage === 'cancelled' ? '买家取消' : '',
    buyer_words: order.buyerNote,
    seller_words: order.sellerNote,
    seller_remark_stars: order.sellerNote ? 3 : 0,
    pay_type: 1,
    channel_payment_no: `FAKEPAY${order.serial}`,
    order_amount: sumOf(order, grossOf) + order.postage,
    pay_amount: totalOf(order),
    post_amount: order.postage,
    modify_amount: 0,
    promotion_amount: discount,
    promotion_shop_amount: discount,
    promotion_platform_amount: 0,
    promotion_talent_amount: 0,
    promotion_pay_amount: 0,
    shop_cost_amount: discount,
    platform_cost_amount: 0,
    mask_post_tel: '138****0000',
    mask_post_receiver: '测*',
    mask_post_addr: { ...area, detail: '测试路**号' },
    doudian_open_id: `#FAKE_OPEN_ID_${order.buyer}#`,
    logistics_info: order.parcels.map((parcel) => ({
      tracking_no: parcel.tracking,
      company: parcel.carrier,
      ship_time: unixSeconds(parcel.at),
      delivery_id: parcel.id,
      product_info: parcel.items.map(({ lineId, quantity }) => ({
        sku_order_id: lineId,
        product_count: quantity,
      })),
    })),
    order_phase_list: phases(order),
    sku_order_list: order.lines.map((line, index) => skuOrder(order, line, postages[index]!)),
  };
}

function skuOrder(order: ShopOrder, line: OrderLine, postage: number): Record<string, unknown> {
  const { listing } = line;
  const refund = { none: 0, requested: 1, refunded: 3 }[line.refund];
  return {
    order_id: line.id,
    parent_order_id: order.id,
    order_level: 3,
    ...common(order),
    product_id: digits(listing.productId),
    product_id_str: listing.productId,
    sku_id: Number(listing.variantId),
    out_sku_id: '',
    out_product_id: '',
    code: listing.sku,
    product_name: listing.title,
    product_pic: 'https://img.example.test/goods.jpg',
    spec: listing.spec ? [{ name: '颜色', value: listing.spec.split(':')[1] }] : [],
    item_num: line.quantity,
    shipped_num: line.shipped,
    origin_amount: line.unitPrice,
    sum_amount: grossOf(line),
    order_amount: grossOf(line) + postage,
    pay_amount: paidFor(line) + postage,
    post_amount: postage,
    promotion_amount: line.discount,
    promotion_shop_amount: line.discount,
    promotion_platform_amount: 0,
    promotion_talent_amount: 0,
    promotion_pay_amount: 0,
    shop_cost_amount: line.discount,
    platform_cost_amount: 0,
    goods_type: 0,
    pre_sale_type: 0,
    given_product_type: '',
    inventory_list: [{ warehouse_id: '0', out_warehouse_id: '', inventory_type: 1, count: line.quantity }],
    after_sale_info: {
      after_sale_status: { none: 0, requested: 6, refunded: 12 }[line.refund],
      after_sale_type: refund === 0 ? 0 : 2,
      refund_status: refund,
    },
    order_phase_list: phases(order),
  };
}

function phases(order: ShopOrder): Record<string, unknown>[] {
  if (order.deposit === null) return [];
  const { deposit, paid } = order.times;
  const phase = (current: number, amount: number, at: number | null): Record<string, unknown> => ({
    phase_order_id: `${order.id}${current}`,
    total_phase: 2,
    current_phase: current,
    pay_success: at !== null,
    phase_payable_price: amount,
    phase_pay_amount: at === null ? 0 : amount,
    phase_pay_time: unixSeconds(at),
    phase_open_time: unixSeconds(order.times.created),
    phase_close_time: unixSeconds(order.times.created + 30 * 86_400_000),
  });
  return [phase(1, order.deposit, deposit), phase(2, totalOf(order) - order.deposit, paid)];
}
