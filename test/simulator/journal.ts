import type { Listing } from './shop/listing.ts';

export interface StockWrite {
  /** Epoch milliseconds. */
  at: number;
  /** As it was sent: the number, or by how much to change it. */
  quantity: number;
  mode: 'absolute' | 'delta';
  /** What the shop had after it. */
  after: number;
  /** What makes the write unique, where the platform has such a thing. */
  key?: string;
}

export interface ShipmentRecord {
  at: number;
  orderId: string;
  carrier: string;
  tracking: string;
  items: readonly { lineId: string; quantity: number }[];
}

/** What a shop was asked and told, for tests to look at afterwards. */
export class Journal {
  /** Requests by operation. */
  readonly requests = new Map<string, number>();
  /** Refused requests by the platform's code. */
  readonly refusals = new Map<string, number>();
  readonly shipments: ShipmentRecord[] = [];
  readonly pushes = { sent: 0, accepted: 0, refused: 0, lost: 0 };
  readonly #stockWrites = new Map<string, StockWrite[]>();

  countRequest(operation: string): void {
    this.requests.set(operation, (this.requests.get(operation) ?? 0) + 1);
  }

  countRefusal(code: string): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }

  /** Writes of one listing, oldest first. */
  stockWrites(sku: string): readonly StockWrite[] {
    return this.#stockWrites.get(sku) ?? [];
  }

  get stockWriteCount(): number {
    return [...this.#stockWrites.values()].reduce((sum, writes) => sum + writes.length, 0);
  }

  /** Changes a listing's stock as a write says, and notes it. Never below 0. */
  writeStock(listing: Listing, write: Omit<StockWrite, 'after'>): void {
    const after = write.mode === 'absolute' ? write.quantity : listing.available + write.quantity;
    listing.available = Math.max(0, after);
    const writes = this.#stockWrites.get(listing.sku) ?? [];
    writes.push({ ...write, after: listing.available });
    this.#stockWrites.set(listing.sku, writes);
  }
}
