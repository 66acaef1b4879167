import type { StockPolicy } from './rule.ts';

/** The stock policies that are applied to orders of a store in this process, for whoever asks what they say. */
export class AppliedPolicies {
  readonly #policies = new Set<StockPolicy>();

  /** Notes that a policy is applied; answers how to forget it. */
  add(policy: StockPolicy): () => void {
    this.#policies.add(policy);
    return () => this.#policies.delete(policy);
  }

  get all(): readonly StockPolicy[] {
    return [...this.#policies];
  }
}
