import type { Query } from '../query.ts';

/** A request of which nobody knows yet who asks. */
export interface UnprovedRequest {
  method: string;
  /** Without query. */
  url: string;
  /** In the order in which it is sent. */
  query: Query;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
}

/** What has to be added to a request so that the channel knows who asks. */
export interface Proof {
  headers?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string>>;
}

/** Proves requests; made anew for each attempt, for some proofs hold the time. */
export interface Prover {
  prove(request: UnprovedRequest): Proof;
  /** Not to stand in an error, beside the account's credentials. */
  readonly secrets: readonly string[];
}

export interface Authenticator {
  /**
   * Awaits what proofs need, such as a token.
   *
   * @throws ChannelFault
   */
  ready(signal: AbortSignal): Promise<Prover>;
  /** Told that the channel refused this prover; whether another one, from `ready`, may be taken. */
  refused(prover: Prover): boolean;
  close(): void;
}
