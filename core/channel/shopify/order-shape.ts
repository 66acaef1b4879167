import type { FulfilmentLine } from './fulfilment-lines.ts';
import { type Connection, numberOf } from './graphql.ts';

/** An order as the GraphQL Admin API answers {@link orderFields}. */
export interface OrderNode {
  id: string;
  name: string;
  createdAt: string;
  updatedAt: string;
  processedAt: string | null;
  cancelledAt: string | null;
  cancelReason: string | null;
  closedAt: string | null;
  displayFinancialStatus: string | null;
  displayFulfillmentStatus: string | null;
  note: string | null;
  email: string | null;
  currencyCode: string;
  test: boolean;
  paymentTerms: { id: string } | null;
  customer: { id: string } | null;
  totalPriceSet: MoneySet;
  subtotalPriceSet: MoneySet | null;
  totalDiscountsSet: MoneySet | null;
  totalShippingPriceSet: MoneySet | null;
  totalTaxSet: MoneySet | null;
  shippingAddress: Address | null;
  fulfillments: Fulfillment[];
  lineItems: Connection<LineItem>;
}

interface MoneySet {
  shopMoney: { amount: string };
}

interface Address {
  name: string | null;
  phone: string | null;
  countryCodeV2: string | null;
  province: string | null;
  city: string | null;
  address1: string | null;
  address2: string | null;
  zip: string | null;
}

export interface Fulfillment {
  id: string;
  status: string;
  createdAt: string;
  fulfillmentLineItems: Connection<FulfilmentLine>;
}

export interface LineItem {
  id: string;
  sku: string | null;
  name: string;
  quantity: number;
  currentQuantity: number;
  originalUnitPriceSet: MoneySet;
  variant: { id: string } | null;
}

export const lineFields = `nodes { id sku name quantity currentQuantity variant { id }
  originalUnitPriceSet { shopMoney { amount } } } pageInfo { hasNextPage endCursor }`;

/** What an order is asked for; needs the right read_orders. */
const fieldsWith = (
  fulfillments: string,
): string => `id name createdAt updatedAt processedAt cancelledAt cancelReason closedAt
  displayFinancialStatus displayFulfillmentStatus note email currencyCode test
  paymentTerms { id } customer { id }
  totalPriceSet { shopMoney { amount currencyCode } } subtotalPriceSet { shopMoney { amount } }
  totalDiscountsSet { shopMoney { amount } } totalShippingPriceSet { shopMoney { amount } }
  totalTaxSet { shopMoney { amount } }
  shippingAddress { name phone countryCodeV2 province city address1 address2 zip }
  ${fulfillments}
  lineItems(first: 20) { ${lineFields} }`;

/** What is asked of each order of a page: enough of most. */
export const orderFields = fieldsWith(`fulfillments(first: 10) { id status createdAt
    fulfillmentLineItems(first: 20) { nodes { quantity lineItem { id } } pageInfo { hasNextPage endCursor } } }`);

/** What is asked of a long order: all its parcels, without what is in them. The list has no pages, and no more to give. */
export const longOrderFields = fieldsWith('fulfillments(first: 250) { id status createdAt }');

/** The words of the REST API for what the GraphQL API displays; others mean that nothing left yet. */
const fulfilmentWords: Readonly<Record<string, string>> = {
  FULFILLED: 'fulfilled',
  PARTIALLY_FULFILLED: 'partial',
  RESTOCKED: 'restocked',
};

/**
 * The order as Shopify's webhooks have it, so that one mapping reads both and an order that came by either has the
 * same ids. What webhooks have and is not asked for is absent.
 */
export function webhookShape(node: OrderNode): Record<string, unknown> {
  return {
    id: numberOf(node.id),
    admin_graphql_api_id: node.id,
    name: node.name,
    created_at: node.createdAt,
    processed_at: node.processedAt,
    updated_at: node.updatedAt,
    cancelled_at: node.cancelledAt,
    cancel_reason: node.cancelReason?.toLowerCase() ?? null,
    closed_at: node.closedAt,
    financial_status: node.displayFinancialStatus?.toLowerCase() ?? null,
    fulfillment_status: fulfilmentWords[node.displayFulfillmentStatus ?? ''] ?? null,
    display_fulfillment_status: node.displayFulfillmentStatus,
    test: node.test,
    note: node.note,
    email: node.email,
    currency: node.currencyCode,
    payment_terms: node.paymentTerms,
    customer: node.customer && { id: numberOf(node.customer.id) },
    total_price: amountOf(node.totalPriceSet),
    subtotal_price: amountOf(node.subtotalPriceSet),
    total_discounts: amountOf(node.totalDiscountsSet),
    total_shipping_price_set: node.totalShippingPriceSet && {
      shop_money: { amount: amountOf(node.totalShippingPriceSet), currency_code: node.currencyCode },
    },
    total_tax: amountOf(node.totalTaxSet),
    shipping_address: node.shippingAddress && addressOf(node.shippingAddress),
    fulfillments: node.fulfillments.map((fulfilment) => ({
      id: numberOf(fulfilment.id),
      status: fulfilment.status.toLowerCase(),
      created_at: fulfilment.createdAt,
      line_items: fulfilment.fulfillmentLineItems.nodes.map(({ quantity, lineItem }) => ({
        id: numberOf(lineItem.id),
        quantity,
      })),
    })),
    line_items: node.lineItems.nodes.map((line) => ({
      id: numberOf(line.id),
      sku: line.sku,
      variant_id: line.variant && numberOf(line.variant.id),
      name: line.name,
      quantity: line.quantity,
      current_quantity: line.currentQuantity,
      price: amountOf(line.originalUnitPriceSet),
    })),
  };
}

function amountOf(money: MoneySet | null): string | null {
  return money?.shopMoney.amount ?? null;
}

function addressOf({ countryCodeV2, ...rest }: Address): Record<string, unknown> {
  return { ...rest, country_code: countryCodeV2 };
}
