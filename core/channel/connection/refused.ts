import { ChannelFault } from './fault.ts';

/** What the platform has against a request; everything else it may have is thrown. */
export async function refusalOf(act: () => Promise<void>): Promise<ChannelFault | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    if (isRefusal(error)) return error;
    throw error;
  }
}

/** Whether the platform understood a request and will not do it, however often it is asked. */
export function isRefusal(error: unknown): error is ChannelFault {
  return ChannelFault.is(error) && error.code === 'channel.request-refused';
}
