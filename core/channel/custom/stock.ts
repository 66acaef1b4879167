import { ChannelFault, callerFault } from '../connection/fault.ts';
import type { ListingOnChannel, StockNumber, StockResult, StockTarget } from '../connection/stock-target.ts';
import { countIn, plainText, valueAt, valueIn } from './answer-value.ts';
import type { OutcomeRules, StockRules } from './config.ts';
import { type CustomInterface, nameOf } from './interface.ts';
import { faultNamed, holds, isTold } from './outcome.ts';
import { placeholdersOfRequest } from './read-config.ts';
import { filledJson, placeholdersIn, type Values } from './template.ts';

/**
 * Stock of a custom channel. A listing is whatever the mapping of its orders puts into `channelSkuId`; parts of it that
 * are parted by a slash can be named one by one, as `{listing.1}`.
 */
export function stockOf(api: CustomInterface, rules: StockRules, outcome: OutcomeRules): StockTarget {
  const { read, sale } = rules;
  // Without a key to know it by, a first attempt that gets through late would end a newer number.
  const repeatable = [...placeholdersIn(rules.item), ...placeholdersOfRequest(rules.request)].includes('key');
  return {
    most: rules.most,
    groupOf: () => '',
    async set(numbers, signal) {
      const items =
        rules.item === undefined
          ? undefined
          : numbers.map((number) => filledJson(rules.item, valuesOf(number)));
      const sending = { values: { ...valuesOf(numbers[0]!), items }, repeatable };
      try {
        const { data } = await api.send(rules.request, sending, signal);
        return rules.results
          ? resultsIn(
              { platform: api.title, call: nameOf(rules.request) },
              rules.results,
              outcome,
              numbers,
              data,
            )
          : numbers.map(({ listing }) => ({ listing }));
      } catch (error) {
        // Of a batch nobody knows which listing was meant.
        if (numbers.length > 1 || !ChannelFault.is(error) || error.kind !== 'caller') throw error;
        return [{ listing: numbers[0]!.listing, fault: error }];
      }
    },
    ...(read && {
      async read(listings: readonly string[], signal: AbortSignal) {
        const quantityIn = valueIn(read.quantity);
        const found = new Map<string, ListingOnChannel>();
        for (const listing of listings) {
          const answered = await api
            .send(read.request, { values: partsOf(listing), repeatable: true }, signal)
            .catch((error: unknown) => {
              if (ChannelFault.is(error) && isTold(error, ['404', '410'])) return undefined;
              throw error;
            });
          if (answered) found.set(listing, { sellable: countIn(quantityIn(answered)), open: null });
        }
        return found;
      },
    }),
    sale: sale
      ? {
          unitOf: (listing) => listing,
          async set(listing, open, signal) {
            // As with numbers: the first of two attempts may get through after the opposite was said.
            const sending = { values: partsOf(listing), repeatable: false };
            await api.send(open ? sale.open : sale.close, sending, signal);
          },
        }
      : null,
  };
}

function valuesOf({ listing, sellable, version, key }: StockNumber): Values {
  return { ...partsOf(listing), quantity: sellable, version, key };
}

function partsOf(listing: string): Values {
  const parts = listing.split('/').map((part, index) => [`listing.${index + 1}`, part]);
  return { listing, ...(Object.fromEntries(parts) as Values) };
}

/** Each listing of a batch has its own outcome, inside one answer. */
function resultsIn(
  of: { platform: string; call: string },
  { list, success, message }: NonNullable<StockRules['results']>,
  outcome: OutcomeRules,
  numbers: readonly StockNumber[],
  data: unknown,
): StockResult[] {
  const rows = valueAt(list)(data);
  if (!Array.isArray(rows) || rows.length !== numbers.length)
    throw new ChannelFault('platform', 'channel.answer-unexpected', {
      ...of,
      field: `${list} (${numbers.length})`,
    });
  return numbers.map(({ listing }, index) => {
    const row = { data: rows[index] as unknown, headers: {} };
    if (holds(success, row)) return { listing };
    const code = plainText(valueIn(success.path)(row));
    const what = { ...of, code: code || '–', said: plainText(valueIn(message)(row)) };
    return { listing, fault: faultNamed(outcome, code, what) ?? callerFault(what) };
  });
}
