/**
 * Sums up text as an integer below 2^53, so that a repeat can be told from another act under the same key
 * without keeping the text. Two 32-bit FNV-1a lanes (Fowler, Noll, Vo) over the UTF-16 units, the second with
 * a multiplier of its own. Two texts by chance share a number once in 10^16; it is no protection from malice.
 */
export class ContentNumber {
  #low = 0x811c9dc5;
  #high = 0x9e3779b9;

  /** Adds a text; `a` then `bc` differs from `ab` then `c`. */
  add(text: string): void {
    let low = this.#low;
    let high = this.#high;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      low = Math.imul(low ^ unit, 0x01000193);
      high = Math.imul(high ^ unit, 0x5bd1e995);
    }
    this.#low = Math.imul(low ^ 0xffff, 0x01000193);
    this.#high = Math.imul(high ^ 0xffff, 0x5bd1e995);
  }

  addNumber(value: number): void {
    this.#low = Math.imul(this.#low ^ (value | 0), 0x01000193);
    this.#high = Math.imul(this.#high ^ (value | 0) ^ (value / 0x1_0000_0000), 0x5bd1e995);
  }

  get value(): number {
    // The upper bits of a lane are the well mixed ones.
    return (this.#high >>> 11) * 0x1_0000_0000 + (this.#low >>> 0);
  }
}
