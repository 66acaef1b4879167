import { beijingText } from '../../clock.ts';
import { decimal } from '../../money.ts';
import { grossOf, isRefundAsked, isRefunded, type ShopOrder, sumOf, totalOf } from '../../shop/order.ts';

/** 1 to ship, 2 shipped, 3 signed. */
export function orderStatus({ stage, times }: ShopOrder): 1 | 2 | 3 {
  if (stage === 'completed') return 3;
  return times.shipped === null ? 1 : 2;
}

/** 1 none or closed, 2 asked for, 4 paid back. */
export function refundStatus(order: ShopOrder): 1 | 2 | 4 {
  if (isRefunded(order)) return 4;
  return isRefundAsked(order) ? 2 : 1;
}

/** The carrier's number at Pinduoduo. */
export const carriers = [
  { id: 44, code: 'SF', logistics_company: '顺丰速运', available: 1 },
  { id: 85, code: 'YTO', logistics_company: '圆通速递', available: 1 },
  { id: 115, code: 'ZTO', logistics_company: '中通快递', available: 1 },
  { id: 999, code: 'OLD', logistics_company: '停用快递', available: 0 },
];

/** An order as list and detail show it. */
export function pddOrder(order: ShopOrder): Record<string, unknown> {
  const { times } = order;
  const [line] = order.lines;
  const { listing } = line!;
  const parcel = order.parcels.at(-1);
  const isOpen = orderStatus(order) === 1 && !order.held && order.stage !== 'cancelled';
  const discount = decimal(sumOf(order, (one) => one.discount));
  return {
    order_sn: order.id,
    order_status: orderStatus(order),
    confirm_status: order.stage === 'cancelled' && !isRefunded(order) ? 2 : 1,
    refund_status: refundStatus(order),
    after_sales_status: isRefunded(order) ? 10 : isRefundAsked(order) ? 2 : 0,
    group_status: 1,
    group_role: 1,
    risk_control_status: order.held ? 1 : 0,
    is_lucky_flag: 1,
    trade_type: order.deposit === null ? 0 : 1,
    is_pre_sale: 0,
    pre_sale_time: '',
    created_time: beijingText(times.created),
    confirm_time: beijingText(times.deposit ?? times.paid),
    pay_time: beijingText(times.paid ?? times.deposit),
    shipping_time: beijingText(times.shipped),
    receive_time: beijingText(times.completed),
    updated_at: beijingText(times.modified),
    last_ship_time: beijingText(times.paid === null ? null : times.paid + 172_800_000),
    goods_amount: decimal(sumOf(order, grossOf)),
    discount_amount: discount,
    platform_discount: '0.00',
    seller_discount: discount,
    capital_free_discount: '0.00',
    order_change_amount: '0.00',
    postage: decimal(order.postage),
    pay_amount: decimal(totalOf(order)),
    pay_type: 'WEIXIN',
    pay_no: `FAKEPAYNO${order.serial}`,
    country: '中国',
    country_id: 0,
    province: '浙江省',
    province_id: 31,
    city: '杭州市',
    city_id: 383,
    town: '余杭区',
    town_id: 3232,
    // Ciphers only while it is to be shipped and under no review.
    receiver_name: isOpen ? '~AgAAAAFAKECIPHERNAME==~0~' : '',
    receiver_phone: isOpen ? '$FAKECIPHERPHONE==$0$' : '',
    receiver_address: isOpen ? '~AgAAAAFAKECIPHERADDR==~0~' : '',
    address: '',
    receiver_name_mask: '测**',
    receiver_phone_mask: '138****0000',
    receiver_address_mask: '测试街道****',
    buyer_memo: order.buyerNote,
    remark: order.sellerNote,
    remark_tag: order.sellerNote ? 1 : null,
    remark_tag_name: order.sellerNote ? '红' : null,
    tracking_number: parcel?.tracking ?? '',
    logistics_id: carriers.find(({ code }) => code === parcel?.carrier)?.id ?? 0,
    extra_delivery_list: [],
    gift_list: [],
    item_list: [
      {
        goods_id: Number(listing.productId),
        sku_id: Number(listing.variantId),
        outer_id: listing.sku,
        outer_goods_id: listing.productCode,
        goods_name: listing.title,
        goods_spec: listing.spec,
        goods_count: line!.quantity,
        goods_price: decimal(line!.unitPrice),
        goods_img: 'https://img.example.test/goods.jpg',
      },
    ],
    step_order_info:
      order.deposit === null
        ? null
        : {
            step_trade_status: times.deposit === null ? 0 : times.paid === null ? 1 : 2,
            advanced_paid_fee: decimal(order.deposit),
            step_paid_fee: decimal(times.paid === null ? 0 : totalOf(order) - order.deposit),
            step_discount_amount: '0.00',
          },
    is_stock_out: 0,
    stock_out_handle_status: -1,
    invoice_status: 0,
  };
}
