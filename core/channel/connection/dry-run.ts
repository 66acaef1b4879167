import type { ChannelFault } from './fault.ts';

/** What an interface that was set up by hand does when orders are asked for once: shown to who sets it up. */
export interface DryRun {
  /** What was asked, in its order, without anything secret. */
  requests: readonly {
    method: string;
    url: string;
    headers: Readonly<Record<string, string>>;
    body: string | null;
  }[];
  /** How many orders the first page with any has; null when none came. */
  found: number | null;
  /** Records of it that cannot be used. */
  bad: number;
  /** The first order; null when there was none. Of what is in it only the names, for it holds people's data. */
  first: { channelOrderId: string; modifiedAt: number | null; fields: readonly string[] } | null;
  /** What went wrong. */
  fault: ChannelFault | null;
}
