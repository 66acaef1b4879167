import { beijingText, beijingTime } from '../../../../core/channel/beijing-time.ts';
import type { CallRequest } from '../../../../core/channel/connection/http-call.ts';
import type { Answer } from '../answering-channel.ts';
import { formOf } from '../open-platform.ts';

export interface Trade {
  tid: string;
  modified: number;
  state: number;
}

/** A seller whose trades change while they are listed: latest change first, as the platform has it. */
export class MovingTrades {
  readonly trades = new Map<string, Trade>();
  /** Pages in the order in which they were asked for, of each window. */
  readonly asked: { page: number; counts: boolean; window: string }[] = [];
  now: number;
  /** What happens after each page of a list. */
  meanwhile: () => void = () => {};

  constructor(now: number) {
    this.now = now;
  }

  put(tid: string, modified: number): void {
    this.trades.set(tid, { tid, modified, state: (this.trades.get(tid)?.state ?? 0) + 1 });
  }

  answer(request: CallRequest): Answer {
    const form = formOf(request);
    if (request.name === 'taobao.trade.fullinfo.get') return this.#detail(form.tid!);
    const from = beijingTime(form.start_modified)!;
    const until = beijingTime(form.end_modified)!;
    const listed = [...this.trades.values()]
      .filter(({ modified }) => modified >= from && modified < until)
      .sort((a, b) => b.modified - a.modified || (a.tid < b.tid ? 1 : -1));
    const page = Number(form.page_no);
    const size = Number(form.page_size);
    const rows = listed.slice((page - 1) * size, page * size).map(bare);
    const counts = form.use_has_next === 'false';
    this.asked.push({ page, counts, window: `${form.start_modified}/${form.end_modified}` });
    this.meanwhile();
    return {
      body: {
        trades_sold_increment_get_response: {
          ...(rows.length > 0 && { trades: { trade: rows } }),
          ...(counts ? { total_results: listed.length } : { has_next: listed.length > page * size }),
        },
      },
    };
  }

  #detail(tid: string): Answer {
    const trade = this.trades.get(tid);
    return {
      body: trade
        ? { trade_fullinfo_get_response: { trade: { ...bare(trade), seller_memo: '急' } } }
        : { error_response: { code: 15, msg: 'Remote service error', sub_code: 'isv.trade-not-exist' } },
    };
  }
}

function bare({ tid, modified, state }: Trade): Record<string, unknown> {
  return {
    tid,
    tid_str: tid,
    modified: beijingText(modified),
    state,
    has_buyer_message: false,
    seller_flag: 0,
    orders: { order: [{ oid: tid, num: 1 }] },
  };
}
